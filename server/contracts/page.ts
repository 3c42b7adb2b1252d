// The shape of every list: paging by cursor, time filters, and the envelope of an answer.
import { z } from "zod";
import { TimeBound } from "./time-bound.ts";

export const Timestamp = z.iso.datetime().meta({ description: "ISO 8601 in UTC, with milliseconds." });

/** Names are unique within a team and kind. */
export const Name = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,155}$/, "Use 1 to 155 letters, digits, dots, dashes or underscores.")
  .meta({ description: "1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind." });

/** The owner's note on a resource. */
export const Description = z.string().max(2000).nullable();

export const ById = z.object({ id: z.string().max(64) });
export type ById = z.infer<typeof ById>;

/** Sent with a change, so that it is made only while the resource is as its sender read it. */
const IfUpdatedAt = Timestamp.optional().meta({
  description:
    "The `updated_at` that you read. When the resource has changed since, nothing is saved and the answer is a 409 that says who changed what.",
});

/** What an update takes besides the fields that it changes. */
export const CHANGE_FIELDS = { id: z.string().max(64), if_updated_at: IfUpdatedAt };

/** A switch of one resource. */
export const SwitchOne = z.object(CHANGE_FIELDS);
export type SwitchOne = z.infer<typeof SwitchOne>;

/** A filter that may be given once, several times, or comma-separated in a URL: `status=FAILED,RETRYING`. */
export const manyOf = <T extends z.ZodType>(item: T, max = 255) =>
  z.preprocess((value) => (typeof value === "string" ? value.split(",") : value), z.array(item).max(max)).optional();

/** A whole number in JSON, or in digits in a URL. */
export const WholeNumber = (min: number, max: number) =>
  z.preprocess(
    (value) => (typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value),
    z.int().min(min).max(max),
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

export const PageInput = z.object({
  limit: WholeNumber(1, 255).default(100),
  order_by: z.enum(["created_at"]).default("created_at"),
  dir: z.enum(["asc", "desc"]).default("desc"),
  next: z.string().max(512).optional().meta({ description: "The `pagination.next` of an earlier answer." }),
  prev: z.string().max(512).optional().meta({ description: "The `pagination.prev` of an earlier answer." }),
  id: manyOf(z.string().max(64)),
  from: TimeBound.optional(),
  to: TimeBound.optional(),
});
export type PageInput = z.infer<typeof PageInput>;

/** Resources that have a name can be listed by it. */
export const NamedPageInput = PageInput.extend({
  name: z.string().max(155).optional().meta({ description: "The whole name." }),
  search: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .meta({ description: "A text in the name or the description, in any case." }),
  disabled: z.stringbool().or(z.boolean()).optional(),
});

export const Pagination = z.object({
  limit: z.int(),
  order_by: z.string(),
  dir: z.enum(["asc", "desc"]),
  next: z.string().nullable(),
  prev: z.string().nullable(),
  stopped_at: Timestamp.optional().meta({
    description:
      "Set where the page ends early, even empty: the call has looked through as many rows as it may, as far as this time. The page that its cursor names goes on from there.",
  }),
});

/** The list envelope `{data, pagination, count?}`. */
export const page = <T extends z.ZodType>(item: T) =>
  z.object({ data: z.array(item), pagination: Pagination, count: z.int().optional() });
export type Page<T> = { data: T[]; pagination: z.infer<typeof Pagination>; count?: number };

/** The answer to a DELETE. */
export const Deleted = z.object({ id: z.string() });
export type Deleted = z.infer<typeof Deleted>;
