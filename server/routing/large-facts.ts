// The facts of an event whose body is too large to be read where requests are routed, and that no rule reads. A thread reads them in
// the team's turn. Nothing waits for them for long: what cannot be told in time is not told.
import type { EventFacts } from "#server/contracts/event-facts.ts";
import type { Pool } from "#server/database/db.ts";
import { loadBody, type StoredRequest } from "#server/events/stored-request.sql.ts";
import { isSmall, isToBeTold } from "#server/judging/judge.ts";
import type { Sandbox } from "#server/sandbox/pool.ts";

/** A team whose own code holds its threads has its large events without facts after this, and not late. */
const PATIENCE_MS = 2_000;

/** Whether the facts of a request are to be had in a thread alone. */
export const isLargeTeller = (stored: StoredRequest): boolean =>
  isToBeTold(stored) && !isSmall(stored) && stored.body_bytes > 0;

/** Branches of one request share what it tells. */
const told = new WeakMap<StoredRequest, Promise<EventFacts | undefined>>();

interface Tools {
  pool: Pool;
  sandbox: Sandbox;
}

/**
 * The facts of a request; undefined where they cannot be had.
 *
 * @param stored with what routing knows of its source; the same object for all its branches
 */
export function tellLarge(tools: Tools, stored: StoredRequest): Promise<EventFacts | undefined> {
  const facts = told.get(stored) ?? tell(tools, stored).catch(() => undefined);
  told.set(stored, facts);
  return facts;
}

async function tell({ pool, sandbox }: Tools, stored: StoredRequest): Promise<EventFacts | undefined> {
  const { team_id: teamId, id } = stored;
  const body = stored.body ?? (await loadBody(pool, teamId, id));
  const result = await sandbox.judge({
    teamId,
    stored: { ...stored, body },
    rules: [],
    transformation: null,
    isReplay: false,
    isForFacts: true,
    orderPath: null,
    groupPath: null,
    holder: null,
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  return result.kind === "judged" ? result.judgement.facts : undefined;
}
