// The number of things that a filter asks for. Pure.
import type { FilterClause } from "#server/contracts/filter.ts";
import type { FilterRule } from "#server/contracts/rule.ts";

const LISTS = new Set(["$or", "$and"]);

/** A value is one clause, and so is each operator; an object is what is in it, and so are the branches of $or and $and. */
function inClause(clause: FilterClause): number {
  if (clause === null || typeof clause !== "object" || Array.isArray(clause)) return 1;
  return Object.entries(clause).reduce((sum, [key, value]) => {
    if (LISTS.has(key) && Array.isArray(value)) return sum + value.reduce<number>((n, each) => n + inClause(each), 0);
    if (key === "$not" || !key.startsWith("$")) return sum + inClause(value as FilterClause);
    return sum + 1;
  }, 0);
}

/** The clauses of a filter's parts together; an event type is one. */
export const countClauses = ({ type: _, event_type, ...parts }: FilterRule): number =>
  Object.values(parts).reduce<number>((sum, part) => sum + (part === undefined ? 0 : inClause(part)), 0) +
  (event_type === undefined ? 0 : 1);
