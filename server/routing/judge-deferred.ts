// Judges a deferred branch on a thread that can be killed. Whatever its rules do comes back as a judgement.
import type { CachedConnection, ConfigSnapshot } from "#server/config/config-cache.ts";
import type { Pool } from "#server/database/db.ts";
import type { StoredRequest } from "#server/events/stored-request.sql.ts";
import {
  isSmall,
  isToBeTold,
  type Judgement,
  judge,
  judgedIgnored,
  NOTHING_READ,
  openRequest,
} from "#server/judging/judge.ts";
import { tellFacts } from "#server/providers/facts.ts";
import type { Sandbox } from "#server/sandbox/pool.ts";
import { groupPathOf, judgeSwitches, orderPathOf, readsPayload } from "./branch.ts";
import { findDedupeHolder } from "./dedupe-keys.sql.ts";
import { isLargeTeller, tellLarge } from "./large-facts.ts";
import { inQuiet } from "./quiet.ts";

export interface DeferredCase {
  config: ConfigSnapshot;
  /** The same object for all branches of a request. */
  stored: StoredRequest;
  connection: CachedConnection;
  isReplay: boolean;
  /** Whether the filter is skipped. */
  isForced: boolean;
}

interface Tools {
  pool: Pool;
  sandbox: Sandbox;
}

/** @throws when the sandbox cannot run it, which is not the fault of the rules */
export async function judgeDeferred(tools: Tools, branch: DeferredCase): Promise<Judgement> {
  const judgement = await judgeByRules(tools, branch);
  // Who asks for it by hand wants it now.
  return branch.isReplay ? judgement : inQuiet(judgement, branch.connection, branch.stored, branch.config);
}

async function judgeByRules(
  { pool, sandbox }: Tools,
  { config, stored, connection, isReplay, isForced }: DeferredCase,
): Promise<Judgement> {
  const switched = judgeSwitches(connection, config);
  if (switched) return switched;
  const rules = isForced ? connection.rules.filter(({ type }) => type !== "filter") : connection.rules;
  if (!readsPayload(connection, config)) {
    const isRead = isToBeTold(stored) && isSmall(stored);
    const facts = isLargeTeller(stored) ? await tellLarge({ pool, sandbox }, stored) : undefined;
    const request = isRead ? openRequest(stored, tellFacts) : { ...NOTHING_READ, ...(facts && { event: facts }) };
    const input = { stored, request, rules, isReplay, orderPath: null, groupPath: null, work: { left: 0 } };
    return judge(input, NO_SERVICES);
  }
  const call = {
    teamId: stored.team_id,
    stored,
    rules,
    isReplay,
    orderPath: orderPathOf(connection, config),
    groupPath: groupPathOf(connection, config),
    transformation: transformationOf(config, connection),
  };
  const first = await sandbox.judge({ ...call, holder: undefined });
  if (first.kind !== "needs_holder") return toJudgement(first);
  const { team_id: teamId, created_at: now } = stored;
  const holder = await findDedupeHolder(pool, { teamId, connectionId: connection.id, keyHash: first.keyHash, now });
  const second = await sandbox.judge({ ...call, holder: holder === stored.id ? null : holder });
  if (second.kind === "needs_holder") throw new Error("A branch whose key was looked up asked for it again.");
  return toJudgement(second);
}

const NO_SERVICES = {
  findDuplicate: () => Promise.reject(new Error("There is no deduplicate rule.")),
  transform: () => Promise.reject(new Error("There is no transform.")),
};

function transformationOf(config: ConfigSnapshot, connection: CachedConnection) {
  const rule = connection.rules.find(({ type }) => type === "transform");
  const found = rule?.type === "transform" ? config.transformations.get(rule.transformation_id) : undefined;
  return found && found.teamId === connection.teamId ? found : null;
}

const STOPPED = {
  time: "The rules took too long on this request and were stopped; simplify the filter, or name fewer fields in the deduplicate rule.",
  memory:
    "The rules needed too much memory on this request and were stopped; send smaller bodies, or simplify the rules.",
};

function toJudgement(
  result: { kind: "judged"; judgement: Judgement } | { kind: "stopped"; limit: "time" | "memory" },
): Judgement {
  if (result.kind === "judged") return result.judgement;
  return judgedIgnored("RULES_TOO_EXPENSIVE", STOPPED[result.limit], { step: "budget", outcome: "exceeded" });
}
