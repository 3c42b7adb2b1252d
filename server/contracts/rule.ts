import { z } from "zod";
import { FieldPath } from "./field-path.ts";
import { FilterClause } from "./filter.ts";
import { RetryPolicy, requireWaits } from "./retry-policy.ts";
import { MAX_DELAY_MS } from "./rule-limits.ts";

export const DeduplicateRule = z
  .strictObject({
    type: z.literal("deduplicate"),
    window: z.int().min(1000).max(3_600_000),
    include_fields: z.array(FieldPath).min(1).max(50).optional(),
    exclude_fields: z.array(FieldPath).min(1).max(50).optional(),
  })
  .refine((rule) => !(rule.include_fields && rule.exclude_fields), {
    path: ["exclude_fields"],
    message: "Use include_fields or exclude_fields, not both.",
  });
export type DeduplicateRule = z.infer<typeof DeduplicateRule>;

export const TransformRule = z.strictObject({ type: z.literal("transform"), transformation_id: z.string().max(64) });
export type TransformRule = z.infer<typeof TransformRule>;

const Glob = z.string().min(1).max(255);
export const FilterRule = z
  .strictObject({
    type: z.literal("filter"),
    body: FilterClause.optional(),
    headers: FilterClause.optional(),
    query: FilterClause.optional(),
    path: FilterClause.optional(),
    event: FilterClause.optional().meta({
      description:
        "The facts of the event, whichever provider it is of: `type`, `id`, `occurred_at` (ISO 8601 in UTC) and `resource_id`.",
    }),
    event_type: z.union([Glob, z.array(Glob).min(1).max(100)]).optional(),
  })
  .refine((rule) => Object.keys(rule).length > 1, {
    message: "A filter needs at least one of body, headers, query, path, event or event_type.",
  });
export type FilterRule = z.infer<typeof FilterRule>;

export const DelayRule = z.strictObject({ type: z.literal("delay"), delay: z.int().min(1).max(MAX_DELAY_MS) });
export type DelayRule = z.infer<typeof DelayRule>;

export const RetryRule = RetryPolicy.extend({ type: z.literal("retry") }).superRefine(requireWaits);
export type RetryRule = z.infer<typeof RetryRule>;

export const Rule = z.discriminatedUnion("type", [DeduplicateRule, TransformRule, FilterRule, DelayRule, RetryRule]);
export type Rule = z.infer<typeof Rule>;

/** The one order in which rules are saved and run. */
export const RULE_ORDER = ["deduplicate", "transform", "filter", "delay", "retry"] as const satisfies Rule["type"][];

/** Enough to say which one of two is too many. */
const MAX_RULES = 2 * RULE_ORDER.length;

/** Rules as stored: at most one of each kind, in `RULE_ORDER` whatever order was sent. */
export const Rules = z
  .array(Rule)
  .max(MAX_RULES, "A connection has at most one rule of each kind: deduplicate, transform, filter, delay, retry.")
  .superRefine((rules, ctx) => {
    const seen = new Set<string>();
    for (const [index, { type }] of rules.entries()) {
      if (seen.has(type)) {
        ctx.addIssue({
          code: "custom",
          path: [index, "type"],
          message: `A connection has at most one ${type} rule; merge the two.`,
        });
      }
      seen.add(type);
    }
  })
  .overwrite((rules) => rules.toSorted((a, b) => RULE_ORDER.indexOf(a.type) - RULE_ORDER.indexOf(b.type)));
export type Rules = z.infer<typeof Rules>;
