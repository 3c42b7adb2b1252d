// The requests that tRPC may see, judged by their heads before a byte of a body is read.
import type { IncomingMessage } from "node:http";
import { valuesOf } from "./framing.ts";
import { isJsonTyped, isSameOrigin } from "./same-origin.ts";

/** Calls in one batch; the dashboard's own client sends no more at once. */
export const MAX_CALLS = 20;
export const MAX_BODY_BYTES = 1024 * 1024;
const MAX_TARGET_BYTES = 16 * 1024;

const TARGET = /^\/api\/trpc\/([A-Za-z][A-Za-z0-9_.,]{0,2000})(?:\?|$)/;

export type TrpcErrorCode =
  | "BAD_REQUEST"
  | "FORBIDDEN"
  | "NOT_FOUND"
  | "METHOD_NOT_SUPPORTED"
  | "PAYLOAD_TOO_LARGE"
  | "UNSUPPORTED_MEDIA_TYPE"
  | "SERVICE_UNAVAILABLE";

export interface TrpcRefusal {
  kind: "refused";
  status: number;
  code: TrpcErrorCode;
  message: string;
}
export type TrpcVerdict = { kind: "allowed"; procedures: string; hasBody: boolean } | TrpcRefusal;

type Head = Pick<IncomingMessage, "method" | "url" | "headers" | "rawHeaders">;

const refused = (status: number, code: TrpcErrorCode, message: string): TrpcRefusal => ({
  kind: "refused",
  status,
  code,
  message,
});

export const isTrpcPath = (url: string) => /^\/api\/trpc(?:[/?]|$)/.test(url);

/** A program that names no origin has to send an API key, which no browser adds by itself. */
const mayCall = (head: Head): boolean =>
  isSameOrigin(head) ||
  (head.headers.authorization !== undefined &&
    head.headers.origin === undefined &&
    head.headers["sec-fetch-site"] === undefined &&
    valuesOf(head.rawHeaders, "host").length <= 1);

function judgeBody(head: Head, hasBody: boolean): TrpcRefusal | null {
  const { method, headers, rawHeaders } = head;
  if (method === "GET" && hasBody)
    return refused(400, "BAD_REQUEST", "A query by GET has no body: send the input in the URL.");
  const hasType = valuesOf(rawHeaders, "content-type").length > 0;
  if (!isJsonTyped(head) && (method === "POST" || hasType))
    return refused(415, "UNSUPPORTED_MEDIA_TYPE", "Send JSON, with the header content-type: application/json.");
  if (headers["content-encoding"] !== undefined)
    return refused(415, "UNSUPPORTED_MEDIA_TYPE", "Send the body without content-encoding.");
  if (Number(headers["content-length"] ?? 0) > MAX_BODY_BYTES) return tooLarge();
  return null;
}

export const tooLarge = () => refused(413, "PAYLOAD_TOO_LARGE", "The body is larger than 1 MiB: send less.");

/** The checks in their one order; the caller's rights are the procedures' to judge. */
export function judgeTrpcRequest(head: Head): TrpcVerdict {
  const url = head.url ?? "";
  if (head.method !== "GET" && head.method !== "POST")
    return refused(405, "METHOD_NOT_SUPPORTED", `${head.method} does not exist here: use GET or POST.`);
  if (!mayCall(head)) {
    const message =
      "Only the dashboard's own pages, and programs with an API key, may call this: use the REST API at /v1.";
    return refused(403, "FORBIDDEN", message);
  }
  if (url.length > MAX_TARGET_BYTES)
    return refused(414, "BAD_REQUEST", "The URL is too long: send fewer calls at once.");
  const hasBody = "content-length" in head.headers || "transfer-encoding" in head.headers;
  const badBody = judgeBody(head, hasBody);
  if (badBody) return badBody;
  const procedures = TARGET.exec(url)?.[1];
  if (procedures === undefined) return refused(404, "NOT_FOUND", "No procedure has this path.");
  if (procedures.split(",").length > MAX_CALLS)
    return refused(400, "BAD_REQUEST", `Send at most ${MAX_CALLS} calls in one batch.`);
  return { kind: "allowed", procedures, hasBody };
}
