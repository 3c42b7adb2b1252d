import type { ServerResponse } from "node:http";
import type { CustomResponse } from "#server/contracts/source.ts";
import type { Challenge } from "#server/providers/provider.ts";
import { STRANGERS_BYTES_HEADERS } from "#server/wire/strangers-bytes.ts";

/** The only way to answer at the door. The same head tells a browser what it may do with the bytes. */
function answerText(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, {
    "content-type": contentType,
    // A 204 has no length (RFC 9110, 8.6).
    ...(status !== 204 && { "content-length": Buffer.byteLength(body) }),
    ...STRANGERS_BYTES_HEADERS,
  });
  response.end(body);
}

/** Answers a provider's probe. The rest of an unread body is not waited for. */
export function answerProbe(response: ServerResponse, { status, contentType, body, headers = [] }: Challenge): void {
  for (const [name, value] of headers) response.setHeader(name, value);
  if (!response.req.complete) response.setHeader("connection", "close");
  answerText(response, status, contentType, body);
}

/** `{error: {code, message}}`, as the REST API answers. The rest of an unread body is not waited for. */
export function answerError(response: ServerResponse, status: number, code: string, message: string): void {
  if (!response.req.complete) response.setHeader("connection", "close");
  answerText(response, status, "application/json", JSON.stringify({ error: { code, message } }));
}

/** Asks the sender to send again: the request may be stored or not. */
export function answerBusy(response: ServerResponse): void {
  response.setHeader("retry-after", "2");
  answerError(response, 503, "UNAVAILABLE", "The request was not stored. Send it again in a moment.");
}

export function answerAccepted(
  response: ServerResponse,
  custom: CustomResponse | null,
  requestId: string,
  duplicateOf: string | null,
): void {
  if (custom) {
    answerText(response, custom.status, custom.content_type, custom.body);
    return;
  }
  const duplicate = duplicateOf ? ',"duplicate":true' : "";
  answerText(response, 200, "application/json", `{"ok":true,"request_id":"${requestId}"${duplicate}}`);
}
