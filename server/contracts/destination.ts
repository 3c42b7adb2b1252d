// A destination is one receiver. Its type says what kind it is, and so what its config holds.
import { z } from "zod";
import { DestinationLimits } from "./destination-limits.ts";
import { END_FIELDS } from "./end.ts";
import { HeaderName, HeaderValue, HttpMethod } from "./http.ts";
import { MockDestinationConfig } from "./mock-destination.ts";
import { Description, Name, NamedPageInput } from "./page.ts";
import { Secret } from "./secret.ts";
import { smallRecord } from "./small-record.ts";

export const DestinationAuthType = z.enum([
  "SWITCHYARD_SIGNATURE",
  "CUSTOM_SIGNATURE",
  "BASIC_AUTH",
  "API_KEY",
  "BEARER_TOKEN",
  "NONE",
]);
export type DestinationAuthType = z.infer<typeof DestinationAuthType>;

/** The shape of `config.auth` for each `config.auth_type`. A SWITCHYARD_SIGNATURE secret is made when none is given. */
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

/** A value as it is read, in the place of the value itself. */
const MaskedValue = z
  .string()
  .max(32)
  .regex(/^[\x20-\x7e]*…[\x20-\x7e]{0,4}$/, "Use printable characters only.");

export const HttpDestinationConfig = z.strictObject({
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
  ...DestinationLimits.shape,
  auth_type: DestinationAuthType,
  auth: smallRecord(z.string(), z.unknown(), 20),
});
export type HttpDestinationConfig = z.infer<typeof HttpDestinationConfig>;

/** The type of a destination never changes, and its config follows from it. */
export type DestinationSettings =
  | { type: "HTTP"; config: HttpDestinationConfig }
  | { type: "MOCK"; config: MockDestinationConfig };
export type DestinationType = DestinationSettings["type"];

export const Destination = z.discriminatedUnion("type", [
  z.object({ ...END_FIELDS, type: z.literal("HTTP"), config: HttpDestinationConfig }),
  z.object({ ...END_FIELDS, type: z.literal("MOCK"), config: MockDestinationConfig }),
]);
export type Destination = z.infer<typeof Destination>;

/** FASTHOOK_SIGNATURE is accepted as another name of SWITCHYARD_SIGNATURE. */
const AuthTypeInput = z.preprocess(
  (value) => (value === "FASTHOOK_SIGNATURE" ? "SWITCHYARD_SIGNATURE" : value),
  DestinationAuthType,
);
/** The fields of every type. Those of another type than the destination's are refused where it is saved. */
const ConfigInput = HttpDestinationConfig.partial()
  .extend({ auth_type: AuthTypeInput.optional() })
  .extend(MockDestinationConfig.partial().shape);
export type SentDestinationConfig = z.infer<typeof ConfigInput>;

export const CreateDestination = z.strictObject({
  name: Name,
  description: Description.optional(),
  type: z.enum(["HTTP", "MOCK"]).optional().meta({
    description:
      "HTTP where it is left out; then config.url is required. MOCK sends nothing and answers as configured.",
  }),
  config: ConfigInput.optional(),
});
export type CreateDestination = z.infer<typeof CreateDestination>;

/** PATCH merges into `config`: sending only `rate_limit` keeps the rest. A destination keeps its type. */
export const UpdateDestination = CreateDestination.partial().extend({ id: z.string().max(64) });
export type UpdateDestination = z.infer<typeof UpdateDestination>;

export const ListDestinations = NamedPageInput;
export type ListDestinations = z.infer<typeof ListDestinations>;
