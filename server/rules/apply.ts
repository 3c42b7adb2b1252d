// The rules of a connection in their one order: deduplicate (raw request), transform, filter (its output), delay. Retry
// speaks only after an attempt. Nothing here does I/O: the caller passes in what the rules need from outside.

import { maskTexts } from "#server/contracts/mask.ts";
import type { IgnoredCause } from "#server/contracts/request.ts";
import type { DeduplicateRule, DelayRule, FilterRule, Rule, TransformRule } from "#server/contracts/rule.ts";
import type { ConsoleLine, TransformError, WhyStep } from "#server/contracts/why.ts";
import type { Work } from "#server/json/value.ts";
import { OVER_BUDGET, TOO_EXPENSIVE } from "./budget.ts";
import { dedupeKey } from "./deduplicate.ts";
import { matchFilter } from "./filter.ts";
import { transformHint } from "./filter-hint.ts";
import type { RuleRequest } from "./rule-request.ts";
import { diffRequests } from "./transform-diff.ts";

export interface RuleInput {
  requestId: string;
  /** As received, parsed. */
  request: RuleRequest;
  eventType: string | null;
  rules: Rule[];
  /** A replay bypasses deduplication. */
  isReplay: boolean;
  nowMs: number;
  /** The work that deduplicate and filter may cost together. */
  work: Work;
}

/** `secrets` are the values that the transform was given in confidence, the longest first. */
export type TransformOutcome = {
  version?: number;
  console: ConsoleLine[];
  duration_ms: number;
  secrets?: readonly string[];
} & ({ kind: "returned"; request: RuleRequest } | { kind: "failed"; error: TransformError });

export interface RuleServices {
  /** The request that holds this key of the connection in its window, or null. */
  findDuplicate(keyHash: string): Promise<string | null>;
  transform(transformationId: string, request: RuleRequest): Promise<TransformOutcome>;
}

/** A deduplication key and how long it is held. */
export interface DedupeHold {
  keyHash: string;
  windowMs: number;
}

/**
 * The verdict on a request. `dedupe` is the key to claim in the transaction that stores the verdict. It is held even when a
 * later rule ignores the request, because deduplication comes first.
 */
export type Verdict = { dedupe: DedupeHold | null; why: WhyStep[] } & (
  | { kind: "deliver"; request: RuleRequest; isTransformed: boolean; isBodyTransformed: boolean; delayMs: number }
  | { kind: "ignored"; cause: IgnoredCause; detail: string }
);

export async function applyRules(input: RuleInput, services: RuleServices): Promise<Verdict> {
  const rules = byType(input.rules);
  const why: WhyStep[] = [];
  let dedupe: Verdict["dedupe"] = null;
  const tooExpensive = (): Verdict => {
    why.push(OVER_BUDGET);
    return { kind: "ignored", cause: "RULES_TOO_EXPENSIVE", detail: TOO_EXPENSIVE, dedupe, why };
  };
  if (rules.deduplicate) {
    const result = await deduplicate(rules.deduplicate, input, services);
    if (input.work.left < 0) return tooExpensive();
    if (result.duplicate) return result.duplicate;
    why.push(result.step);
    dedupe = result.dedupe;
  }
  let request = input.request;
  let isTransformed = false;
  let isBodyTransformed = false;
  let secrets: readonly string[] = [];
  if (rules.transform) {
    const result = await transform(rules.transform, request, services);
    why.push(result.step);
    if (result.request === null) {
      return { kind: "ignored", cause: "TRANSFORMATION_FAILED", detail: result.detail, dedupe, why };
    }
    request = result.request;
    secrets = result.secrets;
    isTransformed = result.step.outcome === "changed";
    // Changes of the body come first, so one is seen however many there are.
    isBodyTransformed = result.step.changes[0]?.path.startsWith("body") ?? false;
  }
  if (rules.filter) {
    const result = maskTexts(
      filter(rules.filter, request, input, isTransformed ? rules.transform : undefined),
      secrets,
    );
    if (input.work.left < 0) return tooExpensive();
    why.push(result.step);
    if (result.detail !== null) return { kind: "ignored", cause: "FILTERED", detail: result.detail, dedupe, why };
  }
  if (rules.delay) why.push(delayStep(rules.delay, input.nowMs));
  return { kind: "deliver", request, isTransformed, isBodyTransformed, delayMs: rules.delay?.delay ?? 0, dedupe, why };
}

/** The verdict when another request holds the key: the later rules never ran. */
export function asDuplicate({ keyHash, windowMs }: DedupeHold, firstRequestId: string): Verdict & { kind: "ignored" } {
  const step: WhyStep = {
    step: "deduplicate",
    outcome: "duplicate",
    key: keyHash,
    window_ms: windowMs,
    first_request_id: firstRequestId,
  };
  const detail = `It is a copy of ${firstRequestId}, which came first within the window of ${windowMs / 1000} s.`;
  return { kind: "ignored", cause: "DEDUPLICATED", detail, dedupe: null, why: [step] };
}

type RulesByType = { [Type in Rule["type"]]?: Extract<Rule, { type: Type }> };

function byType(rules: Rule[]): RulesByType {
  return Object.fromEntries(rules.map((rule) => [rule.type, rule]));
}

async function deduplicate(rule: DeduplicateRule, input: RuleInput, services: RuleServices) {
  const windowMs = rule.window;
  if (input.isReplay) {
    const step: WhyStep = { step: "deduplicate", outcome: "bypassed", window_ms: windowMs };
    return { step, dedupe: null, duplicate: null };
  }
  const keyHash = dedupeKey(rule, input.request, input.work);
  if (keyHash === null) {
    const step: WhyStep = { step: "deduplicate", outcome: "no_key", window_ms: windowMs };
    return { step, dedupe: null, duplicate: null };
  }
  const holder = input.work.left < 0 ? null : await services.findDuplicate(keyHash);
  const step: WhyStep = { step: "deduplicate", outcome: "first", key: keyHash, window_ms: windowMs };
  // Routing may run twice for one request, which then finds its own key.
  const dedupe = { keyHash, windowMs };
  const isDuplicate = holder !== null && holder !== input.requestId;
  return { step, dedupe, duplicate: isDuplicate ? asDuplicate(dedupe, holder) : null };
}

async function transform(rule: TransformRule, request: RuleRequest, services: RuleServices) {
  const { raw_body: _, event, ...seen } = request;
  const outcome = await services.transform(rule.transformation_id, seen);
  const told = {
    step: "transform" as const,
    transformation_id: rule.transformation_id,
    ...(outcome.version === undefined ? {} : { version: outcome.version }),
    console: outcome.console,
    duration_ms: outcome.duration_ms,
  };
  if (outcome.kind === "failed") {
    const { error } = outcome;
    const place = error.line === null ? "" : ` in line ${error.line}`;
    return {
      step: { ...told, outcome: "failed" as const, changes: [], error },
      request: null,
      secrets: [],
      detail: `The transform ${rule.transformation_id} ${FAILURES[error.kind]}${place}: ${error.message}`,
    };
  }
  const { secrets = [] } = outcome;
  const changes = maskTexts(diffRequests(seen, outcome.request), secrets);
  const isChanged = changes.length > 0;
  const step = { ...told, outcome: isChanged ? ("changed" as const) : ("unchanged" as const), changes };
  // An unchanged request is delivered with the very bytes that were received.
  return { step, request: isChanged ? { ...outcome.request, ...(event && { event }) } : request, secrets, detail: "" };
}

const FAILURES: Record<TransformError["kind"], string> = {
  threw: "threw an error",
  timed_out: "ran too long",
  out_of_memory: "ran out of memory",
  no_return_value: "returned nothing",
  bad_output: "returned something that is no request",
  syntax_error: "does not parse",
};

function filter(rule: FilterRule, request: RuleRequest, input: RuleInput, transformed: TransformRule | undefined) {
  const result = matchFilter(rule, request, input.eventType, input.work);
  if (result.kind === "match") return { step: { step: "filter", outcome: "passed" } satisfies WhyStep, detail: null };
  const { mismatch, failure } = result;
  const hint = transformed && transformHint(failure, input.request, transformed.transformation_id, input.work);
  const step = { step: "filter", outcome: "failed", mismatch, ...(hint && { hint }) } satisfies WhyStep;
  return { step, detail: hint ? `${mismatch.message}; ${hint}.` : `${mismatch.message}.` };
}

function delayStep(rule: DelayRule, nowMs: number): WhyStep {
  const until = new Date(nowMs + rule.delay).toISOString();
  return { step: "delay", outcome: "scheduled", delay_ms: rule.delay, until };
}
