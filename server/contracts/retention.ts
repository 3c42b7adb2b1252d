// Retention: how long a team's requests, events and attempts are kept, how much room they take, and which rows a shorter
// time would remove.
import { z } from "zod";
import { MaskedPaths } from "./field-path.ts";
import { WholeNumber } from "./query-values.ts";
import { CHANGE_FIELDS, Timestamp } from "./resource-fields.ts";

export const StoredKind = z.enum(["request", "event", "attempt", "ignored_event"]);
export type StoredKind = z.infer<typeof StoredKind>;

/** Rows of one kind. Where there are too many to read, their number follows from the counts that are kept anyway, and their size from some of them. */
export const StoredRows = z.object({
  kind: StoredKind,
  rows: z.int(),
  is_rows_estimated: z
    .boolean()
    .meta({ description: "Whether `rows` follows from the counts of the metrics: there were too many to count." }),
  bytes: z.number().meta({ description: "What the rows take, indexes left out." }),
  is_bytes_estimated: z.boolean().meta({ description: "Whether `bytes` follows from the sizes of some of the rows." }),
});
export type StoredRows = z.infer<typeof StoredRows>;

const Days = z.int().min(1).meta({ description: "At most the installation's RETENTION_DAYS." });

export const RetentionSetting = z.object({
  days: z.int().meta({ description: "After so many days requests and what came of them are removed." }),
  own_days: z.int().nullable().meta({ description: "What the team has set; null: as the installation." }),
  installation_days: z.int().meta({ description: "RETENTION_DAYS; nothing is kept longer." }),
});
export type RetentionSetting = z.infer<typeof RetentionSetting>;

const TeamMasks = MaskedPaths.meta({
  description:
    "Masked in the requests of every source from now on, besides what the source masks itself: it cannot take these back.",
});
export const SavedRetention = RetentionSetting.extend({
  masked_paths: TeamMasks,
  updated_at: Timestamp.meta({ description: "When the team was last changed." }),
});
export type SavedRetention = z.infer<typeof SavedRetention>;

export const GetRetention = z.object({});

export const StoredDay = z.object({
  date: z.iso.date().meta({ description: "A day in UTC." }),
  requests: z.int().meta({ description: "Requests of the day that are kept." }),
  rows: z.int().meta({ description: "Requests, events, attempts and ignored events of the day that are kept." }),
  bytes: z.number().meta({ description: "What they take, indexes left out." }),
});
export type StoredDay = z.infer<typeof StoredDay>;

export const Disk = z.object({
  total_bytes: z.number(),
  free_bytes: z.number(),
  full_in_days: z
    .int()
    .nullable()
    .meta({ description: "When the traffic of all teams in the last 24 hours fills it; null: never." }),
});
export type Disk = z.infer<typeof Disk>;

export const Retention = SavedRetention.extend({
  stored: z.array(StoredRows.extend({ last_day_rows: z.int(), last_day_bytes: z.number() })),
  by_day: z.array(StoredDay).meta({ description: "Each day from the oldest that is kept to today." }),
  disk: Disk.nullable().meta({
    description: "The disk of the database; null where this process cannot see it (DATABASE_DISK names it).",
  }),
  oldest_at: Timestamp.nullable().meta({ description: "When the oldest request that is kept came in." }),
});
export type Retention = z.infer<typeof Retention>;

export const PlanRetention = z.object({
  days: WholeNumber(1, 100_000).optional().meta({ description: "Left out: as the installation." }),
});
export type PlanRetention = z.infer<typeof PlanRetention>;

export const RetentionPlan = RetentionSetting.extend({
  removes: z.array(StoredRows),
  failed_events: z.int().meta({ description: "Events among them that failed and could then no longer be retried." }),
  is_failed_at_least: z.boolean(),
  removed_before: Timestamp.meta({ description: "What came in before this goes." }),
  is_held_back: z
    .boolean()
    .meta({ description: "Whether an event that is not finished keeps what is younger than it beyond the days." }),
  removed_at: Timestamp.meta({ description: "When what is past its time is removed next." }),
});
export type RetentionPlan = z.infer<typeof RetentionPlan>;

/** What is left out stays. */
export const UpdateRetention = z.strictObject({
  days: Days.nullable().optional().meta({ description: "Null: as the installation." }),
  masked_paths: TeamMasks.optional(),
  if_updated_at: CHANGE_FIELDS.if_updated_at,
});
export type UpdateRetention = z.infer<typeof UpdateRetention>;

export const ExportDay = z.object({
  date: z.iso.date().meta({ description: "A day that is over, in UTC." }),
  kind: StoredKind,
  after: z
    .string()
    .max(64)
    .optional()
    .meta({ description: "The id of the last line that was read; an empty answer is the end of the day." }),
});
export type ExportDay = z.infer<typeof ExportDay>;
