// A team's wiring, for a picture of all of it: of each resource what a card shows, and nothing of the traffic.
import { z } from "zod";
import { RateLimitPeriod } from "./destination-limits.ts";
import { END_FIELDS } from "./end.ts";
import { HoldReason } from "./event-life.ts";
import { HttpMethod } from "./http.ts";
import { MaintenanceWindows } from "./maintenance.ts";
import { Ordering } from "./ordering.ts";
import { Name, Timestamp } from "./resource-fields.ts";
import { SourceAuthType, SourceType } from "./source.ts";

const { id, name, unusable_because, disabled_at, updated_at } = END_FIELDS;
const end = { id, name, unusable_because, disabled_at, updated_at };

export const TopologySource = z.object({
  ...end,
  type: SourceType,
  url: z.string(),
  auth_type: SourceAuthType,
  verification: z.enum(["signature", "shared_secret", "missing", "none"]).meta({
    description:
      "How its senders prove themselves: a shared secret does not vouch for the body. `missing`: it has no secret yet, so it refuses everything.",
  }),
});
export type TopologySource = z.infer<typeof TopologySource>;

/** A rule that a connection does not have is absent. */
export const RuleOutline = z.object({
  deduplicate: z.object({ window: z.int() }).optional(),
  transform: z.object({ transformation_id: z.string(), name: z.string(), version: z.int() }).optional(),
  filter: z
    .object({
      clause_count: z.int().nullable().meta({ description: "Null where the rules are too long to be counted." }),
    })
    .optional(),
  delay: z.object({ delay: z.int() }).optional(),
  retry: z.object({ strategy: z.enum(["exponential", "linear", "custom"]), count: z.int() }).optional(),
});
export type RuleOutline = z.infer<typeof RuleOutline>;

export const TopologyConnection = z.object({
  id: z.string(),
  name: Name,
  source_id: z.string(),
  destination_id: z.string(),
  rules: RuleOutline,
  paused_at: Timestamp.nullable(),
  paused_until: Timestamp.nullable(),
  disabled_at: Timestamp.nullable(),
  updated_at: Timestamp,
});
export type TopologyConnection = z.infer<typeof TopologyConnection>;

/** Renewals are no part of it: they change many times a minute. */
export const TopologyEndpoint = z.object({
  ttl: z.int().nullable(),
  hold_reason: HoldReason.nullable(),
});
export type TopologyEndpoint = z.infer<typeof TopologyEndpoint>;

export const TopologyDestination = z.object({
  ...end,
  type: z.enum(["HTTP", "MOCK", "S3", "EMAIL", "CLI"]),
  http_method: HttpMethod.nullable().meta({ description: "Null: as received, or of a type that sends nothing." }),
  host: z.string().nullable().meta({ description: "With its port, where that is not the usual one." }),
  path: z.string().nullable(),
  rate_limit: z.int().nullable(),
  rate_limit_period: RateLimitPeriod,
  concurrency: z.int(),
  ordering: Ordering,
  has_groups: z.boolean(),
  maintenance_windows: MaintenanceWindows,
  endpoint: TopologyEndpoint.nullable().meta({ description: "Of a consumer that registered itself." }),
});
export type TopologyDestination = z.infer<typeof TopologyDestination>;

/** All of one moment, each list in the order in which its things were made. */
export const Topology = z.object({
  sources: z.array(TopologySource),
  connections: z.array(TopologyConnection),
  destinations: z.array(TopologyDestination),
  is_whole: z.boolean().meta({ description: "False where there are more than are listed: the oldest are." }),
});
export type Topology = z.infer<typeof Topology>;

export const GetTopology = z.object({});
export type GetTopology = z.infer<typeof GetTopology>;
