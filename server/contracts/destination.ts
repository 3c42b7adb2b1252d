// A destination is one receiver. Its type says what kind it is, and so what its config holds.
import { z } from "zod";
import { ErrorCode } from "./attempt.ts";
import { BreakerReading, BreakerSettings } from "./breaker.ts";
import { CLI_DEFAULTS, CliDestinationConfig } from "./cli-destination.ts";
import { DEFAULT_LIMITS, DestinationLimits } from "./destination-limits.ts";
import { EMAIL_DEFAULTS, EmailDestinationConfig } from "./email-destination.ts";
import { END_FIELDS } from "./end.ts";
import { Groups } from "./groups.ts";
import { HeaderName, HeaderValue, HttpMethod } from "./http.ts";
import { NamedPageInput } from "./page.ts";
import { CHANGE_FIELDS, Description, Disabled, Name } from "./resource-fields.ts";
import { S3_DEFAULTS, S3DestinationConfig } from "./s3-destination.ts";
import { Secret } from "./secret.ts";
import { smallRecord } from "./small-record.ts";

export const DestinationAuthType = z.enum([
  "SWITCHYARD_SIGNATURE",
  "CUSTOM_SIGNATURE",
  "BASIC_AUTH",
  "API_KEY",
  "BODY_KEY",
  "BEARER_TOKEN",
  "SECRET_PATH",
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
  /** A field of a JSON body, for receivers that look for their key there. */
  BODY_KEY: z.strictObject({
    field: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/, "Name the field of the body, such as routing_key.")
      .default("routing_key"),
    api_key: Secret,
  }),
  BEARER_TOKEN: z.strictObject({ token: Secret }),
  /** For receivers whose URL is the credential: `config.url` holds the part that may be read, this the path and the query. */
  SECRET_PATH: z.strictObject({
    url_path: Secret.regex(
      /^\/(?![/\\])[^\s\\#]*$/,
      "Give the path as it follows the host, such as /services/T0/B0/x.",
    ),
  }),
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
  groups: Groups.nullable().meta({
    description: "Events with one value take turns with those of others, and have limits of their own.",
  }),
  auth_type: DestinationAuthType,
  auth: smallRecord(z.string(), z.unknown(), 20),
});
export type HttpDestinationConfig = z.infer<typeof HttpDestinationConfig>;

/** Failures of a network or a receiver. The other codes are the gateway's own verdicts. */
const MockErrorCode = ErrorCode.extract([
  "TIMEOUT",
  "CONNECTION_REFUSED",
  "CONNECTION_RESET",
  "DNS_LOOKUP_FAILED",
  "TLS_ERROR",
  "PROTOCOL_ERROR",
]);

const MAX_MOCK_BODY_LENGTH = 8_192;

export const MockAnswer = z.strictObject({
  status: z.int().min(200).max(599),
  latency_ms: z.int().min(0).max(60_000).meta({ description: "From the start of the attempt to the answer." }),
  body: z.string().max(MAX_MOCK_BODY_LENGTH),
  error_code: MockErrorCode.nullable().meta({ description: "The attempt fails with it, and there is no answer." }),
});
export type MockAnswer = z.infer<typeof MockAnswer>;

/** MOCK sends nothing: it answers as it is told, so that rules, retries and limits can be tried. */
export const MockDestinationConfig = z.strictObject({
  ...MockAnswer.shape,
  answers: z.array(MockAnswer.partial()).max(20).meta({
    description:
      "In turn: the first attempt of an event gets the first, and those after the last get the last. What one leaves out is as above.",
  }),
  ...DestinationLimits.shape,
});
export type MockDestinationConfig = z.infer<typeof MockDestinationConfig>;

/** The kinds of destination: the shape of each config, and the config before its owner sets anything. */
export const DESTINATION_KINDS = {
  HTTP: {
    config: HttpDestinationConfig,
    defaults: {
      url: "",
      http_method: null,
      path_forwarding_disabled: false,
      headers: {},
      timeout_ms: 15_000,
      auth_type: "SWITCHYARD_SIGNATURE",
      auth: {},
      ...DEFAULT_LIMITS,
      groups: null,
    } satisfies HttpDestinationConfig,
  },
  MOCK: {
    config: MockDestinationConfig,
    defaults: {
      status: 200,
      latency_ms: 0,
      body: "",
      error_code: null,
      answers: [],
      ...DEFAULT_LIMITS,
    } satisfies MockDestinationConfig,
  },
  S3: { config: S3DestinationConfig, defaults: S3_DEFAULTS },
  EMAIL: { config: EmailDestinationConfig, defaults: EMAIL_DEFAULTS },
  CLI: { config: CliDestinationConfig, defaults: CLI_DEFAULTS },
} as const;
export type DestinationType = keyof typeof DESTINATION_KINDS;
type ConfigOf<T extends DestinationType> = z.infer<(typeof DESTINATION_KINDS)[T]["config"]>;

/** The type of a destination never changes, and its config follows from it. */
export type DestinationSettings = { [T in DestinationType]: { type: T; config: ConfigOf<T> } }[DestinationType];

const FIELDS = { ...END_FIELDS, breaker: BreakerReading };
export const Destination = z.discriminatedUnion("type", [
  z.object({ ...FIELDS, type: z.literal("HTTP"), config: HttpDestinationConfig }),
  z.object({ ...FIELDS, type: z.literal("MOCK"), config: MockDestinationConfig }),
  z.object({ ...FIELDS, type: z.literal("S3"), config: S3DestinationConfig }),
  z.object({ ...FIELDS, type: z.literal("EMAIL"), config: EmailDestinationConfig }),
  z.object({ ...FIELDS, type: z.literal("CLI"), config: CliDestinationConfig }),
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
  .extend(MockDestinationConfig.partial().shape)
  .extend(S3DestinationConfig.partial().shape)
  .extend(EmailDestinationConfig.partial().shape)
  .extend({ breaker: BreakerSettings.partial().optional(), groups: Groups.partial().nullable().optional() });
export type SentDestinationConfig = z.infer<typeof ConfigInput>;

export const CreateDestination = z.strictObject({
  name: Name,
  description: Description.optional(),
  type: z
    .enum(Object.keys(DESTINATION_KINDS) as DestinationType[])
    .exclude(["CLI"])
    .optional()
    .meta({
      description:
        "HTTP where it is left out; then config.url is required. S3 writes objects into a bucket. EMAIL tells people of issues. MOCK sends nothing and answers as configured.",
    }),
  config: ConfigInput.optional(),
  disabled: Disabled,
});
export type CreateDestination = z.infer<typeof CreateDestination>;

/** PATCH merges into `config`: sending only `rate_limit` keeps the rest. A destination keeps its type. */
export const UpdateDestination = CreateDestination.partial().extend(CHANGE_FIELDS);
export type UpdateDestination = z.infer<typeof UpdateDestination>;

/** The copy has the very secrets, which no read shows. */
export const DuplicateDestination = z.strictObject({ id: z.string().max(64), name: Name });
export type DuplicateDestination = z.infer<typeof DuplicateDestination>;

export const ListDestinations = NamedPageInput;
export type ListDestinations = z.infer<typeof ListDestinations>;
