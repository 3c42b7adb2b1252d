// The commonest surprise with filters: they see the transformed request, so a transform may take away what they read.

import { jsonText } from "#server/json/show.ts";
import { type Json, own, type Work } from "#server/json/value.ts";
import { headerOf } from "./field-path.ts";
import { clauseHolds } from "./filter.ts";
import { ELEMENTS, type Failure, placeKeys, toMismatch } from "./filter-mismatch.ts";
import type { RuleRequest } from "./rule-request.ts";

const SHOWN_VALUE = 120;

/** One sentence when the raw request held a value that meets the failed clause and the transform dropped or changed it. */
export function transformHint(
  failure: Failure,
  raw: RuleRequest,
  transformationId: string,
  work: Work,
): string | undefined {
  for (const alternative of failure.alternatives ?? []) {
    const hint = transformHint(alternative, raw, transformationId, work);
    if (hint) return hint;
  }
  if (failure.operator === "glob" || failure.alternatives) return undefined;
  const clause = { [failure.operator]: failure.operand };
  const before = valuesAt(failure, raw).find((value) => clauseHolds(clause, value, failure.place, raw, work));
  if (before === undefined) return undefined;
  const { path } = toMismatch(failure);
  const was = jsonText(before, SHOWN_VALUE);
  if (failure.actual === undefined) {
    return `the transform ${transformationId} removed ${path}, which was ${was} before it: filters see the transformed request`;
  }
  const is = jsonText(failure.actual, SHOWN_VALUE);
  if (was === is) return undefined;
  return `the transform ${transformationId} changed ${path} from ${was} to ${is}: filters see the transformed request`;
}

function valuesAt(failure: Failure, request: RuleRequest): Json[] {
  const [part = "", ...keys] = placeKeys(failure.place);
  if (part !== "body" && part !== "headers" && part !== "query" && part !== "path") return [];
  let values: (Json | undefined)[] = [request[part]];
  for (const [depth, key] of keys.entries()) {
    if (part === "headers" && depth === 0) values = [headerOf(request, key)];
    else if (key === ELEMENTS) values = values.flatMap((value) => (Array.isArray(value) ? value : []));
    else values = values.map((value) => own(value, key));
  }
  return values.filter((value): value is Json => value !== undefined);
}
