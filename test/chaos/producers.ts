// The senders of a run, and the log of what each request was answered.
import { createHmac, hash } from "node:crypto";
import { Agent, request as sendRequest } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { seeded } from "#test/support/seeded.ts";
import type { Sent, Team } from "./logs.ts";

export interface Door {
  team: Team;
  source: string;
  /** `/e/{source key}`. */
  path: string;
  /** Of a source that knows its provider's events; they are signed with it, and some are sent twice at once. */
  providerSecret: string | null;
  /** Its share of all requests. */
  weight: number;
  /** Senders, each with keys of its own. */
  senders: number;
}

export interface Producers {
  /** Sends one event of a provider so many times at once, over all gateways; resolves when all were answered. */
  burst(copies: number): Promise<void>;
  /** No further requests; resolves when the last was answered. */
  end(): Promise<void>;
}

const PATIENCE_MS = 20_000;
/** Between the requests of one key: ids of two gateways are in order of their milliseconds. */
const KEY_PAUSE_MS = 5;
const KEYS_PER_SENDER = 3;
/** So many requests of a hundred are filtered, and so many come a second time from their provider. */
const FILTERED = 30;
const REPEATED = 5;

export interface ProducerOptions {
  urls: string[];
  doors: Door[];
  /** Requests per second over all doors. */
  rate: number;
  seed: number;
  firstN: number;
  /** Called when a request was answered, or was given up. */
  log: (sent: Sent) => void;
}

export function startProducers(options: ProducerOptions) {
  const { urls, doors, rate, seed, log } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: 200 });
  let next = options.firstN;
  let isEnding = false;
  const totalWeight = doors.reduce((sum, { weight }) => sum + weight, 0);

  async function send(door: Door, index: number) {
    const random = seeded(seed * 1_009 + index);
    const share = (rate * door.weight) / totalWeight / door.senders;
    const pauseMs = 1_000 / share;
    let dueMs = performance.now() + random() * pauseMs;
    while (!isEnding) {
      const waitMs = dueMs - performance.now();
      await sleep(Math.max(KEY_PAUSE_MS, waitMs));
      // A door that was away is not made up for: its senders go on at their pace.
      dueMs = Math.max(dueMs + pauseMs, performance.now() - pauseMs);
      const one = compose(door, next++, `${door.source}-${index}-${Math.floor(random() * KEYS_PER_SENDER)}`, random);
      const isTwice = door.providerSecret !== null && random() * 100 < REPEATED;
      const url = () => urls[Math.floor(random() * urls.length)] ?? "";
      if (isTwice) {
        const copy = { ...one, n: next++ };
        for (const each of await Promise.all([post(agent, url(), door, one), post(agent, url(), door, copy)]))
          log(each);
      } else log(await post(agent, url(), door, one));
    }
  }
  const all = doors.flatMap((door) => Array.from({ length: door.senders }, () => door));
  const done = Promise.all(all.map(send));
  return {
    async burst(copies) {
      const door = doors.find(({ providerSecret }) => providerSecret !== null);
      if (!door) throw new Error("No source knows its provider's events.");
      const first = compose(door, next++, `${door.source}-burst`, seeded(seed + next));
      const all = [first, ...Array.from({ length: copies - 1 }, () => ({ ...first, n: next++ }))];
      const answers = await Promise.all(all.map((one, i) => post(agent, urls[i % urls.length] ?? "", door, one)));
      for (const each of answers) log(each);
    },
    async end() {
      isEnding = true;
      await done;
      agent.destroy();
    },
  } satisfies Producers;
}

interface Composed {
  n: number;
  key: string;
  isFiltered: boolean;
  body: Buffer;
  providerId: string | null;
}

const UMLAUTS = "ü\n\t🚚 ";

/** Bytes that a careless parser would not give back as they were. */
function compose(door: Door, n: number, key: string, random: () => number): Composed {
  const isFiltered = random() * 100 < FILTERED;
  const text = `${JSON.stringify(UMLAUTS).slice(1, -1)}${"x".repeat(Math.floor(random() * 700))}`;
  const fields = `"amount" : 1.0e2, "team":"${door.team}","key": "${key}", "also": "as ${key}"`;
  const body = Buffer.from(`{ "n":${n},${fields},"kind":"${isFiltered ? "quiet" : "loud"}","text":"${text}" }`);
  return { n, key, isFiltered, body, providerId: door.providerSecret === null ? null : `delivery-${n}` };
}

function headersOf(door: Door, { body, providerId }: Composed): Record<string, string | number> {
  const headers = { "content-type": "application/json", "content-length": body.length };
  if (door.providerSecret === null || providerId === null) return headers;
  const signature = createHmac("sha256", door.providerSecret).update(body).digest("hex");
  return {
    ...headers,
    "x-github-event": "push",
    "x-github-delivery": providerId,
    "x-hub-signature-256": `sha256=${signature}`,
  };
}

function post(agent: Agent, url: string, door: Door, one: Composed): Promise<Sent> {
  const sentAtMs = Date.now();
  const entry = (status: number, requestId: string | null = null, isDuplicate = false): Sent => ({
    n: one.n,
    source: door.source,
    key: one.key,
    isFiltered: one.isFiltered,
    hash: hash("sha256", one.body),
    sentAtMs,
    answeredAtMs: Date.now(),
    status,
    requestId,
    isDuplicate,
    providerId: one.providerId,
  });
  return new Promise((resolve) => {
    const request = sendRequest(`${url}${door.path}/${one.n}`, {
      agent,
      method: "POST",
      headers: headersOf(door, one),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    request.on("error", () => resolve(entry(0)));
    request.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", () => resolve(entry(0)));
      response.on("end", () => {
        const status = response.statusCode ?? 0;
        if (status !== 200) return resolve(entry(status));
        const told = JSON.parse(Buffer.concat(chunks).toString("utf8"));
        resolve(entry(status, told.request_id, told.duplicate === true));
      });
    });
    request.end(one.body);
  });
}
