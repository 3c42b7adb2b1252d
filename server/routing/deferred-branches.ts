// The second half of routing: deferred branches, in fair turns between teams. The list in the database is the queue. A
// process has a bounded number of each team in hand, so a team that fills its line waits only for itself.

import { makeGroupCommit } from "#server/batch/group-commit.ts";
import type { CachedConnection, ConfigCache, ConfigSnapshot } from "#server/config/config-cache.ts";
import { MAX_BODY_BYTES } from "#server/contracts/source.ts";
import type { DatabaseTime } from "#server/database/database-time.ts";
import type { Pool } from "#server/database/db.ts";
import { isDatabaseAway } from "#server/errors/database-away.ts";
import type { LaneInboxes } from "#server/events/handed-over.ts";
import { loadRequests, type StoredRequest } from "#server/events/stored-request.sql.ts";
import type { Log } from "#server/process/log.ts";
import { makeSignal } from "#server/process/signal.ts";
import type { Sandbox } from "#server/sandbox/pool.ts";
import { makeSeldom } from "#server/shares/seldom.ts";
import { makeTeamRooms } from "#server/shares/team-rooms.ts";
import { marksOf, readsPayload, tellerOf } from "./branch.ts";
import { commitBranches, type TakenBranch } from "./commit-branches.ts";
import { claimDeferred, type DeferredBranch, type Room, renewDeferred } from "./deferred-branch.sql.ts";
import { type FailureKind, noteFailure } from "./deferred-failures.ts";
import { CLAIM_MS } from "./hand-off.sql.ts";
import { judgeDeferred } from "./judge-deferred.ts";
import { writeDeferred } from "./route.sql.ts";

type Requests = ReadonlyMap<string, StoredRequest>;

export interface DeferredBranches {
  /** Counts a branch of the team that is about to be deferred, if this process can take it on. Returns whether it did. */
  take(teamId: string, bytes: number): boolean;
  /** Undoes `take` for a branch that was not deferred after all. */
  giveBack(teamId: string, bytes: number): void;
  /** Works on branches that were deferred. Those that are not claimed stay in the list. */
  add(branches: DeferredBranch[], config: ConfigSnapshot, requests: Requests): void;
  /** Notes that more of a team waits in the list. */
  expect(teamId: string): void;
  /** Begins to look into the list. */
  start(): void;
  /** Stops. Branches that do not end soon are left to other workers. */
  stop(): Promise<void>;
}

export interface DeferredOptions {
  pool: Pool;
  config: ConfigCache;
  sandbox: Sandbox;
  log: Log;
  databaseTime: DatabaseTime;
  /** Called after the commit with the destinations that have new work. */
  wakeLanes: (destinationIds: Set<string>) => Promise<void>;
  inboxes: LaneInboxes;
}

/** The amounts in hand, of one team and of all. The sandbox keeps a longer line for a team, so that line is never full. */
const EACH = { count: 256, bytes: 8 * 1024 * 1024 };
const ALL = { count: 4_096, bytes: 48 * 1024 * 1024 };
/** The amount of one claim, which loads the bodies. */
const CLAIMED = { branches: 256, bytes: 16 * 1024 * 1024 };
const POLL_MS = 1_000;
/** Rules may run for long; short ones end in this time. */
const STOP_MS = 1_500;
const COMMIT = { maxBatchItems: 200, maxBatchBytes: 8 * 1024 * 1024, minIntervalMs: 5, patienceMs: 10_000 };

interface Outcome {
  branch: DeferredBranch;
  /** Null when the connection is gone, so there is nothing to write. */
  taken: TakenBranch | null;
}

/** The branches that this process has in hand, and the time to look for more. */
function makeState() {
  return {
    rooms: makeTeamRooms(EACH, ALL),
    branches: new Map<string, DeferredBranch>(),
    /** Teams with more branches in the list: new ones go behind those. */
    backlogged: new Set<string>(),
    signal: makeSignal(),
    /** The time at which the first branch that failed here is due again. */
    retryAtMs: Number.POSITIVE_INFINITY,
    isStopping: false,
    onEmpty: () => {},
  };
}
type State = ReturnType<typeof makeState>;

function letGo(state: State, branch: DeferredBranch): void {
  if (!state.branches.delete(branch.id)) return;
  state.rooms.giveBack(branch.key[0], branch.bodyBytes);
  if (state.backlogged.has(branch.key[0]) && hasRoom(state, branch.key[0])) state.signal.raise();
  if (state.branches.size === 0) state.onEmpty();
}

/** Whether half the room is free: a claim loads bodies, and branches of one request share theirs. */
function hasRoom({ rooms }: State, teamId: string): boolean {
  const { count, bytes } = rooms.roomOf(teamId);
  return count >= EACH.count / 2 && bytes >= EACH.bytes / 2;
}

export function makeDeferredBranches(options: DeferredOptions): DeferredBranches {
  const { pool, log } = options;
  const state = makeState();
  const commits = makeCommits(options);
  let loop: Promise<void> | null = null;
  const renewal = setInterval(() => {
    if (state.branches.size === 0) return;
    renewDeferred(pool, [...state.branches.keys()]).catch((error: Error) =>
      log.warn({ error: error.message }, "Claims of deferred branches were not renewed"),
    );
  }, CLAIM_MS / 3);
  renewal.unref();
  const work: Work = (branch, config, stored) => route(options, state, commits.add, branch, config, stored);
  return {
    take: (teamId, bytes) => !state.isStopping && !state.backlogged.has(teamId) && state.rooms.take(teamId, bytes),
    giveBack: state.rooms.giveBack,
    add: (branches, config, requests) => begin(state, work, branches, config, requests),
    expect: (teamId) => expectMore(state, teamId),
    start() {
      loop ??= claimOnAndOn(options, state, work);
    },
    async stop() {
      state.isStopping = true;
      state.signal.raise();
      await loop;
      await untilEmpty(state, STOP_MS);
      clearInterval(renewal);
      const left = [...state.branches.keys()];
      state.branches.clear();
      await commits.idle();
      // The next worker takes them at once, or, when the database is away, when the claims expire.
      if (left.length > 0) await renewDeferred(pool, left, 0).catch(() => undefined);
    },
  };
}

type Work = (branch: DeferredBranch, config: ConfigSnapshot, stored: StoredRequest | undefined) => Promise<void>;

function begin(state: State, work: Work, branches: DeferredBranch[], config: ConfigSnapshot, requests: Requests): void {
  for (const branch of branches) {
    if (branch.isClaimed) {
      state.branches.set(branch.id, branch);
      void work(branch, config, requests.get(branch.key[1]));
    } else {
      expectMore(state, branch.key[0]);
    }
  }
}

function expectMore(state: State, teamId: string): void {
  state.backlogged.add(teamId);
  state.signal.raise();
}

async function untilEmpty(state: State, patienceMs: number): Promise<void> {
  if (state.branches.size === 0) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  state.onEmpty = resolve;
  const patience = setTimeout(resolve, patienceMs);
  await promise;
  clearTimeout(patience);
}

function makeCommits(options: DeferredOptions) {
  const isTimeToSay = makeSeldom();
  return makeGroupCommit<Outcome>({
    ...COMMIT,
    write: (outcomes) => writeOutcomes(options, outcomes),
    bytesOf: ({ taken }) => (taken?.judgement.kind === "deliver" ? (taken.judgement.output?.body?.length ?? 0) : 0),
    isTransient: isDatabaseAway,
    onPoison: (_, err) => {
      const times = isTimeToSay(performance.now());
      if (times !== null) options.log.error({ err, times }, "A deferred branch could not be stored");
    },
  });
}

async function writeOutcomes(options: DeferredOptions, outcomes: Outcome[]): Promise<void> {
  const groups = Map.groupBy(outcomes, ({ branch }) => `${branch.key[0]}:${branch.isReplay}`);
  // A statement holds the branches of one team, so one that cannot be stored affects no other team.
  for (const group of groups.values()) {
    const isReplay = group[0]?.branch.isReplay ?? false;
    const taken = group.flatMap((outcome) => outcome.taken ?? []);
    const ids = group.map(({ branch }) => branch.id);
    await commitBranches(options, taken, ids, async (db, rows) => {
      await writeDeferred(db, rows, isReplay);
      return { written: undefined, insertedIds: [] };
    });
  }
}

/** Judges and commits a branch. Any failure on the way is noted with the branch. */
async function route(
  options: DeferredOptions,
  state: State,
  commit: (outcome: Outcome) => Promise<unknown>,
  branch: DeferredBranch,
  config: ConfigSnapshot,
  stored: StoredRequest | undefined,
): Promise<void> {
  let stage: FailureKind = "unseen";
  try {
    const connection = config.connections.get(branch.connectionId);
    let taken: TakenBranch | null = null;
    if (connection?.teamId === branch.key[0]) {
      if (!stored || isBodyMissing(stored, connection, config)) throw new Error("The request cannot be seen.");
      stage = "unjudged";
      const judgement = await judgeDeferred(options, {
        config,
        // One object for all branches of the request: it is sent to a thread, and read there, once for many of them.
        stored: Object.assign(stored, tellerOf(stored, config)),
        connection,
        isReplay: branch.isReplay,
        isForced: branch.isForced,
      });
      const request = { key: branch.key, event_type: stored.event_type, created_at: stored.created_at };
      taken = { request, connection, judgement, marks: marksOf(connection, config), takenId: branch.id };
    }
    stage = "unstored";
    if (state.branches.has(branch.id)) await commit({ branch, taken });
  } catch (error) {
    if (state.isStopping || isDatabaseAway(error)) return;
    await fail(options, state, branch, stage, config);
  } finally {
    letGo(state, branch);
  }
}

const isBodyMissing = (
  { body, body_bytes }: StoredRequest,
  connection: CachedConnection,
  config: ConfigSnapshot,
): boolean => body === null && body_bytes > 0 && readsPayload(connection, config);

async function fail(
  options: DeferredOptions,
  state: State,
  branch: DeferredBranch,
  kind: FailureKind,
  config: ConfigSnapshot,
): Promise<void> {
  const write = (taken: TakenBranch | null) => writeOutcomes(options, [{ branch, taken }]);
  try {
    const waitMs = await noteFailure(options.pool, branch, kind, config, write);
    if (waitMs === null) return;
    state.retryAtMs = Math.min(state.retryAtMs, performance.now() + waitMs);
    state.signal.raise();
  } catch (err) {
    // The claim expires, and the branch is tried again.
    options.log.warn({ err }, "The failure of a deferred branch was not noted");
  }
}

async function claimOnAndOn(options: DeferredOptions, state: State, work: Work): Promise<void> {
  while (!state.isStopping) {
    try {
      if ((await claim(options, state, work)) > 0) continue;
    } catch (err) {
      const sentence = "Deferred branches were not claimed; trying again";
      if (isDatabaseAway(err)) options.log.warn(sentence);
      else options.log.error({ err }, sentence);
    }
    await state.signal.wait(Math.min(POLL_MS, state.retryAtMs - performance.now()));
    if (performance.now() >= state.retryAtMs) state.retryAtMs = Number.POSITIVE_INFINITY;
  }
}

/** Claims as many branches as there is room for and begins on them. Returns how many. */
async function claim({ pool, config }: DeferredOptions, state: State, work: Work): Promise<number> {
  const { rooms, backlogged } = state;
  const roomOf = (teamId: string) => toRoom(hasRoom(state, teamId) ? rooms.roomOf(teamId) : NO_ROOM);
  const known = new Map(rooms.teams().map((teamId) => [teamId, roomOf(teamId)]));
  const { branches, configVersion } = await claimDeferred(pool, known, toRoom(rooms.newcomer()), CLAIMED);
  const found = new Set(branches.map(({ key }) => key[0]));
  for (const teamId of backlogged) {
    const hadRoom = (known.get(teamId)?.branches ?? 1) > 0;
    if (hadRoom && !found.has(teamId)) backlogged.delete(teamId);
  }
  for (const branch of branches) {
    rooms.force(branch.key[0], branch.bodyBytes);
    state.branches.set(branch.id, branch);
  }
  try {
    const snapshot = await config.atLeast(configVersion);
    const keys = branches.map(({ key }) => [key[0], key[1]] as const);
    begin(state, work, branches, snapshot, await loadRequests(pool, keys, MAX_BODY_BYTES));
  } catch (error) {
    for (const branch of branches) letGo(state, branch);
    throw error;
  }
  return branches.length;
}

const NO_ROOM = { count: 0, bytes: 0 };
const toRoom = ({ count, bytes }: { count: number; bytes: number }): Room => ({ branches: count, bytes });
