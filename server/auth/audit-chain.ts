// The chain of an audit log, and the check of it. The hash of an entry covers the hash of the entry before. A change, a
// removal or an insertion therefore breaks the chain at that entry. The database writes the same hash (migration
// audit_chain).
import { createHash } from "node:crypto";
import type { Db } from "#server/database/prisma.ts";

interface ChainedEntry {
  team_id: string;
  id: string;
  actor_kind: string;
  actor_id: string;
  action: string;
  resource_kind: string;
  resource_id: string;
  before: string | null;
  after: string | null;
  created_at: Date;
  seq: bigint | null;
  hash: string | null;
}

interface Head {
  seq: bigint;
  hash: string;
}

type Verdict =
  /** `checked` is the number of entries that were checked, up to the newest. */
  | { kind: "whole"; head: Head; checked: number; unchained: number }
  /** `says` names the first place that is not as it was written. */
  | { kind: "broken"; says: string };

const PAGE = 500;

/** The hash of an entry that follows one whose hash is `previous`. */
function hashOfEntry(previous: string, entry: ChainedEntry): string {
  const { seq, team_id, id, actor_kind, actor_id, action, resource_kind, resource_id, created_at } = entry;
  const parts = [previous, seq, team_id, id, actor_kind, actor_id, action, resource_kind, resource_id];
  const text = [...parts, created_at.getTime(), entry.before ?? "", entry.after ?? ""].join("\n");
  return createHash("sha256").update(text).digest("hex");
}

const broken = (says: string): Verdict => ({ kind: "broken", says });

/** Follows the chain on from `head` through entries in the order of their numbers. */
function followChain(head: Head, entries: ChainedEntry[]): { kind: "whole"; head: Head } | Verdict {
  let { seq, hash } = head;
  for (const entry of entries) {
    seq += 1n;
    if (entry.seq !== seq) return broken(`the entry number ${seq} is missing`);
    hash = hashOfEntry(hash, entry);
    if (entry.hash !== hash) return broken(`the entry number ${seq} (${entry.id}) is not as it was written`);
  }
  return { kind: "whole", head: { seq, hash } };
}

/**
 * The head before the newest `newest` entries, which is not checked itself; the beginning of the chain when there are not
 * so many.
 */
async function headBefore(db: Db, teamId: string, end: Head | null, newest: number): Promise<Head | Verdict> {
  if (!end || end.seq <= newest) return { seq: 0n, hash: "" };
  const seq = end.seq - BigInt(newest);
  const entry = await db.auditEntry.findFirst({ where: { team_id: teamId, seq }, select: { hash: true } });
  return entry?.hash ? { seq, hash: entry.hash } : broken(`the entry number ${seq} is missing`);
}

/**
 * Checks a team's log from its beginning, or its newest entries alone. Entries that are committed meanwhile may be missed,
 * and are no fault.
 */
export async function verifyAuditLog(db: Db, teamId: string, newest = Number.POSITIVE_INFINITY): Promise<Verdict> {
  const end = await db.auditHead.findUnique({ where: { team_id: teamId }, select: { seq: true, hash: true } });
  const first = await db.auditEntry.findFirst({ where: { team_id: teamId, seq: 1n }, select: { id: true } });
  const loose = { team_id: teamId, seq: null };
  // Only entries from before the chain may stand outside of it.
  const late =
    first && (await db.auditEntry.findFirst({ where: { ...loose, id: { gt: first.id } }, select: { id: true } }));
  if (late) return broken(`the entry ${late.id} stands outside of the chain`);
  const before = await headBefore(db, teamId, end, newest);
  if ("kind" in before) return before;
  let head = before;
  for (;;) {
    const where = { team_id: teamId, seq: { gt: head.seq, ...(end && { lte: end.seq }) } };
    const entries = end ? await db.auditEntry.findMany({ where, orderBy: { seq: "asc" }, take: PAGE }) : [];
    const followed = followChain(head, entries);
    if (followed.kind === "broken") return followed;
    head = followed.head;
    if (entries.length < PAGE) break;
  }
  if (end && (end.seq !== head.seq || end.hash !== head.hash))
    return broken(`entries after number ${head.seq} are missing: the log ended with number ${end.seq}`);
  if (!end && (await db.auditEntry.count({ where: { team_id: teamId, seq: { not: null } } })) > 0)
    return broken("the record of the newest entry is missing");
  const checked = Number(head.seq - before.seq);
  return { kind: "whole", head, checked, unchained: await db.auditEntry.count({ where: loose }) };
}
