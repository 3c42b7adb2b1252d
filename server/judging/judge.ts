// Judges one request on one connection by the connection's rules. Nothing here does I/O or depends on a thread, so a
// judgement can be stored or sent to another thread as it is.
import { type EventFacts, factsOf, type ToldFacts } from "#server/contracts/event-facts.ts";
import type { IgnoredCause } from "#server/contracts/request.ts";
import type { Rule } from "#server/contracts/rule.ts";
import type { WhyStep } from "#server/contracts/why.ts";
import type { StoredRequest } from "#server/events/stored-request.sql.ts";
import type { Wanted } from "#server/json/json-outline.ts";
import type { Work } from "#server/json/value.ts";
import { outlineBody } from "#server/payload/body-outline.ts";
import { inflate } from "#server/payload/inflate.ts";
import { toRuleRequest } from "#server/payload/payload.ts";
import { applyRules, asDuplicate, type DedupeHold, type RuleServices, type Verdict } from "#server/rules/apply.ts";
import { orderValue } from "#server/rules/order-key.ts";
import type { RuleRequest } from "#server/rules/rule-request.ts";
import { type Deliverable, deliverableOf } from "./deliverable.ts";

/** `why` holds the JSON text of each step: numbers in a trace keep digits that a copy to another thread would lose. */
export type Judgement = {
  dedupe: DedupeHold | null;
  why: string[];
  /** Absent where the request was not opened. */
  facts?: EventFacts | undefined;
} /** `orderValue` and `groupValue` are null unless they were asked for. */ & (
  | {
      kind: "deliver";
      delayMs: number;
      output: Deliverable | null;
      orderValue: string | null;
      groupValue: string | null;
    }
  | { kind: "ignored"; cause: IgnoredCause; detail: string }
);

export interface JudgeInput {
  stored: StoredRequest;
  /** `openRequest` of it. */
  request: RuleRequest;
  rules: Rule[];
  /** A replay bypasses deduplication. */
  isReplay: boolean;
  /** The place of the order key in what is delivered; null where none is needed. */
  orderPath: string | null;
  /** The place of the group's value, likewise. */
  groupPath: string | null;
  /** The work that the rules may cost, all together. When it falls below zero, the judgement says so and nothing else. */
  work: Work;
}

const ENABLED: WhyStep = { step: "connection", outcome: "enabled" };

/** Larger bodies are not worth loading for a quick judgement. */
export const SMALL_BODY_BYTES = 64 * 1024;
const SMALL = { headers: 100, queryLength: 8 * 1024 };

/** Whether opening the request and reading its parts takes a bounded time of some milliseconds, whatever is in it. */
export const isSmall = ({ body, body_bytes, headers, query }: StoredRequest): boolean =>
  (body !== null || body_bytes === 0) &&
  body_bytes <= SMALL_BODY_BYTES &&
  headers.length <= SMALL.headers &&
  query.length <= SMALL.queryLength &&
  // A compressed body may be a hundred times as large.
  !headers.some(([name]) => name.toLowerCase() === "content-encoding");

/** Reads what an event tells of itself: `tellFacts` of the providers, which a thread loads only when it needs them. */
export type TellFacts = (stored: StoredRequest, body: unknown) => ToldFacts;

/** Whether the request has more to tell than it says yet. */
export const isToBeTold = ({ source_type, facts }: StoredRequest): boolean =>
  source_type !== undefined && facts === undefined;

/** The request for its rules; parsed once for all the connections of its source. */
export function openRequest(stored: StoredRequest, tell?: TellFacts): RuleRequest {
  const body = stored.body ?? Buffer.alloc(0);
  const request = toRuleRequest({ ...stored, body, contentType: stored.content_type, createdAt: stored.created_at });
  const event = stored.facts ?? factsOf(stored, tell?.(stored, request.body));
  return { ...request, event, ...(request.body === null && body.length > 0 && { raw_body: body }) };
}

/** What an event tells of itself, and the paths in its body that tell it. */
export interface Teller {
  tell: TellFacts;
  wantedOf: (stored: StoredRequest) => Wanted;
}

/** The request as far as its event's facts: of a large body that no rule reads, nothing else is. */
export function openForFacts(stored: StoredRequest, { tell, wantedOf }: Teller): RuleRequest {
  const encoding = stored.headers.find(([name]) => name.toLowerCase() === "content-encoding")?.[1] ?? null;
  const plain = stored.body && inflate(stored.body, encoding);
  const body = plain && outlineBody(plain, stored.content_type, wantedOf(stored));
  return { ...NOTHING_READ, event: factsOf(stored, tell(stored, body)) };
}

/** For rules that look at nothing: delay and retry. */
export const NOTHING_READ: RuleRequest = { headers: {}, query: {}, path: "/", method: "POST" };

/** Judges a request for a connection that is enabled. */
export async function judge(input: JudgeInput, services: RuleServices): Promise<Judgement> {
  const { stored, request, rules, isReplay, orderPath, groupPath, work } = input;
  const nowMs = stored.created_at.getTime();
  const asked = { requestId: stored.id, request, eventType: stored.event_type, rules, isReplay, nowMs, work };
  const verdict = await applyRules(asked, services);
  const facts = stored.facts ?? request.event;
  if (verdict.kind === "ignored") return { ...ignoredAs(verdict), facts };
  const valueAt = (path: string | null) => (path === null ? null : orderValue(path, verdict.request, work));
  const values = { orderValue: valueAt(orderPath), groupValue: valueAt(groupPath) };
  return { ...delivered(stored, verdict, values), facts };
}

/** The judgement of a request whose transaction finds that another request holds the key. The later rules never ran. */
export function judgedDuplicate(hold: DedupeHold, firstRequestId: string): Judgement {
  return ignoredAs(asDuplicate(hold, firstRequestId));
}

/** A request that its connection ignores for a reason outside its rules. */
export function judgedIgnored(cause: IgnoredCause, detail: string, step: WhyStep): Judgement {
  const why = step.step === "connection" ? [step] : [ENABLED, step];
  return { kind: "ignored", cause, detail, dedupe: null, why: why.map((each) => JSON.stringify(each)) };
}

function delivered(
  stored: StoredRequest,
  verdict: Verdict & { kind: "deliver" },
  values: { orderValue: string | null; groupValue: string | null },
): Judgement {
  const { delayMs, dedupe, request, isTransformed, isBodyTransformed } = verdict;
  const common = { kind: "deliver", delayMs, dedupe, ...values } as const;
  if (!isTransformed) return { ...common, why: textsOf(verdict.why), output: null };
  const { output, notes } = deliverableOf(request, stored, isBodyTransformed);
  return { ...common, why: textsOf(withNotes(verdict.why, notes)), output };
}

function ignoredAs({ cause, detail, dedupe, why }: Verdict & { kind: "ignored" }): Judgement {
  return { kind: "ignored", cause, detail, dedupe, why: textsOf(why) };
}

const withNotes = (why: WhyStep[], notes: string[]): WhyStep[] =>
  notes.length === 0 ? why : why.map((step) => (step.step === "transform" ? { ...step, notes } : step));

const textsOf = (why: WhyStep[]) => [ENABLED, ...why].map((step) => JSON.stringify(step));
