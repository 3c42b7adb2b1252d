// The authors of drift, by the audit log.
import type { Ctx } from "#server/auth/ctx.ts";
import type { FlowAuthor } from "#server/contracts/flow.ts";
import { parseJson } from "#server/json/parse.ts";
import { namesOf } from "#server/resources/audit-names.ts";
import type { Tx } from "#server/resources/transact.ts";
import { stepsOf } from "./facts.ts";

/** The newest, of all drifted resources together: a look costs the same however often and however much was changed. */
const MAX_ENTRIES = 2_000;
/** An entry may hold 128 KiB. */
const MAX_BYTES = 2 * 1024 * 1024;

interface Row {
  actor_kind: string;
  actor_id: string;
  resource_id: string;
  before: string | null;
  after: string | null;
  created_at: Date;
}

/** What the audit log calls a fact of a flow. */
const AUDITED: Record<string, string> = {
  paused: "paused_at",
  disabled: "disabled_at",
  source: "source_id",
  destination: "destination_id",
  code: "version",
};

function auditPath(path: string): string[] {
  const [first = "", ...rest] = stepsOf(path);
  // Rules are noted whole.
  if (first === "rules") return ["rules"];
  if (first === "dead_letter") return ["config", "dead_letter_destination_id"];
  return [AUDITED[first] ?? first, ...rest];
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** Whether a change tells of a path. One of which only the size is kept may. */
function tellsOf(change: unknown, path: readonly string[]): boolean {
  let at = change;
  for (const step of path) {
    if (!isRecord(at)) return at !== null && at !== undefined;
    if ("left_out_characters" in at) return true;
    if (!Object.hasOwn(at, step)) return false;
    at = at[step];
  }
  return true;
}

export type FindAuthor = (resourceId: string, path: string, since: Date) => FlowAuthor | null;

/** @param ids of drifted resources @param since the first time of which one is asked */
export async function readAuthors(db: Tx, ctx: Ctx, ids: string[], since: Date): Promise<FindAuthor> {
  if (ids.length === 0) return () => null;
  const rows = await db.$queryRaw<Row[]>`
    select actor_kind, actor_id, resource_id, before, after, created_at
    from (
      select *, sum(octet_length(coalesce(before, '')) + octet_length(coalesce(after, ''))) over (order by id desc) as bytes
      from (
        select id, actor_kind, actor_id, resource_id, before, after, created_at from audit_entry
        where team_id = ${ctx.teamId} and resource_id = any(${ids}) and created_at >= ${since}
        order by id desc limit ${MAX_ENTRIES}
      ) as newest
    ) as counted
    where bytes <= ${MAX_BYTES} order by id desc`;
  const names = await namesOf(
    db,
    ctx.teamId,
    rows.map(({ actor_kind, actor_id }) => [actor_kind, actor_id]),
  );
  const entries = Map.groupBy(
    rows.map(({ before, after, ...row }) => ({
      ...row,
      changes: [before, after].map((text) => (text === null ? null : parseJson(text))),
    })),
    ({ resource_id }) => resource_id,
  );
  return (id, path, from) => {
    const steps = auditPath(path);
    const entry = entries
      .get(id)
      ?.find(({ changes, created_at }) => created_at > from && changes.some((change) => tellsOf(change, steps)));
    if (!entry) return null;
    const { actor_kind, actor_id, created_at } = entry;
    return { actor_kind, actor_id, actor_name: names.get(actor_id) ?? null, at: created_at.toISOString() };
  };
}
