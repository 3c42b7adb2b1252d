// Endpoints: consumers that register themselves. Each is a destination and its connections in one, by event types, with a lease
// where it has one.
import { z } from "zod";
import { MAX_TTL_SECONDS, MIN_TTL_SECONDS } from "./endpoint-lease.ts";
import { HoldReason } from "./event-life.ts";
import { NamedPageInput } from "./page.ts";
import { ById, CHANGE_FIELDS, Description, Name, Timestamp } from "./resource-fields.ts";

const MAX_EVENT_TYPES = 20;

const EventTypes = z
  .array(z.string().min(1).max(255))
  .min(1, 'Name an event type, or ["*"] for all of them.')
  .max(MAX_EVENT_TYPES)
  .transform((globs) => [...new Set(globs)].sort())
  .meta({ description: "Globs such as `payment.*`; `*` is every event, also one without a type." });
const Ttl = z
  .int()
  .min(MIN_TTL_SECONDS)
  .max(MAX_TTL_SECONDS)
  .meta({ description: "Seconds. Renew it by PUT :id/heartbeat; else its events are held, and then it is removed." });
const Url = z.string().max(4096);

/** Both spellings, of which one is sent. */
const eventTypes = {
  eventTypes: EventTypes.optional(),
  event_types: EventTypes.optional(),
};

export const CreateEndpoint = z
  .strictObject({
    url: Url.meta({ description: "Requests go to exactly this URL." }),
    ...eventTypes,
    source: z.string().min(1).max(155).default("*").meta({
      description: "A source's id or name. `*`, or left out: every source of the team, those made later too.",
    }),
    name: Name.optional().meta({
      description: "Left out, it is made of the URL. An endpoint of this name is changed.",
    }),
    description: Description.optional(),
    ttl: Ttl.nullish(),
    verify: z.boolean().default(false).meta({
      description: "True: its events are held until the URL has given back a challenge, which is sent at once.",
    }),
  })
  .superRefine(({ eventTypes: camel, event_types: snake }, ctx) => {
    if ((camel === undefined) !== (snake === undefined)) return;
    const message =
      camel === undefined
        ? 'Name the event types that it wants, such as ["payment.*"], or ["*"] for all of them.'
        : "This is eventTypes in another spelling: send one of the two.";
    ctx.addIssue({ code: "custom", path: [camel === undefined ? "eventTypes" : "event_types"], message });
  });
export type CreateEndpoint = z.infer<typeof CreateEndpoint>;

export const UpdateEndpoint = z
  .strictObject({
    ...CHANGE_FIELDS,
    url: Url.optional(),
    ...eventTypes,
    ttl: Ttl.nullish().meta({ description: "A new lease begins now; null: it has none any more." }),
    paused: z.boolean().optional(),
    description: Description.optional(),
  })
  .refine(({ eventTypes: camel, event_types: snake }) => camel === undefined || snake === undefined, {
    path: ["event_types"],
    message: "This is eventTypes in another spelling: send one of the two.",
  });
export type UpdateEndpoint = z.infer<typeof UpdateEndpoint>;

export const VerificationState = z.enum(["pending", "failed", "confirmed"]);
export type VerificationState = z.infer<typeof VerificationState>;

export const Endpoint = z.object({
  id: z.string().meta({ description: "Of its destination." }),
  team_id: z.string(),
  name: Name,
  description: Description,
  url: z.string(),
  event_types: z.array(z.string()),
  is_of_every_source: z.boolean(),
  connections: z.array(z.object({ id: z.string(), source_id: z.string() })),
  paused: z.boolean().meta({ description: "All of its connections are paused." }),
  disabled_at: Timestamp.nullable(),
  hold_reason: HoldReason.nullable().meta({
    description: "`lease_expired` or `endpoint_unverified`: why it gets nothing for now.",
  }),
  ttl: z.int().nullable(),
  lease_until: Timestamp.nullable(),
  removed_at: Timestamp.nullable().meta({ description: "Its lease has run out: when it goes, unless it renews." }),
  renewals: z.int(),
  renewed_at: z.array(Timestamp).meta({ description: "The last ten renewals, the oldest first." }),
  verification: z
    .object({ state: VerificationState, detail: z.string().nullable(), asked_at: Timestamp.nullable() })
    .nullable()
    .meta({ description: "Null where no challenge was asked for." }),
  waiting_count: z.int().meta({ description: "Events that are queued, scheduled, retrying or held." }),
  retrying_count: z.int(),
  failed_count: z.int(),
  delivered_in_hour: z.int(),
  last_attempt_at: Timestamp.nullable().meta({ description: "The minute of its last attempt in the last hour." }),
  key_last_four: z.string().nullable(),
  made_by_kind: z.string(),
  made_by_id: z.string(),
  made_by_name: z.string().nullable(),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export type Endpoint = z.infer<typeof Endpoint>;

export const RegisteredEndpoint = Endpoint.extend({
  is_new: z.boolean().meta({ description: "False: it was registered before, and this call renewed it." }),
  key: z.string().meta({ description: "Shown once: an API key with the right to nothing but this endpoint." }),
  secret: z.string().nullable().meta({
    description: "Shown once: what its deliveries are signed with. Null where it was registered before.",
  }),
});
export type RegisteredEndpoint = z.infer<typeof RegisteredEndpoint>;

export const RenewedEndpoint = Endpoint.pick({ id: true, ttl: true, lease_until: true, hold_reason: true });
export type RenewedEndpoint = z.infer<typeof RenewedEndpoint>;

export const ListEndpoints = NamedPageInput.omit({ disabled: true }).extend({
  search: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .meta({ description: "A text in the URL or name, or a whole event type." }),
  source_id: z.string().max(64).optional(),
  held: z.stringbool().or(z.boolean()).optional(),
});
export type ListEndpoints = z.infer<typeof ListEndpoints>;

export const DeletedEndpoint = ById.extend({
  cancelled_count: z.int().meta({ description: "Events that waited, and are cancelled." }),
});
export type DeletedEndpoint = z.infer<typeof DeletedEndpoint>;

export const ListGoneEndpoints = z.object({});
/** An endpoint that was removed. */
export const GoneEndpoint = z.object({
  id: z.string(),
  url: z.string(),
  because: z.enum(["lease_ran_out", "removed", "unregistered_itself"]),
  cancelled_count: z.int(),
  gone_at: Timestamp,
});
export type GoneEndpoint = z.infer<typeof GoneEndpoint>;
export const GoneEndpoints = z.object({ data: z.array(GoneEndpoint) });
export type GoneEndpoints = z.infer<typeof GoneEndpoints>;
