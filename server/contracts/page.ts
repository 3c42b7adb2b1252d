// The shape of every list: paging by cursor, time filters, and the envelope of an answer.
import { z } from "zod";
import { manyOf, WholeNumber } from "./query-values.ts";
import { Timestamp } from "./resource-fields.ts";
import { TimeBound } from "./time-bound.ts";

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
