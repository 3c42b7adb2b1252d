// Values as callers write them in a URL: several in one, whole numbers in digits, globs, ranges of statuses.
import { z } from "zod";

/** A filter that may be given once, several times, or comma-separated in a URL: `status=FAILED,RETRYING`. */
export const manyOf = <T extends z.ZodType>(item: T, max = 255) =>
  z.preprocess((value) => (typeof value === "string" ? value.split(",") : value), z.array(item).max(max)).optional();

/** A whole number in JSON, or in digits in a URL. */
export const WholeNumber = (min: number, max: number) =>
  z.preprocess(
    (value) => (typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value),
    z.int().min(min).max(max),
  );

/** A number in JSON, or in digits in a URL. */
export const DecimalNumber = (min: number, max: number) =>
  z.preprocess(
    (value) => (typeof value === "string" && /^\d{1,15}(\.\d{1,6})?$/.test(value) ? Number(value) : value),
    z.number().min(min).max(max),
  );

/** An event type, or a glob: `payment.*`. */
export const EventTypeFilter = z
  .string()
  .max(255)
  .optional()
  .meta({ description: "The whole type, or with `*` for any run of characters: `payment.*`." });

const MAX_STATUSES = 900;

/** A status of HTTP as it stands in lists. */
const ResponseStatus = WholeNumber(100, 999);

const STATUS_RANGE = /^([1-9]\d\d)-([1-9]\d\d)$/;

/** `500-599` as all that it spans; what is no range stays as it is, and is refused after. */
function spread(value: unknown): unknown[] {
  const [, from, to] = typeof value === "string" ? (STATUS_RANGE.exec(value) ?? []) : [];
  const count = Number(to) - Number(from) + 1;
  return count > 0 ? Array.from({ length: count }, (_, i) => Number(from) + i) : [value];
}

/** Statuses of HTTP, each by itself or in ranges: `response_status=429,500-599`. */
export const ResponseStatuses = z
  .preprocess((value) => {
    const given = typeof value === "string" ? value.split(",") : value;
    return Array.isArray(given) && given.length <= 255 ? given.flatMap(spread).slice(0, MAX_STATUSES) : given;
  }, z.array(ResponseStatus).max(MAX_STATUSES))
  .optional()
  .meta({ description: "One, several, or ranges such as `500-599`." });
