// The first half of routing: branches whose rules are cheap, judged on the main thread within a budget that the teams of a
// batch share. All others wait for their team's turn on another thread, so no team's rules hold up another team's requests.
import { setImmediate as endOfTurn } from "node:timers/promises";
import type { CachedConnection, ConfigSnapshot } from "#server/config/config-cache.ts";
import type { StoredRequest } from "#server/events/stored-request.sql.ts";
import { isSmall, judge, NOTHING_READ, openRequest } from "#server/judging/judge.ts";
import { tellFacts } from "#server/providers/facts.ts";
import type { RuleRequest } from "#server/rules/rule-request.ts";
import { type Branch, groupPathOf, hasTransform, judgeSwitches, marksOf, orderPathOf, readsPayload } from "./branch.ts";
import type { RequestKey } from "./hand-off.sql.ts";
import { isLargeTeller } from "./large-facts.ts";
import { inQuiet } from "./quiet.ts";
import { connectionsFor } from "./subscriptions.ts";

/** Steps of rules, a fifth of a microsecond each: some 5 ms of the thread for one request, 50 for a batch. */
const REQUEST_STEPS = 20_000;
const BATCH_STEPS = 200_000;
/** Parsing costs steps too, and so does each row that is written. */
const BODY_BYTES_PER_STEP = 64;
const BRANCH_STEPS = 10;
/** Of a source with thousands of connections so many are judged between two looks at the clock. */
const TURN_BRANCHES = 256;
/** After this long other work of the thread gets a turn. */
const TURN_MS = 5;

export interface LeftBranch {
  stored: StoredRequest;
  connection: CachedConnection;
  /** It waits for nothing but what its event tells, and has room for so many bytes in this process. */
  takenBytes?: number;
}

/** Whether this process has room for a branch that waits for what a large body tells. */
type TakeLarge = (teamId: string, bytes: number) => boolean;

export interface JudgedAtOnce {
  branches: Branch[];
  /** Branches that need a thread, or more than their share of the budget. */
  left: LeftBranch[];
}

/** Judges the cheap branches: for each request, all the connections of its source. */
export async function judgeAtOnce(
  config: ConfigSnapshot,
  requests: StoredRequest[],
  connectionsOf: (sourceId: string) => readonly CachedConnection[],
  takeLarge: TakeLarge,
): Promise<JudgedAtOnce> {
  const teams = new Set(requests.map(({ team_id }) => team_id));
  const steps = new Map([...teams].map((teamId) => [teamId, BATCH_STEPS / teams.size]));
  const judged: JudgedAtOnce = { branches: [], left: [] };
  const batch = { config, judged, takeLarge, rest: makeRest() };
  for (const stored of requests) {
    const budget = { left: Math.min(REQUEST_STEPS, steps.get(stored.team_id) ?? 0) };
    const given = budget.left;
    const connections = connectionsFor(connectionsOf(stored.source_id), stored.event_type);
    await judgeRequest(batch, stored, connections, budget);
    steps.set(stored.team_id, (steps.get(stored.team_id) ?? 0) - (given - budget.left));
    await batch.rest();
  }
  return judged;
}

/** Gives other work of the thread a turn, where this one has lasted. */
function makeRest(): () => Promise<void> {
  let turnAtMs = performance.now();
  return async () => {
    if (performance.now() - turnAtMs < TURN_MS) return;
    await endOfTurn();
    turnAtMs = performance.now();
  };
}

/** Takes room for a branch that only its facts keep waiting; null where there is none, or the facts are had without. */
function roomForFacts(stored: StoredRequest, takeLarge: TakeLarge): () => number | null {
  if (!isLargeTeller(stored)) return () => null;
  // Branches of one request share its body.
  let bytes = stored.body_bytes;
  return () => {
    if (!takeLarge(stored.team_id, bytes)) return null;
    const taken = bytes;
    bytes = 0;
    return taken;
  };
}

interface Batch {
  config: ConfigSnapshot;
  judged: JudgedAtOnce;
  takeLarge: TakeLarge;
  rest: () => Promise<void>;
}

async function judgeRequest(
  { config, judged, takeLarge, rest }: Batch,
  stored: StoredRequest,
  connections: readonly CachedConnection[],
  budget: { left: number },
): Promise<void> {
  const [team_id, id, source_id] = [stored.team_id, stored.id, stored.source_id];
  const key: RequestKey = [team_id, id, source_id];
  const request = { key, event_type: stored.event_type, created_at: stored.created_at };
  let opened: RuleRequest | null = null;
  const takeForFacts = roomForFacts(stored, takeLarge);
  for (const [at, connection] of connections.entries()) {
    if (at % TURN_BRANCHES === TURN_BRANCHES - 1) await rest();
    budget.left -= BRANCH_STEPS;
    const marks = marksOf(connection, config);
    const switched = judgeSwitches(connection, config);
    if (switched) {
      judged.branches.push({ request, connection, judgement: switched, marks });
      continue;
    }
    const isReader = readsPayload(connection, config);
    if (hasTransform(connection) || (isReader && (budget.left < 0 || !isSmall(stored)))) {
      judged.left.push({ stored, connection });
      continue;
    }
    const takenBytes = isReader ? null : takeForFacts();
    if (takenBytes !== null) {
      judged.left.push({ stored, connection, takenBytes });
      continue;
    }
    // A body that no rule asks for is read for what the event tells of itself, where that is cheap.
    const isTold = stored.source_type !== undefined && budget.left >= 0 && isSmall(stored);
    if ((isReader || isTold) && !opened) {
      budget.left -= stored.body_bytes / BODY_BYTES_PER_STEP;
      opened = openRequest(stored, tellFacts);
    }
    const paths = { orderPath: orderPathOf(connection, config), groupPath: groupPathOf(connection, config) };
    const { rules } = connection;
    // What reads nothing costs nothing that could be too much, however many went before it.
    const work = isReader ? budget : { left: REQUEST_STEPS };
    const asked = { stored, request: opened ?? NOTHING_READ, rules, isReplay: false, work };
    const judgement = await judge({ ...asked, ...paths }, NO_SERVICES);
    if (isReader && budget.left < 0) judged.left.push({ stored, connection });
    else
      judged.branches.push({ request, connection, judgement: inQuiet(judgement, connection, stored, config), marks });
  }
}

const NO_SERVICES = {
  findDuplicate: async () => null,
  transform: () => Promise.reject(new Error("A transform runs on a thread of its own.")),
};
