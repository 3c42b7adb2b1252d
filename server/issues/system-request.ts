// The request that tells a happening. Its body is read by programs, by chats (`text`) and by pagers (`event_action`, `dedup_key`,
// `payload`) alike, so that no notification needs a transformation. Pure.
import { derivedRequestId } from "#server/ids.ts";

export interface SystemEvent {
  /** What tells this happening from every other of its team. */
  key: string;
  /** Such as `issue.opened.backlog`. */
  type: string;
  at: Date;
  /** A sentence for people; chats show it. */
  text: string;
  data: object;
  /** For what somebody may be called out of bed. */
  pager?: { action: "trigger" | "resolve"; key: string; severity: "error" | "warning" | "info" };
}

const HEADERS = [["content-type", "application/json"]];
/** As much of a sentence as pagers take. */
const MAX_SUMMARY = 1_000;

function bodyOf(id: string, teamId: string, { type, at, text, data, pager }: SystemEvent): string {
  const called = pager && {
    event_action: pager.action,
    dedup_key: pager.key,
    payload: { summary: text.slice(0, MAX_SUMMARY), source: "switchyard", severity: pager.severity },
  };
  return JSON.stringify({ id, type, created_at: at.toISOString(), team_id: teamId, text, data, ...called });
}

/** The id of the request that tells a happening: telling it twice makes one. */
export const systemRequestId = (teamId: string, { key, at }: Pick<SystemEvent, "key" | "at">): string =>
  derivedRequestId(at.getTime(), `${teamId}:${key}`);

/** The row of a request that nobody sent. */
export function systemRequest(teamId: string, sourceId: string, event: SystemEvent) {
  const id = systemRequestId(teamId, event);
  const body = Buffer.from(bodyOf(id, teamId, event));
  return {
    id,
    source_id: sourceId,
    status: "accepted",
    verification: "verified",
    verified: true,
    method: "POST",
    path: "/",
    query: "",
    headers: HEADERS,
    body,
    content_type: "application/json",
    body_bytes: body.length,
    event_type: event.type,
    remote_ip: "",
    created_at: event.at,
  };
}
