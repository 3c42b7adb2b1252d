// Form bodies under a signature or with a token in them. A stranger's form must not hold the door up, so larger ones than any
// provider sends are not read.
import type { Inbound } from "./inbound.ts";

const FORM = "application/x-www-form-urlencoded";
const MAX_FORM_BYTES = 128 * 1024;
const MAX_FORM_FIELDS = 2000;

export const isForm = (inbound: Inbound): boolean =>
  inbound.header("content-type")?.split(";", 1)[0]?.trim().toLowerCase() === FORM;

function hasTooManyFields(body: Buffer): boolean {
  let fields = 0;
  for (let at = body.indexOf("&"); at >= 0; at = body.indexOf("&", at + 1)) {
    fields += 1;
    if (fields >= MAX_FORM_FIELDS) return true;
  }
  return false;
}

/** The fields of a form; null when it is larger than any that providers send. */
export function readForm(body: Buffer): URLSearchParams | null {
  if (body.length > MAX_FORM_BYTES || hasTooManyFields(body)) return null;
  // The "&" keeps a leading "?" of the body: URLSearchParams would take it for the start of a query.
  return new URLSearchParams(`&${body.toString("utf8")}`);
}

const inCodeUnits = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Keys in code-unit order, each with its distinct values in order, all run together. */
export function sortedForm(form: URLSearchParams): Buffer {
  const pairs = [...form].sort(([a, x], [b, y]) => inCodeUnits(a, b) || inCodeUnits(x, y));
  let signed = "";
  let last: readonly string[] = [];
  for (const pair of pairs) {
    const [key, value] = pair;
    if (key !== last[0] || value !== last[1]) signed += key + value;
    last = pair;
  }
  return Buffer.from(signed, "utf8");
}
