// The rules of a connection as a list. Pure.
import { RULES, type RuleType } from "#components/graph-drawer/drawer-place.ts";
import type { Rule } from "#server/contracts/rule.ts";
import { type Json, jsonEquals } from "#server/json/value.ts";

/** Whether two rules say the same; the order of keys is nothing, and the database keeps none. */
export const isSameRule = (a: Rule | undefined, b: Rule | undefined): boolean =>
  a === b ||
  (a !== undefined && b !== undefined && jsonEquals(a as Json, b as Json, { left: Number.POSITIVE_INFINITY }));

/** The rules with this one in its place, in the order in which they are saved; without one of this type where there is none. */
export const withRule = (rules: readonly Rule[], type: RuleType, rule: Rule | undefined): Rule[] =>
  [...rules.filter((one) => one.type !== type), ...(rule ? [rule] : [])].toSorted(
    (a, b) => RULES.indexOf(a.type) - RULES.indexOf(b.type),
  );
