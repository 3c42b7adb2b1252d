// Issues: what somebody should know of, grouped by kind and subject. They open and close by themselves.
import { z } from "zod";
import { PageInput } from "./page.ts";
import { manyOf } from "./query-values.ts";
import { Timestamp } from "./resource-fields.ts";

export const IssueKind = z.enum([
  "connection_failing",
  "transform_errors",
  "breaker_open",
  "backlog",
  "signature_failures",
  "source_silent",
  "payload_drift",
]);
export type IssueKind = z.infer<typeof IssueKind>;

export const IssueState = z.enum(["open", "snoozed", "resolved"]);
export type IssueState = z.infer<typeof IssueState>;

export const IssueSubjectKind = z.enum(["source", "connection", "destination", "transformation"]);
export type IssueSubjectKind = z.infer<typeof IssueSubjectKind>;

const Count = z.int().min(0);

/** What was counted or measured, by kind. Nothing of a payload stands in it. */
export const IssueEvidence = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("connection_failing"),
    failed_attempts: Count.meta({ description: "Since the last delivery, of the last hour." }),
    ended_failed: Count.meta({ description: "Events whose retries were spent in the last hour." }),
    last_delivered_at: Timestamp.nullable().meta({ description: "To the minute; null: none in the last hour." }),
    destination_id: z.string(),
  }),
  z.object({
    kind: z.literal("transform_errors"),
    errors: Count.meta({ description: "Of the last hour." }),
    requests: Count.meta({ description: "That it was run on in the last hour." }),
    version: z.int(),
    is_since_saved: z.boolean().meta({ description: "The first error came after this version was saved." }),
    connection_ids: z.array(z.string()),
  }),
  z.object({
    kind: z.literal("breaker_open"),
    because: z.string(),
    opened_at: Timestamp,
    next_probe_at: Timestamp.nullable(),
    held_count: Count,
  }),
  z.object({
    kind: z.literal("backlog"),
    late_ms: z.number().meta({ description: "How long the first event in line is past its time." }),
    waiting_count: Count,
    threshold_ms: z.number(),
  }),
  z.object({
    kind: z.literal("signature_failures"),
    failed_count: Count.meta({ description: "Since the first failure, of the last hour." }),
    accepted_count: Count.meta({ description: "In the same time." }),
    last_accepted_at: Timestamp.nullable().meta({ description: "To the minute; null: none in the last hour." }),
    is_probably_rotated: z.boolean().meta({
      description: "The source was believed before, and nothing was since the first failure.",
    }),
  }),
  z.object({
    kind: z.literal("source_silent"),
    heard_at: Timestamp,
    period_ms: z.number().meta({ description: "The longest that it is usually quiet from that time of day on." }),
    gaps_seen: Count,
  }),
  z.object({
    kind: z.literal("payload_drift"),
    event_type: z.string().nullable(),
    paths: z.array(z.object({ path: z.string(), before: z.number(), now: z.number(), read_by: z.string() })).meta({
      description: "The share of requests that had the path, before and now.",
    }),
    requests_now: Count,
    requests_before: Count,
  }),
]);
export type IssueEvidence = z.infer<typeof IssueEvidence>;

/** Counts of the last 30 minutes, one a minute, the oldest first. */
export const IssueBars = z.object({
  until: Timestamp,
  good: z.array(z.number()).max(30),
  bad: z.array(z.number()).max(30),
});
export type IssueBars = z.infer<typeof IssueBars>;

export const IssueMove = z.object({
  at: Timestamp,
  what: z.enum(["opened", "opened_again", "snoozed", "woken", "resolved"]),
  because: z.string().nullable(),
  by: z.object({ kind: z.string(), id: z.string() }).nullable().meta({ description: "Null: by itself." }),
});
export type IssueMove = z.infer<typeof IssueMove>;

export const Issue = z.object({
  id: z.string(),
  team_id: z.string(),
  kind: IssueKind,
  state: IssueState,
  subject: z.object({ kind: IssueSubjectKind, id: z.string(), name: z.string() }),
  needs_person: z.boolean().meta({ description: "False: it goes away by itself, or is only to know." }),
  count: Count.meta({ description: "How often it happened: attempts, errors or requests, by its kind." }),
  opened_count: Count.meta({ description: "How often it has opened; soon after its end it opens again as the same." }),
  evidence: IssueEvidence,
  bars: IssueBars,
  history: z.array(IssueMove).meta({ description: "The oldest first; the newest 50." }),
  first_at: Timestamp,
  last_at: Timestamp.meta({ description: "When it happened last." }),
  snoozed_until: Timestamp.nullable(),
  resolved_at: Timestamp.nullable(),
  resolved_because: z.string().nullable(),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export type Issue = z.infer<typeof Issue>;

export const ListIssues = PageInput.extend({
  state: manyOf(IssueState),
  kind: manyOf(IssueKind),
  subject_id: manyOf(z.string().max(64)).meta({
    description: "Of a source, connection, destination or transformation.",
  }),
});
export type ListIssues = z.infer<typeof ListIssues>;

export const CountIssues = z.object({});
export const IssueCounts = z.object({
  open_count: Count,
  needs_person_count: Count.meta({ description: "Of the open ones." }),
  snoozed_count: Count,
});
export type IssueCounts = z.infer<typeof IssueCounts>;

const DAY_MS = 86_400_000;
export const MAX_SNOOZE_MS = 30 * DAY_MS;

export const SnoozeIssue = z.strictObject({
  id: z.string().max(64),
  for_ms: z
    .int()
    .min(60_000)
    .max(MAX_SNOOZE_MS)
    .meta({ description: "From now on, at most 30 days. It still resolves by itself meanwhile." }),
});
export type SnoozeIssue = z.infer<typeof SnoozeIssue>;
