// One upgrade under load: an older version, the newest beside it or after it over the same database, and the verdict of those
// outside. The load, the receivers and the ten invariants are those of `npm run chaos`, in which nothing is broken here.
import { setTimeout as sleep } from "node:timers/promises";
import type { ChaosDatabase } from "#test/chaos/database.ts";
import type { Instance } from "#test/chaos/instance.ts";
import { targetOf } from "#test/chaos/postgres-target.ts";
import { type Outcome, runChaos } from "#test/chaos/run-chaos.ts";
import { makeTeamApi } from "#test/chaos/team-api.ts";
import { startTemporaryPostgres } from "#test/support/embedded.ts";
import { API_KEY, makePostgres } from "#test/support/system.ts";
import { plantRows } from "./planted-rows.ts";
import { admin, type RunningVersion, startVersion, type Version } from "./running-version.ts";
import { compareTold, readPaths, readTold } from "./told-rows.ts";

export interface UpgradeOptions {
  from: Version;
  to: Version;
  /** Side by side for a while; otherwise the old one ends before the new one starts. */
  isRolling: boolean;
  /** Requests per second. */
  rate: number;
  seed: number;
  /** How long the old one runs alone, both together, and the new one alone, each. */
  stageMs: number;
  say: (sentence: string) => void;
}

export interface UpgradeOutcome {
  run: Outcome;
  /** Until the new version was ready, with its migrations. */
  startMs: number;
  /** What it said about them. */
  migrated: string;
  /** Lists of the older version's API that had rows, and how many rows of them both were asked for. */
  lists: number;
  rows: number;
  /** A sentence for whatever was wrong besides what the checker found. */
  findings: string[];
}

/** A load balancer has stopped to send where a process is about to end. */
const LEAVE_MS = 1_000;
const LONGEST_MS = 30 * 60_000;
async function startDatabase(): Promise<ChaosDatabase> {
  await using starting = new AsyncDisposableStack();
  const postgres = makePostgres(starting.use(await startTemporaryPostgres({ isDurable: true })));
  starting.defer(() => postgres.stop());
  const stack = starting.move();
  return { ...postgres, target: () => targetOf(postgres.url), [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

const DEFAULT_TEAM = "tm_default";

/** @param urls of the doors that are there, changed while it runs */
async function makeInstance(postgres: ChaosDatabase, urls: string[], old: Version): Promise<Instance> {
  const teamId = await admin(old, postgres.url, "team", "create", "Theirs");
  const key = await admin(old, postgres.url, "key", "create", "--team", teamId, "--name", "theirs", "--scope", "write");
  const teams = {
    ours: { teamId: DEFAULT_TEAM, api: makeTeamApi(() => urls, API_KEY) },
    theirs: { teamId, api: makeTeamApi(() => urls, key) },
  };
  return {
    postgres,
    gateways: [],
    workers: [],
    slots: [],
    urls: () => urls,
    teams,
    [Symbol.asyncDispose]: async () => {},
  };
}

interface Seen {
  findings: string[];
  startMs: number;
  migrated: string;
  lists: number;
  rows: number;
}

/** Reads both APIs while both are there. A version that cannot be read is found, and the upgrade goes on. */
async function compareDoors(old: RunningVersion, current: RunningVersion, seen: Seen): Promise<void> {
  try {
    const paths = await readPaths(old.url);
    const before = await readTold(old.url, paths);
    const after = await readTold(current.url, paths, before);
    note({ before, after, again: await readTold(old.url, paths, before) }, seen);
  } catch (error) {
    seen.findings.push(`${(error as Error).message} (the old version is at ${old.url})`);
  }
}

function note(compared: Parameters<typeof compareTold>[0], seen: Seen): void {
  const told = [...compared.before.values()];
  seen.lists = told.filter(({ rows }) => rows.size > 0).length;
  for (const { rows, alone } of told) seen.rows += rows.size + alone.size;
  seen.findings.push(...compareTold(compared));
}

interface Upgrading {
  old: RunningVersion;
  /** The doors that are there: the load goes to them. */
  urls: string[];
  startNew: () => Promise<RunningVersion>;
  options: UpgradeOptions;
  seen: Seen;
}

/** Both side by side, then the new one alone. */
async function roll({ old, urls, startNew, options, seen }: Upgrading): Promise<RunningVersion> {
  const current = await startNew();
  urls.push(current.url);
  options.say(`${options.to.name} runs beside it.`);
  await compareDoors(old, current, seen);
  await sleep(options.stageMs);
  await compareDoors(old, current, seen);
  urls.shift();
  await sleep(LEAVE_MS);
  await end(old, seen);
  return current;
}

/** The old one ends, and one start of the new one takes its place. */
async function replace({ old, urls, startNew, seen }: Upgrading): Promise<RunningVersion> {
  const paths = await readPaths(old.url);
  const before = await readTold(old.url, paths);
  const again = await readTold(old.url, paths, before);
  await end(old, seen);
  const current = await startNew();
  urls.splice(0, 1, current.url);
  note({ before, after: await readTold(current.url, paths, before), again }, seen);
  return current;
}

async function end(old: RunningVersion, { findings }: Seen): Promise<void> {
  const code = await old.stop();
  if (code !== 0) findings.push(`The old version ended with ${code} in place of 0.`);
}

export async function runUpgrade(options: UpgradeOptions): Promise<UpgradeOutcome> {
  const { from, to, isRolling, stageMs, say } = options;
  await using stack = new AsyncDisposableStack();
  const postgres = stack.use(await startDatabase());
  const old = await startVersion(from, postgres.url);
  stack.defer(() => old.kill());
  const urls = [old.url];
  const instance = await makeInstance(postgres, urls, from);
  const seen: Seen = { findings: [], startMs: 0, migrated: "", lists: 0, rows: 0 };
  const over = new AbortController();
  async function upgrade() {
    const unknown = await plantRows(instance.teams.ours.api, old.url);
    if (unknown.length > 0) say(`${from.name} does not know ${unknown.join(", ")}.`);
    await sleep(stageMs);
    const startNew = async () => {
      const started = await startVersion(to, postgres.url);
      stack.defer(() => started.kill());
      return started;
    };
    const current = await (isRolling ? roll : replace)({ old, urls, startNew, options, seen });
    seen.startMs = current.startMs;
    seen.migrated = current.output();
    say(`${to.name} is alone.`);
    await sleep(stageMs);
    return current;
  }
  let upgrading: ReturnType<typeof upgrade> | undefined;
  const run = await runChaos(instance, {
    ...{ seed: options.seed, lengthMs: LONGEST_MS, paceMs: LONGEST_MS, rate: options.rate, kinds: [], suffix: "", say },
    ...{ signal: over.signal, doorUrls: urls },
    onWired() {
      upgrading = upgrade();
      upgrading.catch((error: unknown) => seen.findings.push(String(error))).finally(() => over.abort());
    },
  });
  const current = await upgrading?.catch(() => undefined);
  const code = await current?.stop();
  if (current && code !== 0) seen.findings.push(`The new version ended with ${code} in place of 0.`);
  return { run, ...seen };
}
