// The product as the model of events drives it: by its API and its door, and where only time would bring it about, by its clock in the tables.
import type { Pool } from "#server/database/db.ts";
import { wakeLanesStatement } from "#server/events/wake.sql.ts";
import type { Receipt } from "#test/support/receiver.ts";
import { eventually } from "#test/support/world.ts";
import {
  type Counts,
  isWaiting,
  LETTER_RETRIES,
  type Mode,
  type Model,
  type ModelConnection,
  type ModelDestination,
  type ModelEvent,
  type Secrets,
} from "./event-model.ts";
import { makeMaintenance } from "./maintenance-under-model.ts";

export interface Surroundings {
  db: Pool;
  /** Of the gateway. */
  origin: string;
  key: string;
  receiverUrl: string;
  /** All that has come to the receiver, and will. */
  receipts: readonly Receipt[];
  /** Looks for what is due, where nobody does it often enough. */
  sweep(): Promise<void>;
  /** Kills the worker at the next request that reaches the receiver under this name, and resolves once another runs; where there is a worker to kill. */
  killWorkerAt?(name: string): Promise<void>;
}

export type ProductUnderModel = Awaited<ReturnType<typeof startUnderModel>>;

interface Seen {
  id: string;
  request_id: string;
  connection_id: string;
  destination_id: string;
  status: string;
  attempts: number;
  hold_reason: string | null;
  ended_because: string | null;
  next_attempt_at: unknown;
}

/** Far longer than an answer takes on a busy machine, for a delivery that is late would be a time-out. */
const TIMEOUT_MS = 1_500;
const WAIT_MS = 3_600_000;
const PAGE = 255;
let made = 0;

/** Routing again what waits already changes nothing that could be awaited, and would come after the next command. */
const UNDER_WAY = `
select 'bulk_operation' as busy from bulk_operation where state = 'RUNNING' union all
select task_identifier from graphile_worker.jobs where task_identifier in ('reroute-request', 'release-held', 'cancel-waiting') union all
select 'hand_off' from hand_off union all select 'deferred_branch' from deferred_branch`;

/** The receiver that a path stands for. */
export const nameIn = (url: string): string => /\/to\/(\w+)/.exec(url)?.[1] ?? "";

/** The answer of the receiver that the path stands for: it repeats what came, so that attempts hold it. */
export const answerOf = (modes: ReadonlyMap<string, Mode>, { url, body }: Receipt) => {
  const mode = modes.get(nameIn(url)) ?? "ok";
  return mode === "hang"
    ? ("hang" as const)
    : { status: { ok: 200, fail: 500, gone: 410 }[mode], body: body.toString() };
};

/** The body of a request, with its secret or a mask. */
export const bodyOf = (card: string): string => `{"card":"${card}"}`;

export async function startUnderModel(surroundings: Surroundings, modes: Map<string, Mode>) {
  const { db, origin, key, receiverUrl, receipts, sweep, killWorkerAt } = surroundings;
  async function call(method: string, path: string, body?: unknown) {
    const headers = {
      authorization: `Bearer ${key}`,
      ...(body !== undefined && { "content-type": "application/json" }),
    };
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const answer = await fetch(`${origin}/v1${path}`, init);
    return { status: answer.status, body: JSON.parse(await answer.text()) };
  }
  async function read(path: string) {
    const answer = await fetch(`${origin}/v1${path}`, { headers: { authorization: `Bearer ${key}` } });
    return { status: answer.status, text: await answer.text() };
  }
  /** @throws Error unless the answer is 2xx */
  async function ask(method: string, path: string, body?: unknown) {
    const answer = await call(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
  const source = await ask("POST", "/sources", { name: `model-${++made}` });
  const names = new Map<string, string>();
  /** The ids of the events of each request, as lists have told them. */
  const idsSeen = new Map<string, Set<string>>();
  /** An instant before each request, and after the one before it. */
  const timesBefore = new Map<string, number>();
  let answeredMs = Date.now();
  let receiptsRead = receipts.length;

  /** @param deadLetters what gets a letter of what fails there */
  async function makeDestination(deadLetters: ModelDestination | null = null): Promise<ModelDestination> {
    const name = `model${++made}`;
    const config = {
      url: `${new URL(receiverUrl).origin}/to/${name}`,
      timeout_ms: TIMEOUT_MS,
      breaker: { mode: "off" },
      retry: { strategy: "linear", interval: WAIT_MS, count: LETTER_RETRIES },
      ...(deadLetters && { dead_letter_destination_id: deadLetters.id }),
    };
    const { id } = await ask("POST", "/destinations", { name, config });
    names.set(id, name);
    return { id, mode: "ok", isDisabled: false, deadLetters };
  }
  async function makeConnection(
    destination: ModelDestination,
    retries: number,
    isDelaying: boolean,
  ): Promise<ModelConnection> {
    const delays = isDelaying ? [{ type: "delay", delay: WAIT_MS }] : [];
    const rules = [...delays, { type: "retry", strategy: "linear", interval: WAIT_MS, count: retries }];
    const ends = { source_id: source.id, destination_id: destination.id };
    const { id } = await ask("POST", "/connections", { name: `model-${++made}`, ...ends, rules });
    return { id, destination, retries, isDelaying, isPaused: false, isDisabled: false };
  }
  async function readAll<T>(path: string): Promise<T[]> {
    const seen: T[] = [];
    for (let next: string | null = ""; next !== null; ) {
      const { data, pagination } = await ask(
        "GET",
        `${path}&limit=${PAGE}${next ? `&next=${encodeURIComponent(next)}` : ""}`,
      );
      seen.push(...data);
      next = pagination.next;
    }
    return seen;
  }

  return {
    ...makeMaintenance({ db, origin, ask, sourceId: source.id }),
    sourceId: source.id as string,
    call,
    read,
    ask,
    makeDestination,
    makeConnection,
    setMode({ id }: ModelDestination, mode: Mode) {
      modes.set(names.get(id) ?? "", mode);
    },
    killWorker: killWorkerAt && (({ id }: ModelDestination) => killWorkerAt(names.get(id) ?? "")),
    nameOf: ({ id }: ModelDestination): string => names.get(id) ?? "",
    async send(): Promise<{ requestId: string; secrets: Secrets }> {
      const number = ++made;
      const secrets: Secrets = { "body.card": `card-${number}-secret`, "headers.x-card": `head-${number}-secret` };
      const beforeMs = Math.floor((answeredMs + Date.now()) / 2);
      const answer = await fetch(`${origin}${new URL(source.url).pathname}`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-card": secrets["headers.x-card"] },
        body: bodyOf(secrets["body.card"]),
      });
      const { request_id: requestId } = (await answer.json()) as { request_id: string };
      answeredMs = Date.now();
      timesBefore.set(requestId, beforeMs);
      return { requestId, secrets };
    },
    /** An instant between a request and the one before it; now, for none. */
    timeBefore: (requestId: string | undefined): number => timesBefore.get(requestId ?? "") ?? Date.now(),
    /** What has come to the receiver since this was last asked. */
    newReceipts(): readonly Receipt[] {
      const unread = receipts.slice(receiptsRead);
      receiptsRead = receipts.length;
      return unread;
    },
    async comeDue({ id, destination }: ModelConnection) {
      const { deadLetters } = destination;
      await db.query(
        "update event set next_attempt_at = now() - interval '2 seconds' where connection_id = $1 and status in ('RETRYING', 'SCHEDULED')",
        [id],
      );
      const wake = wakeLanesStatement([destination.id, ...(deadLetters ? [deadLetters.id] : [])]);
      await db.query(wake.text, wake.values);
    },
    /** Resolves once the tables hold what the model says; rejects with the difference where they never do. */
    async agree(model: Model) {
      const wanted = JSON.stringify(wantedRows(model));
      const read = async () => {
        await sweep();
        const { rows: busy } = await db.query(UNDER_WAY);
        if (busy.length > 0) return JSON.stringify(busy);
        const { rows } = await db.query<Seen>("select * from event where source_id = $1", [source.id]);
        return JSON.stringify(rows.map(seenRow).toSorted(byPlace));
      };
      await eventually(read, (seen) => seen === wanted, 40_000).catch(async (error: Error) => {
        throw new Error(`The model says ${wanted}. ${error.message}`);
      });
      const counts = { ...model.counts } satisfies Counts;
      return { wanted, counts };
    },
    async eventsBySource() {
      const seen = await readAll<Seen>(`/events?source_id=${source.id}`);
      for (const { request_id, id } of seen) idsSeen.set(request_id, (idsSeen.get(request_id) ?? new Set()).add(id));
      return seen.map(seenRow).toSorted(byPlace);
    },
    /** Also of those that are gone. */
    eventIdsOf: (requestId: string): string[] => [...(idsSeen.get(requestId) ?? [])],
    /** Oldest first. */
    requestsBySource: async () =>
      (await readAll<{ id: string }>(`/requests?source_id=${source.id}`)).map(({ id }) => id).toReversed(),
    eventOf: async ({ requestId, connection, destination }: ModelEvent): Promise<Seen> => {
      const { data } = await ask(
        "GET",
        `/events?request_id=${requestId}&connection_id=${connection.id}&destination_id=${destination.id}`,
      );
      if (!data[0]) throw new Error(`There is no event of ${requestId} on ${connection.id}.`);
      return data[0];
    },
  };
}

type Row = (string | number | boolean | null)[];
const byPlace = (a: Row, b: Row) => (a.slice(0, 3).join() < b.slice(0, 3).join() ? -1 : 1);

const seenRow = (row: Seen): Row => [
  row.request_id,
  row.connection_id,
  row.destination_id,
  row.status,
  row.attempts,
  row.hold_reason,
  row.ended_because,
  row.next_attempt_at !== null,
];

const wantedRows = ({ events }: Model): Row[] =>
  events
    .map(
      (event): Row => [
        event.requestId,
        event.connection.id,
        event.destination.id,
        event.status,
        event.attempts,
        event.holdReason,
        event.endedBecause,
        isWaiting(event) || event.status === "HOLD",
      ],
    )
    .toSorted(byPlace);
