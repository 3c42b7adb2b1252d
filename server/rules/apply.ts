// The one order of rules on a connection: deduplicate (raw request), transform, filter (its output), delay. Retry speaks
// only after an attempt. Nothing here reads or writes: what the rules need from outside is passed in.
import { maskTexts } from "../contracts/mask.ts";
import type { IgnoredCause } from "../contracts/request.ts";
import type { DeduplicateRule, DelayRule, FilterRule, Rule, TransformRule } from "../contracts/rule.ts";
import type { ConsoleLine, TransformError, WhyStep } from "../contracts/why.ts";
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
}

/** `secrets`: what the transform was given in confidence, the longest first. */
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

/**
 * What became of a request on a connection. `dedupe` is the key to claim in the transaction that stores the verdict; it is
 * held even when a later rule ignores the request, because deduplication comes first.
 */
export type Verdict = { dedupe: { keyHash: string; windowMs: number } | null; why: WhyStep[] } & (
  | { kind: "deliver"; request: RuleRequest; isTransformed: boolean; isBodyTransformed: boolean; delayMs: number }
  | { kind: "ignored"; cause: IgnoredCause; detail: string }
);

export async function applyRules(input: RuleInput, services: RuleServices): Promise<Verdict> {
  const rules = byType(input.rules);
  const why: WhyStep[] = [];
  let dedupe: Verdict["dedupe"] = null;
  if (rules.deduplicate) {
    const { duplicateOf, ...result } = await deduplicate(rules.deduplicate, input, services);
    why.push(result.step);
    dedupe = result.dedupe;
    if (duplicateOf !== null) return duplicateVerdict(why, duplicateOf, rules.deduplicate.window);
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
    why.push(result.step);
    if (result.detail !== null) return { kind: "ignored", cause: "FILTERED", detail: result.detail, dedupe, why };
  }
  if (rules.delay) why.push(delayStep(rules.delay, input.nowMs));
  return { kind: "deliver", request, isTransformed, isBodyTransformed, delayMs: rules.delay?.delay ?? 0, dedupe, why };
}

/** What a verdict becomes when its transaction finds that another request holds the key: the later rules never ran. */
export function asDuplicate(verdict: Verdict, firstRequestId: string): Verdict {
  if (!verdict.dedupe) throw new Error("Only a verdict with a deduplication key can turn out to be a duplicate.");
  const position = verdict.why.findIndex(({ step }) => step === "deduplicate");
  return duplicateVerdict(verdict.why.slice(0, position + 1), firstRequestId, verdict.dedupe.windowMs);
}

function duplicateVerdict(why: WhyStep[], firstRequestId: string, windowMs: number): Verdict {
  const marked = why.map(
    (step): WhyStep =>
      step.step === "deduplicate" ? { ...step, outcome: "duplicate", first_request_id: firstRequestId } : step,
  );
  const detail = `It is a copy of ${firstRequestId}, which came first within the window of ${windowMs / 1000} s.`;
  return { kind: "ignored", cause: "DEDUPLICATED", detail, dedupe: null, why: marked };
}

type RulesByType = { [Type in Rule["type"]]?: Extract<Rule, { type: Type }> };

function byType(rules: Rule[]): RulesByType {
  return Object.fromEntries(rules.map((rule) => [rule.type, rule]));
}

async function deduplicate(rule: DeduplicateRule, input: RuleInput, services: RuleServices) {
  const windowMs = rule.window;
  if (input.isReplay) {
    const step: WhyStep = { step: "deduplicate", outcome: "bypassed", window_ms: windowMs };
    return { step, dedupe: null, duplicateOf: null };
  }
  const keyHash = dedupeKey(rule, input.request);
  if (keyHash === null) {
    const step: WhyStep = { step: "deduplicate", outcome: "no_key", window_ms: windowMs };
    return { step, dedupe: null, duplicateOf: null };
  }
  const holder = await services.findDuplicate(keyHash);
  const step: WhyStep = { step: "deduplicate", outcome: "first", key: keyHash, window_ms: windowMs };
  // Routing may run twice for one request, which then finds its own key.
  return { step, dedupe: { keyHash, windowMs }, duplicateOf: holder === input.requestId ? null : holder };
}

async function transform(rule: TransformRule, request: RuleRequest, services: RuleServices) {
  const { raw_body: _, ...seen } = request;
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
  return { step, request: isChanged ? outcome.request : request, secrets, detail: "" };
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
  const result = matchFilter(rule, request, input.eventType);
  if (result.kind === "match") return { step: { step: "filter", outcome: "passed" } satisfies WhyStep, detail: null };
  const { mismatch, failure } = result;
  const hint = transformed && transformHint(failure, input.request, transformed.transformation_id);
  const step = { step: "filter", outcome: "failed", mismatch, ...(hint && { hint }) } satisfies WhyStep;
  return { step, detail: hint ? `${mismatch.message}; ${hint}.` : `${mismatch.message}.` };
}

function delayStep(rule: DelayRule, nowMs: number): WhyStep {
  const until = new Date(nowMs + rule.delay).toISOString();
  return { step: "delay", outcome: "scheduled", delay_ms: rule.delay, until };
}
