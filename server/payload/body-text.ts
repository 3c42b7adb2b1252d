import { isUtf8 } from "node:buffer";
import type { BodyText } from "#server/contracts/body-text.ts";
import { inflate } from "./inflate.ts";
import { mediaType } from "./media-type.ts";
import { parsePayload } from "./payload.ts";

const FORM_TYPES = new Set(["application/x-www-form-urlencoded", "multipart/form-data"]);

/**
 * A body as a person reads it. JSON is not parsed: its text keeps every digit, escape and doubled key, and costs no more than
 * its bytes. A form is shown as the fields that rules see.
 */
export function readableBody(
  body: Buffer,
  contentType: string | null,
  contentEncoding: string | null,
): Pick<BodyText, "kind" | "text"> {
  if (body.length === 0) return { kind: "empty", text: null };
  if (FORM_TYPES.has(mediaType(contentType))) {
    const form = parsePayload(body, contentType, contentEncoding);
    if (form.kind === "form") return { kind: "form", text: JSON.stringify(form.value) };
  }
  const plain = inflate(body, contentEncoding);
  if (plain === null || !isUtf8(plain)) return { kind: "binary", text: null };
  return { kind: "text", text: plain.toString("utf8") };
}
