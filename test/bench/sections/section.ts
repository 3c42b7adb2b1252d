// What every section is given, and what it gives back.
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { BareSenderCalls } from "#test/bench/bare/sender.ts";
import type { BareServerCalls } from "#test/bench/bare/server.ts";
import type { Instance, RoleProcess } from "#test/bench/instance.ts";
import type { PathInput, PathResult } from "#test/bench/load/closed-loop.ts";
import type { LoadCalls } from "#test/bench/load/main.ts";
import type { Remote } from "#test/bench/remote.ts";
import type { Figure } from "#test/bench/report.ts";
import { countDelivered } from "#test/bench/stored-rows.sql.ts";

export interface Bench {
  instance: Instance;
  load: Remote<LoadCalls>;
  bareServer: Remote<BareServerCalls>;
  bareSender: Remote<BareSenderCalls>;
  receiverPort: number;
  isQuick: boolean;
  /** How often to measure, where that was asked for and the section takes it. */
  rounds: number | undefined;
  say: (sentence: string) => void;
}
/** How often a section measures: as was asked for, else as is usual, or less in a quick run. */
export const roundsOf = ({ rounds, isQuick }: Bench, usual: number, quick: number) =>
  rounds ?? (isQuick ? quick : usual);

export type RunSection = (bench: Bench) => Promise<Figure[]>;

/** Connections of the generator: enough for group commit to have company, few enough for one core. */
export const CONNECTIONS = 256;
/** Requests between door and receiver when the whole path is kept busy. */
export const MAX_UNDER_WAY = 1_000;
/** There when the dashboard is built. */
export const BUILD_ID = join(import.meta.dirname, "..", "..", "..", ".next", "BUILD_ID");
const RECORD_PATIENCE_MS = 20_000;
const ROUTING_PATIENCE_MS = 30_000;

/** A gateway and a worker over one database, and a connection to look into it. */
export interface Stack {
  databaseUrl: string;
  gateway: RoleProcess;
  worker: RoleProcess;
  client: pg.Client;
  [Symbol.asyncDispose](): Promise<void>;
}

/** @param prepare makes the configuration, before the roles read it */
export async function startStack<T>(
  { instance }: Bench,
  name: string,
  prepare: (databaseUrl: string, client: pg.Client) => Promise<T>,
): Promise<Stack & { prepared: T }> {
  await using starting = new AsyncDisposableStack();
  const databaseUrl = await instance.createDatabase(name);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  starting.defer(() => client.end());
  const prepared = await prepare(databaseUrl, client);
  const gateway = starting.use(await instance.startRole("gateway", databaseUrl));
  const worker = starting.use(await instance.startRole("worker", databaseUrl));
  const stack = starting.move();
  return { databaseUrl, gateway, worker, client, prepared, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** How many deliveries were recorded at a moment of `performance.now()`. */
export interface Look {
  recorded: number;
  atMs: number;
}

/** The first look at which at least `count` deliveries are recorded; throws when they do not come. */
export async function lookFor(client: pg.Client, count: number, patienceMs = RECORD_PATIENCE_MS): Promise<Look> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const recorded = await countDelivered(client);
    const atMs = performance.now();
    if (recorded >= count) return { recorded, atMs };
    if (atMs > deadline) throw new Error(`${count} deliveries were made and ${recorded} are recorded.`);
    await sleep(10);
  }
}

/** Waits until `count` deliveries are recorded; throws when they do not come, or when more do. */
export async function untilRecorded(client: pg.Client, count: number): Promise<Look> {
  const look = await lookFor(client, count);
  if (look.recorded > count) throw new Error(`${count} deliveries were made and ${look.recorded} are recorded.`);
  return look;
}

/** What was accepted is routed, so nothing of it is still to be paid for. */
export async function untilRouted(client: pg.Client): Promise<void> {
  const deadline = performance.now() + ROUTING_PATIENCE_MS;
  while ((await client.query("select from hand_off limit 1")).rowCount !== 0) {
    if (performance.now() > deadline) throw new Error("Requests are still not routed.");
    await sleep(50);
  }
}

/** A flow of which every request must be answered, delivered once and recorded, or the figure is worth nothing. */
export async function checkedFlow({ load }: Bench, { client }: Stack, input: PathInput): Promise<PathResult> {
  const before = await countDelivered(client);
  const result = await load.call("flow", input);
  const due = result.sent * input.fanOut;
  if (result.refused > 0 || result.received !== due) {
    throw new Error(
      `${result.sent} requests were sent, ${result.refused} refused; ${result.received} of ${due} deliveries came.`,
    );
  }
  await untilRecorded(client, before + due);
  return result;
}

/** Runs the sides of a comparison in turns, there and back, so that the machine's drift meets all of them. */
export async function interleave<K extends string>(
  rounds: number,
  sides: Record<K, () => Promise<number>>,
): Promise<Record<K, number>[]> {
  const names = Object.keys(sides) as K[];
  const results: Record<K, number>[] = [];
  for (let round = 0; round < rounds; round++) {
    const result: Partial<Record<K, number>> = {};
    for (const name of round % 2 === 0 ? names : names.toReversed()) result[name] = await sides[name]();
    results.push(result as Record<K, number>);
  }
  return results;
}
