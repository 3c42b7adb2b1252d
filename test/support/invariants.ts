// What must hold after any fault, checked from outside: the client's log, the receiver's log, and what is stored.
import { expect } from "vitest";
import { foldRollups } from "#server/rollups/fold-rollups.ts";
import { findMiscounted } from "./branch-counts.ts";
import type { System } from "./durable-system.ts";
import type { Answer } from "./load.ts";
import { findMiscountedMinutes } from "./minute-counts.ts";
import type { Receipt } from "./receiver.ts";
import { findUnequalSums } from "./rollup-sums.ts";
import type { Wiring } from "./system.ts";
import { eventually } from "./world.ts";

type Stored = Pick<System, "pool">;

interface StoredEvent {
  id: string;
  request_id: string;
  connection_id: string;
  status: string;
  attempts: number;
}

const TERMINAL = ["DELIVERED", "FAILED", "CANCELLED"];

/** The webhook id of each receipt: the event that it delivers. */
export const eventOf = (receipt: Receipt): string => String(receipt.headers["webhook-id"]);

export const acknowledged = (answers: Answer[]): Answer[] => answers.filter(({ requestId }) => requestId !== null);

/** The answers that `isFine` does not hold for, short enough to be read. */
export const exceptions = (answers: Answer[], isFine: (answer: Answer) => boolean) =>
  answers
    .filter((answer) => !isFine(answer))
    .map(({ n, status, tookMs, retryAfter }) => ({ n, status, tookMs, retryAfter }));

async function readEvents({ pool }: Stored, sourceId: string): Promise<StoredEvent[]> {
  const text = "select id, request_id, connection_id, status, attempts from event where source_id = $1 order by id";
  return (await pool.query<StoredEvent>(text, [sourceId])).rows;
}

/** Waits until every stored request of the source was routed and all its events are at an end; returns the events. */
export async function settled(system: Stored, { sourceId }: Wiring, patienceMs: number): Promise<StoredEvent[]> {
  const unfinished = async () => {
    const { rows } = await system.pool.query(
      `select (select count(*) from request r where source_id = $1 and status = 'accepted' and duplicate_of is null
          and test is distinct from 'unrouted' and not exists (select from event e where e.request_id = r.id)
          and not exists (select from ignored_event i where i.request_id = r.id))::int as unrouted,
        (select count(*) from event where source_id = $1 and status <> all ($2))::int as unfinished`,
      [sourceId, TERMINAL],
    );
    return rows[0] as { unrouted: number; unfinished: number };
  };
  await eventually(unfinished, (left) => left.unrouted === 0 && left.unfinished === 0, patienceMs);
  return readEvents(system, sourceId);
}

/** Invariant 1 and 2: each acknowledged request is stored with its bytes, once, and has one event per connection. */
async function expectNothingLost(
  system: Stored,
  wiring: Wiring,
  answers: Answer[],
  events: StoredEvent[],
): Promise<void> {
  const { rows } = await system.pool.query<{ id: string; body: Buffer }>(
    "select id, body from request where source_id = $1",
    [wiring.sourceId],
  );
  const stored = new Map(rows.map(({ id, body }) => [id, body]));
  const acked = acknowledged(answers);
  expect(exceptions(acked, ({ requestId }) => stored.has(requestId ?? ""))).toEqual([]);
  expect(exceptions(acked, ({ requestId, body }) => stored.get(requestId ?? "")?.equals(body) === true)).toEqual([]);
  // Also what was answered with 503 or not at all is stored at most once.
  expect(new Set(rows.map(({ body }) => body.toString())).size).toBe(rows.length);

  const routed = events.filter(({ connection_id }) => connection_id === wiring.connectionId);
  expect(routed.map(({ request_id }) => request_id).toSorted()).toEqual([...stored.keys()].toSorted());
  expect(events.filter(({ status }) => !TERMINAL.includes(status))).toEqual([]);
}

/** Invariant 3: each delivered event arrived, and everything that arrived has the bytes that were sent. */
async function expectReceipts(
  system: Stored,
  wiring: Wiring,
  receipts: Receipt[],
  events: StoredEvent[],
): Promise<void> {
  const { rows } = await system.pool.query<{ id: string; body: Buffer }>(
    "select e.id, r.body from event e join request r on r.id = e.request_id where e.connection_id = $1",
    [wiring.connectionId],
  );
  const bodies = new Map(rows.map(({ id, body }) => [id, body]));
  const changed = receipts.filter((receipt) => !bodies.get(eventOf(receipt))?.equals(receipt.body));
  expect(changed.map(eventOf)).toEqual([]);
  const arrived = new Set(receipts.map(eventOf));
  expect(events.filter(({ id, status }) => status === "DELIVERED" && !arrived.has(id))).toEqual([]);
}

/** The events that arrived more than once, with how often. */
export function repeated(receipts: Receipt[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const receipt of receipts) counts.set(eventOf(receipt), (counts.get(eventOf(receipt)) ?? 0) + 1);
  return new Map([...counts].filter(([, count]) => count > 1));
}

/** What had arrived while no result of it was stored: after a kill, that which was in flight. */
export async function findInFlight(system: Stored, wiring: Wiring, receipts: Receipt[]): Promise<Set<string>> {
  const { rows } = await system.pool.query<{ event_id: string }>(
    "select event_id from attempt where connection_id = $1",
    [wiring.connectionId],
  );
  const settledIds = new Set(rows.map(({ event_id }) => event_id));
  return new Set(receipts.map(eventOf).filter((id) => !settledIds.has(id)));
}

/** Invariant 4: `again` holds all events that may have arrived twice, and nothing arrived oftener than its attempts and that explain. */
async function expectDuplicatesExplained(
  system: Stored,
  wiring: Wiring,
  receipts: Receipt[],
  again: ReadonlySet<string>,
): Promise<void> {
  const { rows } = await system.pool.query<{ event_id: string; count: number }>(
    "select event_id, count(*)::int from attempt where connection_id = $1 group by event_id",
    [wiring.connectionId],
  );
  const attempts = new Map(rows.map(({ event_id, count }) => [event_id, count]));
  const twice = repeated(receipts);
  const unexplained = [...twice].filter(([id, count]) => count > (attempts.get(id) ?? 0) + (again.has(id) ? 1 : 0));
  expect(unexplained).toEqual([]);
  expect([...twice.keys()].filter((id) => !again.has(id))).toEqual([]);
}

const ENDS = `
select coalesce(sum(delivered_count), 0)::int as delivered, coalesce(sum(failed_count), 0)::int as failed
from rollup_minute where source_id = $1`;

/** Hours and days made now, before their time, are what their minutes are. */
async function expectSumsOfCharts({ pool }: Stored): Promise<void> {
  const [progress] = (await pool.query("select hours_until from rollup_progress")).rows;
  const unequal = async () => {
    await foldRollups(pool, new Date(Date.now() + 3 * 3_600_000), new Date(0));
    const found = await findUnequalSums(pool);
    await pool.query("update rollup_progress set hours_until = $1", [progress.hours_until]);
    return found;
  };
  // An event of another connection may be settled between the two: then they are made once more.
  await eventually(unequal, ({ length }) => length === 0);
}

/** Invariant 6. */
export async function expectCountersEqualRows(system: Stored, { sourceId }: Wiring): Promise<void> {
  expect(await findMiscountedMinutes(system.pool, sourceId)).toEqual([]);
  expect(await findMiscounted(system.pool, sourceId)).toEqual([]);
  await expectSumsOfCharts(system);
  const events = await readEvents(system, sourceId);
  const count = (status: string) => events.filter((event) => event.status === status).length;
  const [ends] = (await system.pool.query(ENDS, [sourceId])).rows;
  expect(ends).toEqual({ delivered: count("DELIVERED"), failed: count("FAILED") });
}

/** All of them, for a connection whose every event was to be delivered. */
export async function expectAllDelivered(
  system: Stored,
  wiring: Wiring,
  told: { answers: Answer[]; receipts: Receipt[]; again: ReadonlySet<string>; patienceMs: number },
): Promise<void> {
  const events = await settled(system, wiring, told.patienceMs);
  await expectNothingLost(system, wiring, told.answers, events);
  expect(events.filter(({ status }) => status !== "DELIVERED")).toEqual([]);
  await expectReceipts(system, wiring, told.receipts, events);
  await expectDuplicatesExplained(system, wiring, told.receipts, told.again);
  await expectCountersEqualRows(system, wiring);
}
