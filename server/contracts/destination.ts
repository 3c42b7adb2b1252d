import { z } from "zod";
import { HeaderName, HeaderValue, HttpMethod } from "./http.ts";
import { Name, NamedPageInput, Timestamp } from "./page.ts";
import { RetryPolicy, requireWaits } from "./retry-policy.ts";
import { Secret } from "./secret.ts";
import { smallRecord } from "./small-record.ts";

export const DestinationType = z.enum(["HTTP"]);

export const DestinationAuthType = z.enum([
  "SWITCHYARD_SIGNATURE",
  "CUSTOM_SIGNATURE",
  "BASIC_AUTH",
  "API_KEY",
  "BEARER_TOKEN",
  "NONE",
]);
export type DestinationAuthType = z.infer<typeof DestinationAuthType>;

/** What `config.auth` holds for each `config.auth_type`. A SWITCHYARD_SIGNATURE secret is made when none is given. */
export const DestinationAuth = {
  SWITCHYARD_SIGNATURE: z.strictObject({
    signing_secret: Secret.regex(
      /^whsec_[A-Za-z0-9+/]{32,}={0,2}$/,
      "Use whsec_ and the base64 of 24 or more bytes, or leave it out to have one made.",
    ).optional(),
    previous_secret: Secret.nullable().optional(),
  }),
  CUSTOM_SIGNATURE: z.strictObject({
    header: HeaderName,
    signing_secret: Secret,
    previous_secret: Secret.nullable().optional(),
    algorithm: z.enum(["sha1", "sha256", "sha512"]).default("sha256"),
    encoding: z.enum(["hex", "base64", "base64url"]).default("hex"),
  }),
  BASIC_AUTH: z.strictObject({ username: z.string().min(1).max(255), password: Secret }),
  API_KEY: z.strictObject({ header: HeaderName.default("x-api-key"), api_key: Secret }),
  BEARER_TOKEN: z.strictObject({ token: Secret }),
  NONE: z.strictObject({}),
} as const satisfies Record<DestinationAuthType, z.ZodType>;

export const RateLimitPeriod = z.enum(["second", "minute", "hour"]);
export type RateLimitPeriod = z.infer<typeof RateLimitPeriod>;

/** A value as it is read, in the place of the value itself. */
const MaskedValue = z
  .string()
  .max(32)
  .regex(/^[\x20-\x7e]*…[\x20-\x7e]{0,4}$/, "Use printable characters only.");

export const DestinationConfig = z.strictObject({
  url: z
    .string()
    .max(4096)
    .meta({ description: "http or https; private addresses are refused unless EGRESS_ALLOW names them." }),
  http_method: HttpMethod.nullable().meta({ description: "Null: as received." }),
  path_forwarding_disabled: z
    .boolean()
    .meta({ description: "False: the path after the source's URL and its query are appended." }),
  headers: smallRecord(HeaderName, HeaderValue.or(MaskedValue), 100).meta({
    description:
      "Sent with every delivery. Values read as `…f3a9`; one that is sent back as it was read stays as it is.",
  }),
  timeout_ms: z.int().min(100).max(60_000),
  rate_limit: z.int().min(1).max(1_000_000).nullable(),
  rate_limit_period: RateLimitPeriod,
  concurrency: z.int().min(1).max(1000),
  auth_type: DestinationAuthType,
  auth: smallRecord(z.string(), z.unknown(), 20),
  retry: RetryPolicy.superRefine(requireWaits)
    .nullable()
    .meta({ description: "Used where a connection has no retry rule." }),
});
export type DestinationConfig = z.infer<typeof DestinationConfig>;

export const Destination = z.object({
  id: z.string(),
  team_id: z.string(),
  name: Name,
  description: z.string().nullable(),
  type: DestinationType,
  config: DestinationConfig,
  unusable_because: z
    .string()
    .nullable()
    .meta({ description: "What its owner has to mend before it works; else null." }),
  disabled_at: Timestamp.nullable(),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export type Destination = z.infer<typeof Destination>;

/** FASTHOOK_SIGNATURE is accepted as another name of SWITCHYARD_SIGNATURE. */
const AuthTypeInput = z.preprocess(
  (value) => (value === "FASTHOOK_SIGNATURE" ? "SWITCHYARD_SIGNATURE" : value),
  DestinationAuthType,
);
const ConfigInput = DestinationConfig.partial().extend({ auth_type: AuthTypeInput.optional() });

export const CreateDestination = z.strictObject({
  name: Name,
  description: z.string().max(2000).nullable().optional(),
  type: DestinationType.optional().meta({ description: "HTTP where it is left out." }),
  config: ConfigInput.required({ url: true }),
});
export type CreateDestination = z.infer<typeof CreateDestination>;

/** PATCH merges into `config`: sending only `rate_limit` keeps the rest. */
export const UpdateDestination = CreateDestination.partial().extend({
  id: z.string().max(64),
  config: ConfigInput.optional(),
});
export type UpdateDestination = z.infer<typeof UpdateDestination>;

export const ListDestinations = NamedPageInput;
export type ListDestinations = z.infer<typeof ListDestinations>;
