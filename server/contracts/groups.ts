// Groups of a destination: the events that have the same value at one place, such as those of one customer.
import { z } from "zod";
import { RateLimitPeriod } from "./destination-limits.ts";
import { FieldPath } from "./field-path.ts";
import { CHANGE_FIELDS, Timestamp } from "./resource-fields.ts";
import { smallRecord } from "./small-record.ts";

const GROUP_LIMITS = {
  rate_limit: z.int().min(1).max(1_000_000).nullable(),
  rate_limit_period: RateLimitPeriod,
  concurrency: z.int().min(1).max(1000).nullable(),
};

const GroupOverride = z.strictObject(GROUP_LIMITS).partial().extend({ paused: z.boolean().optional() });

export const MAX_GROUP_OVERRIDES = 200;

export const Groups = z.strictObject({
  key: FieldPath.meta({
    description:
      "A place in the request as it is delivered, such as `body.customer_id`. Requests that have nothing there are one group, whose value is empty.",
  }),
  ...GROUP_LIMITS,
  overrides: smallRecord(z.string().max(200), GroupOverride, MAX_GROUP_OVERRIDES).meta({
    description: "By value: other limits than those of all groups, and whether the group is paused. Replaced whole.",
  }),
});
export type Groups = z.infer<typeof Groups>;

export const DEFAULT_GROUP_LIMITS = {
  rate_limit: null,
  rate_limit_period: "minute",
  concurrency: null,
  overrides: {},
} as const satisfies Omit<Groups, "key">;

/** The groups of a destination; null where it has none. */
export const groupsOf = (destination: { config: object } | undefined): Groups | null =>
  (destination?.config as { groups?: Groups | null } | undefined)?.groups ?? null;

/** The limits of the group with this value, and whether it is paused. */
export function limitsOfGroup({ overrides, ...groups }: Groups, value: string) {
  const own = Object.hasOwn(overrides, value) ? overrides[value] : undefined;
  const { rate_limit, rate_limit_period, concurrency } = { ...groups, ...own };
  return { rate_limit, rate_limit_period, concurrency, isPaused: own?.paused === true };
}

export const SwitchGroup = z.strictObject({
  ...CHANGE_FIELDS,
  value: z.string().max(200).meta({ description: "The value of the group; empty for requests that have none." }),
});
export type SwitchGroup = z.infer<typeof SwitchGroup>;

export const GroupBacklog = z.object({
  value: z.string().meta({ description: "Empty for requests that have none." }),
  queued_count: z.int(),
  held_count: z.int().meta({ description: "Held because the group is paused." }),
  next_attempt_at: Timestamp.nullable().meta({ description: "When the first of its events in line is due." }),
  is_paused: z.boolean(),
  is_at_least: z.boolean().meta({ description: "There are more: at most 500 of each are counted." }),
});
export type GroupBacklog = z.infer<typeof GroupBacklog>;

export const GroupBacklogs = z.object({
  data: z
    .array(GroupBacklog)
    .meta({ description: "The groups with the longest queues, and those that are paused, the longest first." }),
  is_partial: z.boolean().meta({ description: "There are more groups in line than the 200 that were looked at." }),
});
export type GroupBacklogs = z.infer<typeof GroupBacklogs>;
