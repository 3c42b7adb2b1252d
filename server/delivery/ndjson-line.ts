// One event as a line of a file. Pure: the same event makes the same line, whenever and by whomever it is written.
import { isUtf8 } from "node:buffer";
import type { LineEvent } from "./object-batch.sql.ts";
import { isForwarded } from "./outgoing.ts";

/** The body is text where it is UTF-8, which gives back its very bytes, and base64 elsewhere. */
export function ndjsonLine({ event, request }: LineEvent): string {
  const { method, path, query, headers } = event.transformed ?? request;
  const body = event.transformed_body ?? request.body ?? Buffer.alloc(0);
  const line = {
    event_id: event.id,
    request_id: event.request_id,
    source_id: event.source_id,
    connection_id: event.connection_id,
    event_type: event.event_type,
    received_at: request.created_at.toISOString(),
    method,
    path,
    query,
    headers: headers.filter(isForwarded),
    ...(isUtf8(body) ? { body: body.toString("utf8") } : { body_base64: body.toString("base64") }),
  };
  return `${JSON.stringify(line)}\n`;
}
