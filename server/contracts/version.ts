// A version is the configuration of a team as one change left it: sources, destinations, connections and transformations.
import { z } from "zod";
import { WholeNumber } from "./query-values.ts";
import { Timestamp } from "./resource-fields.ts";

export const VersionedKind = z.enum(["source", "destination", "connection", "transformation"]);
export type VersionedKind = z.infer<typeof VersionedKind>;

const VersionNumber = WholeNumber(1, 2_147_483_647).meta({ description: "The number of a version." });
/** A path of a field, as `config.rate_limit` or `rules.retry.count`. */
const FieldPath = z.string().max(512);

export const VersionField = z.object({
  path: FieldPath.meta({ description: "Such as `config.rate_limit` or `rules.retry.count`." }),
  before: z.unknown().meta({ description: "Null where it was not set." }),
  after: z.unknown().meta({ description: "Null where it is not set." }),
  is_secret: z.boolean().meta({
    description: "Its values are masked, and gone: a version keeps no secret, so it cannot be restored.",
  }),
});
export type VersionField = z.infer<typeof VersionField>;

export const VersionChange = z.object({
  resource_kind: VersionedKind,
  resource_id: z.string(),
  resource_name: z.string(),
  action: z.string().meta({ description: "As in the audit log: `create`, `update`, `delete`, `pause`, …" }),
  fields: z.array(VersionField),
});
export type VersionChange = z.infer<typeof VersionChange>;

const VERSION = {
  number: z.int().meta({ description: "Counts up by one within the team." }),
  created_at: Timestamp,
  actor_kind: z.string(),
  actor_id: z.string(),
  actor_name: z.string().nullable().meta({ description: "What the actor is called today." }),
  flow: z.string().nullable().meta({ description: "The flow whose file was applied, where one was." }),
  restored_from: z.int().nullable().meta({ description: "The version that it brought back, where it was a restore." }),
  changes_count: z.int(),
};

export const VersionSummary = z.object({
  ...VERSION,
  changes: z.array(VersionChange).meta({ description: "The first of them, with the first of their fields." }),
});
export type VersionSummary = z.infer<typeof VersionSummary>;

export const ListVersions = z.object({
  limit: WholeNumber(1, 100).default(50),
  before: VersionNumber.optional().meta({ description: "Older than this version; the `pagination.next` of a page." }),
  resource_id: z.string().max(64).optional().meta({ description: "Those that changed this resource." }),
  resource_kind: VersionedKind.optional().meta({ description: "Those that changed a resource of this kind." }),
});
export type ListVersions = z.infer<typeof ListVersions>;

export const GetVersion = z.object({
  number: VersionNumber,
  against: VersionNumber.optional().meta({
    description: "The version to compare it with; the one before where it is left out.",
  }),
});
export type GetVersion = z.infer<typeof GetVersion>;

export const Version = z.object({
  ...VERSION,
  against: z.int().meta({ description: "The version that `before` is of; 0 for nothing." }),
  newest: z.int().meta({ description: "The version that runs." }),
  changes: z.array(VersionChange),
});
export type Version = z.infer<typeof Version>;

/** What is brought back: everything, one resource, or fields of one. */
const RESTORED = {
  number: VersionNumber,
  resource_id: z.string().max(64).optional().meta({ description: "This resource alone; all of them without it." }),
  fields: z
    .array(FieldPath)
    .min(1)
    .max(1000)
    .optional()
    .meta({ description: "These fields of the resource alone, and what stands below them." }),
};

export const PlanRestore = z.strictObject(RESTORED);
export type PlanRestore = z.infer<typeof PlanRestore>;

export const RestoreVersion = z.strictObject({
  ...RESTORED,
  if_newest: VersionNumber.meta({
    description: "The `newest` of the plan. When the configuration has changed since, nothing is restored: 409.",
  }),
});
export type RestoreVersion = z.infer<typeof RestoreVersion>;

const PlannedChange = VersionChange.extend({ action: z.enum(["create", "update", "delete"]) });
export type PlannedChange = z.infer<typeof PlannedChange>;

export const RestorePlan = z.object({
  number: z.int(),
  newest: z.int().meta({ description: "The version that the plan is made against." }),
  changes: z.array(PlannedChange).meta({ description: "The first of them." }),
  changes_count: z.int(),
  losses: z.array(z.string()).meta({ description: "What is lost for good, with its number. Nobody gets it back." }),
  notes: z.array(z.string()).meta({ description: "What is not brought back, or needs a hand afterwards." }),
});
export type RestorePlan = z.infer<typeof RestorePlan>;

export const Restored = z.object({
  number: z.int().nullable().meta({ description: "The version that the restore made; null where nothing differed." }),
  changes_count: z.int(),
  notes: z.array(z.string()),
});
export type Restored = z.infer<typeof Restored>;

const Outcomes = z.object({ delivered: z.int(), failed: z.int() });
export const FollowedMinute = z.object({ at: Timestamp, ...Outcomes.shape });
export type FollowedMinute = z.infer<typeof FollowedMinute>;

export const GetFollowed = z.object({ number: VersionNumber });
export type GetFollowed = z.infer<typeof GetFollowed>;

export const Followed = z.object({
  window_minutes: z.int(),
  resources: z
    .array(
      z.object({
        resource_kind: VersionedKind,
        resource_id: z.string(),
        resource_name: z.string(),
        before: Outcomes,
        after: Outcomes,
        minutes: z.array(FollowedMinute).meta({ description: "Minutes in which anything ended." }),
      }),
    )
    .meta({ description: "Of the sources, destinations and connections that the version changed, the first few." }),
});
export type Followed = z.infer<typeof Followed>;
