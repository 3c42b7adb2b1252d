// The change that an entry of the audit log records, member by member.

import type { AuditEntry } from "#server/contracts/audit.ts";
import { jsonText, pathStep } from "#server/json/show.ts";
import type { Json } from "#server/json/value.ts";

interface ChangedMember {
  /** Where it stands, such as `config.auth.api_key`. */
  path: string;
  /** Undefined where it was not there. */
  before: string | undefined;
  after: string | undefined;
}

const MAX_CHARS = 2_000;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

function flatten(value: unknown, path: string, into: Map<string, string>): void {
  if (isRecord(value) && Object.keys(value).length > 0) {
    for (const [key, member] of Object.entries(value)) {
      const step = pathStep(key);
      flatten(member, path === "" ? step.replace(/^\./, "") : path + step, into);
    }
  } else {
    into.set(path, typeof value === "string" ? value : jsonText(value as Json, MAX_CHARS));
  }
}

/** The members of an entry's before and after, by path: of a change what differs, of what was made or deleted what was set. */
export function changedMembers({ before, after }: Pick<AuditEntry, "before" | "after">): ChangedMember[] {
  const [was, is] = [new Map<string, string>(), new Map<string, string>()];
  if (before !== null) flatten(before, "", was);
  if (after !== null) flatten(after, "", is);
  const paths = [...new Set([...was.keys(), ...is.keys()])].sort();
  const isChange = before !== null && after !== null;
  return paths
    .map((path) => ({ path, before: was.get(path), after: is.get(path) }))
    .filter((member) => isChange || (member.before ?? member.after) !== "null");
}
