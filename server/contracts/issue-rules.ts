// The rules of a team: what it watches for, and from where on something is an issue.
import { z } from "zod";
import { IssueKind } from "./issue.ts";
import { CHANGE_FIELDS, Timestamp } from "./resource-fields.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const MAX_MUTED = 200;

const BASE = {
  is_watched: z.boolean().meta({ description: "False: no issue of this kind opens, and those that are open end." }),
  muted_ids: z.array(z.string().max(64)).max(MAX_MUTED).meta({
    description: "Sources, connections, destinations or transformations of which this kind is not said.",
  }),
};
const Many = z.int().min(1).max(100_000);
const Share = z.number().min(0.001).max(1);

export const IssueRules = z.strictObject({
  breaker_open: z.strictObject(BASE),
  connection_failing: z.strictObject({
    ...BASE,
    failed_in_a_row: z.int().min(3).max(100_000).meta({ description: "Attempts since the last delivery." }),
    ended_failed: Many.meta({ description: "Events whose retries were spent, in five minutes." }),
  }),
  signature_failures: z.strictObject({
    ...BASE,
    failures: Many.meta({ description: "In five minutes." }),
    share: Share.meta({ description: "Of a source's requests of five minutes, where at least five fail." }),
  }),
  source_silent: z.strictObject({
    ...BASE,
    factor: z
      .number()
      .min(2)
      .max(50)
      .meta({ description: "How many times as long as it is usually quiet at that time." }),
  }),
  backlog: z.strictObject({
    ...BASE,
    late_ms: z
      .int()
      .min(MINUTE_MS)
      .max(24 * HOUR_MS)
      .meta({ description: "How late the first event in line is." }),
  }),
  transform_errors: z.strictObject({
    ...BASE,
    errors: Many.meta({ description: "In five minutes." }),
    share: Share.meta({ description: "Of the runs of an hour, where at least three throw." }),
  }),
  payload_drift: z.strictObject(BASE),
});
export type IssueRules = z.infer<typeof IssueRules>;

const watched = { is_watched: true, muted_ids: [] };
export const DEFAULT_ISSUE_RULES: IssueRules = {
  breaker_open: watched,
  connection_failing: { ...watched, failed_in_a_row: 10, ended_failed: 10 },
  signature_failures: { ...watched, failures: 20, share: 0.05 },
  source_silent: { ...watched, factor: 3 },
  backlog: { ...watched, late_ms: 15 * MINUTE_MS },
  transform_errors: { ...watched, errors: 5, share: 0.01 },
  payload_drift: watched,
};

/** What is stored, over the defaults: a row may be older than a setting. */
export function wholeRules(stored: { [Kind in IssueKind]?: object | undefined }): IssueRules {
  const kinds = Object.entries(DEFAULT_ISSUE_RULES).map(([kind, usual]) => [
    kind,
    { ...usual, ...stored[kind as IssueKind] },
  ]);
  return Object.fromEntries(kinds) as IssueRules;
}

export const TeamIssueRules = z.object({
  rules: IssueRules,
  opened: z.record(IssueKind, z.int().min(0)).meta({ description: "How often each kind has opened in 30 days." }),
  updated_at: Timestamp.nullable().meta({ description: "Null: they are the usual ones." }),
});
export type TeamIssueRules = z.infer<typeof TeamIssueRules>;

export const GetIssueRules = z.object({});

const { shape } = IssueRules;
export const UpdateIssueRules = z.strictObject({
  rules: z
    .strictObject({
      breaker_open: shape.breaker_open.partial().optional(),
      connection_failing: shape.connection_failing.partial().optional(),
      signature_failures: shape.signature_failures.partial().optional(),
      source_silent: shape.source_silent.partial().optional(),
      backlog: shape.backlog.partial().optional(),
      transform_errors: shape.transform_errors.partial().optional(),
      payload_drift: shape.payload_drift.partial().optional(),
    })
    .meta({ description: "What is left out of a kind, or of all, stays as it is." }),
  if_updated_at: CHANGE_FIELDS.if_updated_at,
});
export type UpdateIssueRules = z.infer<typeof UpdateIssueRules>;
