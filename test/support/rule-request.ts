import { FilterRule } from "#server/contracts/rule.ts";
import { FilterMismatch } from "#server/contracts/why.ts";
import type { Json } from "#server/json/value.ts";
import { type FilterResult, matchFilter } from "#server/rules/filter.ts";
import type { RuleRequest } from "#server/rules/rule-request.ts";

/** A bare POST to `/`; without a body when none is given. */
export const ruleRequest = (body?: Json, rest: Partial<RuleRequest> = {}): RuleRequest => ({
  headers: {},
  query: {},
  path: "/",
  method: "POST",
  ...(body === undefined ? {} : { body }),
  ...rest,
});

/** Runs a filter that has passed its contract, as every stored one has. */
export const runFilter = (filter: object, asked: RuleRequest, eventType: string | null = null): FilterResult =>
  matchFilter(FilterRule.parse({ type: "filter", ...filter }), asked, eventType);

export const bodyMatches = (clause: Json, body?: Json): boolean =>
  runFilter({ body: clause }, ruleRequest(body)).kind === "match";

export function bodyMismatch(clause: Json, body?: Json): FilterMismatch {
  const result = runFilter({ body: clause }, ruleRequest(body));
  if (result.kind === "match") throw new Error("The filter matched.");
  return FilterMismatch.parse(result.mismatch);
}
