import type { Change } from "#server/contracts/why.ts";
import { pathStep, shorten } from "#server/json/show.ts";
import { isObject, isSameScalar, type Json, own } from "#server/json/value.ts";
import type { RuleRequest } from "./rule-request.ts";

export const MAX_CHANGES = 200;

interface Pair {
  path: string;
  before: Json | undefined;
  after: Json | undefined;
}

/**
 * The changes of a transform, each by its innermost place, in the order of the old request and then of the additions. At
 * most `MAX_CHANGES`, each value shortened to 1 KiB of JSON. An empty list means that the two are equal as JSON.
 */
export function diffRequests(before: RuleRequest, after: RuleRequest): Change[] {
  const changes: Change[] = [];
  const parts = ["body", "headers", "query", "path", "method"] as const;
  const todo: Pair[] = parts.map((part) => ({ path: part, before: before[part], after: after[part] })).reverse();
  // A stack, because the nesting is the sender's.
  for (let pair = todo.pop(); pair && changes.length < MAX_CHANGES; pair = todo.pop()) {
    if (isSameScalar(pair.before, pair.after)) continue;
    const members = membersOf(pair);
    if (members) for (const member of members.reverse()) todo.push(member);
    else changes.push(toChange(pair));
  }
  return changes;
}

function membersOf({ path, before, after }: Pair): Pair[] | null {
  if (Array.isArray(before) && Array.isArray(after)) {
    return Array.from({ length: Math.max(before.length, after.length) }, (_, index) => ({
      path: `${path}[${index}]`,
      before: before[index],
      after: after[index],
    }));
  }
  if (!isObject(before) || !isObject(after)) return null;
  const added = Object.keys(after).filter((key) => !Object.hasOwn(before, key));
  return [...Object.keys(before), ...added].map((key) => ({
    path: path + pathStep(key),
    before: own(before, key),
    after: own(after, key),
  }));
}

function toChange({ path, before, after }: Pair): Change {
  return {
    path: path.length > MAX_PATH ? `${path.slice(0, MAX_PATH)}…` : path,
    ...(before === undefined ? {} : { before: shorten(before) }),
    ...(after === undefined ? {} : { after: shorten(after) }),
  };
}

const MAX_PATH = 1024;
