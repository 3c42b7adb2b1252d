// One request on one connection: what the rules say of it, and the row that this becomes.
import type { CachedConnection, ConfigSnapshot } from "../config-cache.ts";
import type { HeaderList } from "../contracts/page.ts";
import type { WhyStep } from "../contracts/why.ts";
import { readHeaderText } from "../header-text.ts";
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
  const why = [...verdict.why];
  if (connection.isPaused) {
    why.push({ step: "hold", outcome: "held", reason: "connection_paused", since: now.toISOString() });
  } else if (verdict.delayMs === 0) why.push({ step: "queue", outcome: "queued", due: due.toISOString() });
  const output = verdict.isTransformed ? deliverable(verdict.request, request, verdict.isBodyTransformed) : null;
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
 * What a transformed request looks like on the wire. A string body goes as it is, anything else as JSON; `body` is null
 * where the transform left it alone: then the bytes go as they were received, which no parsing could give back.
 */
function deliverable(request: RuleRequest, original: StoredRequest, isBodyTransformed: boolean) {
  const isText = typeof request.body === "string";
  const text = request.body === undefined ? "" : isText ? String(request.body) : JSON.stringify(request.body);
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query)) {
    for (const each of Array.isArray(value) ? value : [value])
      query.append(name, typeof each === "string" ? each : JSON.stringify(each));
  }
  return {
    head: {
      method: request.method,
      path: request.path,
      query: query.toString(),
      headers: isBodyTransformed ? headersOfNewBody(request, isText, original) : inCaseOf(original, request.headers),
    },
    body: isBodyTransformed ? Buffer.from(text) : null,
  };
}

/** The names keep the case they came in, and values that the transform left alone their very bytes. */
function inCaseOf(original: StoredRequest, headers: RuleRequest["headers"]): HeaderList {
  const received = Map.groupBy(original.headers, ([name]) => name.toLowerCase());
  return Object.entries(headers).map(([name, value]) => {
    const repeats = received.get(name.toLowerCase()) ?? [];
    const isLeftAlone = repeats.map(([, bytes]) => readHeaderText(bytes)).join(", ") === value;
    return [repeats.at(-1)?.[0] ?? name, isLeftAlone ? repeats.map(([, bytes]) => bytes).join(", ") : value];
  });
}

/** A form that became an object is JSON now, and says so; nothing is compressed any more. */
function headersOfNewBody(request: RuleRequest, isText: boolean, original: StoredRequest): HeaderList {
  const headers = inCaseOf(original, request.headers).filter(([name, value]) => {
    const lower = name.toLowerCase();
    if (lower === "content-encoding") return false;
    return lower !== "content-type" || isText || request.body === undefined || /json/i.test(value);
  });
  if (!isText && request.body !== undefined && !headers.some(([name]) => name.toLowerCase() === "content-type")) {
    headers.push(["content-type", "application/json"]);
  }
  return headers;
}
