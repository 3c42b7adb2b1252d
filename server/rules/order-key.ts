// The order key of a request at a destination that keeps an order: events with equal keys are one line. Its first characters
// name the order that it was made for, so a key of an earlier order is told from one of today's.
import { createHash } from "node:crypto";
import type { OrderSettings } from "#server/contracts/ordering.ts";
import { ExactNumber } from "#server/json/exact-number.ts";
import type { Work } from "#server/json/value.ts";
import { canonicalHash } from "./deduplicate.ts";
import { isAbsent, parseFieldPath, readField } from "./field-path.ts";
import type { RuleRequest } from "./rule-request.ts";

/** Longer values stand in the key as their hash: a key is read at a glance, and an index entry is small. */
const MAX_SHOWN = 200;
const MARK_LENGTH = 9;

/** The beginning of every key that is made for these settings; null where there is no order. */
export function orderMark({ ordering, ordering_key }: OrderSettings): string | null {
  if (ordering === "none") return null;
  if (ordering === "fifo") return "fifo.....";
  const digest = createHash("sha256")
    .update(ordering_key ?? "")
    .digest("hex");
  return `k${digest.slice(0, MARK_LENGTH - 1)}`;
}

/** The path whose value has to be read for the key, or null where the settings alone tell it. */
export const orderPath = ({ ordering, ordering_key }: OrderSettings): string | null =>
  ordering === "by_key" ? ordering_key : null;

/**
 * What a request has at `path`, as text. Requests that have nothing there share the empty text. Equal values give equal texts;
 * `1` and `"1"` do as well.
 */
export function orderValue(path: string, request: RuleRequest, work: Work): string {
  const parsed = parseFieldPath(path);
  if (parsed.part === "body" && request.raw_body) {
    return parsed.segments.length > 0 ? "" : hashed(createHash("sha256").update(request.raw_body).digest("hex"));
  }
  const found = readField(request, parsed);
  if (isAbsent(found, parsed)) return "";
  const text = textOf(found);
  if (text === null) return hashed(canonicalHash(found, work));
  if (text.length <= MAX_SHOWN && text.isWellFormed() && !text.includes("\u0000")) return `=${text}`;
  return hashed(createHash("sha256").update(text).digest("hex"));
}

const hashed = (digest: string) => `#${digest}`;

function textOf(value: unknown): string | null {
  if (value instanceof ExactNumber) return value.decimal.canonical;
  return typeof value === "object" && value !== null ? null : String(value);
}

/** The key as it is stored, of an order's mark and the value that was read for it. */
export const toOrderKey = (mark: string, value: string | null): string => mark + (value ?? "");

/** The value in a stored key: null for the one line of `fifo`, empty where the request had none. */
export function shownOrderValue(key: string): string | null {
  if (key.startsWith("fifo")) return null;
  const value = key.slice(MARK_LENGTH);
  return value.startsWith("=") ? value.slice(1) : value;
}
