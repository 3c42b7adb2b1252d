// The envelope of a dead letter: what failed, what was sent, and what came back. Pure.
import { isUtf8 } from "node:buffer";
import type { FailedEvent, LastAttempt } from "./dead-letters.sql.ts";
import { isForwarded } from "./outgoing.ts";

/** Bytes as text where they are text, else in base 64: in one of two members, so that nobody has to guess. */
const bytesAs = (name: string, bytes: Buffer | null) => {
  if (bytes === null) return { [name]: null };
  return isUtf8(bytes) ? { [name]: bytes.toString("utf8") } : { [`${name}_base64`]: bytes.toString("base64") };
};

function requestOf({ request, request_id }: FailedEvent) {
  if (!request) return { id: request_id };
  if (request.erased_at) return { id: request_id, received_at: request.created_at, erased_at: request.erased_at };
  const { method, path, query, headers, content_type, verified, created_at, body } = request;
  return {
    id: request_id,
    received_at: created_at,
    verified,
    method,
    path,
    query,
    headers: headers.filter(isForwarded),
    content_type,
    ...bytesAs("body", body),
  };
}

/** The envelope as JSON. Headers that no delivery forwards, credentials above all, are not in it. */
export function toEnvelope(event: FailedEvent, attempts: readonly LastAttempt[]): Buffer {
  const { id, status, event_type, ended_because, response_status, error_code, created_at, last_attempt_at } = event;
  const envelope = {
    type: "dead_letter",
    event: {
      id,
      status,
      event_type,
      ended_because,
      attempts: event.attempts,
      response_status,
      error_code,
      created_at,
      last_attempt_at,
      source: { id: event.source_id, name: event.source_name },
      connection: { id: event.connection_id, name: event.connection_name },
      destination: { id: event.destination_id, name: event.destination_name },
    },
    request: requestOf(event),
    attempts: attempts.map(({ response_body, ...attempt }) => ({
      ...attempt,
      ...bytesAs("response_body", response_body),
    })),
  };
  return Buffer.from(JSON.stringify(envelope));
}
