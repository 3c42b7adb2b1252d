// One request on one connection: what the rules say of it, and the row that this becomes.
import { bodyToSend, headersToSend, queryToSend } from "../as-received.ts";
import type { CachedConnection, ConfigSnapshot } from "../config-cache.ts";
import type { HeaderList } from "../contracts/page.ts";
import type { WhyStep } from "../contracts/why.ts";
import { derivedId } from "../ids.ts";
import { toRuleRequest } from "../payload.ts";
import { applyRules, type RuleServices, type Verdict } from "../rules/apply.ts";
import type { RuleRequest } from "../rules/rule-request.ts";
import type { StoredRequest } from "../stored-request.sql.ts";
import type { NewEvent, NewIgnoredEvent } from "./route.sql.ts";

export interface Branch {
  request: StoredRequest;
  connection: CachedConnection;
  verdict: Verdict;
}

/** Whether any rule of the connection looks at the request: only then are its body and headers loaded and parsed. */
export const readsPayload = (connection: CachedConnection) =>
  connection.rules.some(({ type }) => type === "deduplicate" || type === "transform" || type === "filter");

/** The request for its rules; parsed once for all the connections of its source. */
export function makeRuleRequest(stored: StoredRequest): RuleRequest {
  const body = stored.body ?? Buffer.alloc(0);
  const request = toRuleRequest({ ...stored, body, contentType: stored.content_type, createdAt: stored.created_at });
  return request.body === null && body.length > 0 ? { ...request, raw_body: body } : request;
}

/** Evaluates one connection for one request. Writes nothing. */
export async function judgeBranch(
  stored: StoredRequest,
  request: RuleRequest,
  connection: CachedConnection,
  options: { config: ConfigSnapshot; services: RuleServices; isReplay: boolean },
): Promise<Branch> {
  const base = { request: stored, connection };
  if (connection.isDisabled) {
    const why: WhyStep[] = [{ step: "connection", outcome: "disabled" }];
    const detail = "The connection was disabled when the request came.";
    return { ...base, verdict: { kind: "ignored", cause: "CONNECTION_DISABLED", detail, dedupe: null, why } };
  }
  if (options.config.destinations.get(connection.destinationId)?.isDisabled !== false) {
    const why: WhyStep[] = [{ step: "connection", outcome: "destination_disabled" }];
    const detail = "The destination was disabled when the request came.";
    return { ...base, verdict: { kind: "ignored", cause: "DESTINATION_DISABLED", detail, dedupe: null, why } };
  }
  const verdict = await applyRules(
    {
      requestId: stored.id,
      request,
      eventType: stored.event_type,
      rules: connection.rules,
      isReplay: options.isReplay,
      nowMs: stored.created_at.getTime(),
    },
    options.services,
  );
  return { ...base, verdict: { ...verdict, why: [{ step: "connection", outcome: "enabled" }, ...verdict.why] } };
}

const keysOf = ({ request, connection }: Branch, kind: "event" | "ignored_event") => ({
  team_id: request.team_id,
  id: derivedId(kind, request.id, connection.id),
  request_id: request.id,
  source_id: request.source_id,
  connection_id: connection.id,
  destination_id: connection.destinationId,
  created_at: request.created_at,
});

/** The row of a branch that delivers, due now, after its delay, or when its connection is resumed. */
export function toEvent(branch: Branch & { verdict: { kind: "deliver" } }, now: Date): NewEvent {
  const { request, connection, verdict } = branch;
  const due = new Date(Math.max(now.getTime(), request.created_at.getTime() + verdict.delayMs));
  const output = verdict.isTransformed ? deliverable(verdict.request, request, verdict.isBodyTransformed) : null;
  const why = [...withNotes(verdict.why, output?.notes ?? [])];
  if (connection.isPaused) {
    why.push({ step: "hold", outcome: "held", reason: "connection_paused", since: now.toISOString() });
  } else if (verdict.delayMs === 0) why.push({ step: "queue", outcome: "queued", due: due.toISOString() });
  return {
    ...keysOf(branch, "event"),
    ...(connection.isPaused && { hold_reason: "connection_paused" }),
    status: connection.isPaused ? "HOLD" : verdict.delayMs > 0 ? "SCHEDULED" : "QUEUED",
    event_type: request.event_type,
    next_attempt_at: due,
    transformed: output?.head ?? null,
    body: output?.body ?? null,
    why,
  };
}

export function toIgnored(branch: Branch & { verdict: { kind: "ignored" } }): NewIgnoredEvent {
  const { cause, detail, why } = branch.verdict;
  return { ...keysOf(branch, "ignored_event"), cause, detail, why };
}

/**
 * What a transformed request looks like on the wire: what the transform left alone as it came. `body` is null where that is
 * all of it.
 */
function deliverable(request: RuleRequest, original: StoredRequest, isBodyTransformed: boolean) {
  const { method, path } = request;
  const query = queryToSend(request.query, original.query);
  const headers = headersToSend(request.headers, original.headers);
  if (!isBodyTransformed) return { head: { method, path, query, headers }, body: null, notes: [] };
  const { bytes, notes } = bodyToSend(request.body, original);
  return { head: { method, path, query, headers: headersOfNewBody(headers, request.body) }, body: bytes, notes };
}

/** A form that became an object is JSON now, and says so; nothing is compressed any more. */
function headersOfNewBody(headers: HeaderList, body: RuleRequest["body"]): HeaderList {
  const isJson = body !== undefined && typeof body !== "string";
  const kept = headers.filter(([name, value]) => {
    const lower = name.toLowerCase();
    if (lower === "content-encoding") return false;
    return lower !== "content-type" || !isJson || /json/i.test(value);
  });
  if (isJson && !kept.some(([name]) => name.toLowerCase() === "content-type")) {
    kept.push(["content-type", "application/json"]);
  }
  return kept;
}

const withNotes = (why: WhyStep[], notes: string[]): WhyStep[] =>
  notes.length === 0 ? why : why.map((step) => (step.step === "transform" ? { ...step, notes } : step));
