import { z } from "zod";
import { DestinationLimits, RateLimitPeriod } from "./destination-limits.ts";
import { END_FIELDS } from "./end.ts";
import { MaskedPaths } from "./field-path.ts";
import { HeaderValue, HttpMethod } from "./http.ts";
import { NamedPageInput } from "./page.ts";
import { PROVIDER_TYPES } from "./provider.ts";
import { CHANGE_FIELDS, Description, Disabled, Name } from "./resource-fields.ts";
import { smallRecord } from "./small-record.ts";

export const MAX_BODY_BYTES = 10 * 1024 * 1024;

/**
 * A provider's type presets `config`; WEBHOOK presets nothing. PUBLISH takes what the team's own services publish by the API,
 * and has no door.
 */
export const SourceType = z.enum(["WEBHOOK", "PUBLISH", ...PROVIDER_TYPES]);
export type SourceType = z.infer<typeof SourceType>;

/** A provider's auth type has the name of its source type. */
export const SourceAuthType = z.enum(["NONE", "HMAC", "BASIC_AUTH", "API_KEY", "STANDARD_WEBHOOKS", ...PROVIDER_TYPES]);
export type SourceAuthType = z.infer<typeof SourceAuthType>;

/** The fields of `config.auth` (of sources and destinations) that are secrets: encrypted at rest, masked on read. */
export const SECRET_AUTH_FIELDS = [
  "secret",
  "previous_secret",
  "ended_secret",
  "password",
  "previous_password",
  "api_key",
  "previous_api_key",
  "signing_secret",
  "verify_token",
  "token",
  "url_path",
  "secret_access_key",
] as const;

export const CustomResponse = z.strictObject({
  status: z.int().min(200).max(299).default(200),
  content_type: HeaderValue.default("application/json"),
  body: z.string().max(65_536).default(""),
});
export type CustomResponse = z.infer<typeof CustomResponse>;

export const SourceConfig = z.strictObject({
  auth_type: SourceAuthType,
  auth: smallRecord(z.string(), z.unknown(), 20).meta({
    description: "Depends on `auth_type`. Secrets read as `whsec_…f3a9`.",
  }),
  allowed_http_methods: z.array(HttpMethod).min(1).max(7),
  custom_response: CustomResponse.nullable(),
  deduplicate_provider_events: z.boolean(),
  body_limit_bytes: z.int().min(1).max(MAX_BODY_BYTES),
  rate_limit: DestinationLimits.shape.rate_limit.meta({
    description: "Requests that it takes in any `rate_limit_period`, over all gateways. More are answered 429.",
  }),
  rate_limit_period: RateLimitPeriod,
  masked_paths: MaskedPaths.meta({
    description:
      "What stands there in a request is shown to nobody, and replaced where it is stored when the last event of the request has ended. Delivered as it came until then. Holds for requests from now on, besides what the team masks in all sources (`PATCH /retention`).",
  }),
});
export type SourceConfig = z.infer<typeof SourceConfig>;

/** What the config of a source lacks that was saved before these were there. */
export const ADDED_SOURCE_CONFIG = {
  rate_limit: null,
  rate_limit_period: "minute",
  masked_paths: [] as string[],
} as const;

/** The config by which requests are taken. Both masks hold: a source cannot bare what its team masks. */
export function heldConfig(saved: SourceConfig, teamMasks: readonly string[]): SourceConfig {
  const config = { ...ADDED_SOURCE_CONFIG, ...saved };
  return { ...config, masked_paths: [...new Set([...teamMasks, ...config.masked_paths])] };
}

export const Source = z.object({
  ...END_FIELDS,
  type: SourceType,
  is_system: z.boolean().meta({
    description: "It tells of the team's own happenings and takes nothing from outside; a team has one at most.",
  }),
  url: z
    .url()
    .meta({ description: "Where the producer sends its webhooks; of type PUBLISH, where events are published." }),
  config: SourceConfig,
});
export type Source = z.infer<typeof Source>;

export const CreateSource = z.strictObject({
  name: Name,
  description: Description.optional(),
  type: SourceType.optional().meta({ description: "WEBHOOK where it is left out." }),
  config: SourceConfig.partial().optional(),
  disabled: Disabled,
});
export type CreateSource = z.infer<typeof CreateSource>;

/** PATCH merges: what is not sent stays as it is. */
export const UpdateSource = CreateSource.partial().extend(CHANGE_FIELDS);
export type UpdateSource = z.infer<typeof UpdateSource>;

export const MakeSystemSource = z.strictObject({});

export const DuplicateSource = z.strictObject({ id: z.string().max(64), name: Name });
export type DuplicateSource = z.infer<typeof DuplicateSource>;

export const ListSources = NamedPageInput.extend({ type: SourceType.optional() });
export type ListSources = z.infer<typeof ListSources>;
