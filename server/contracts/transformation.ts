import { z } from "zod";
import { AnyJson } from "./json.ts";
import { NamedPageInput } from "./page.ts";
import { manyOf, WholeNumber } from "./query-values.ts";
import { CHANGE_FIELDS, Description, Name, Timestamp } from "./resource-fields.ts";
import { smallRecord } from "./small-record.ts";
import { ConsoleLine, TransformError } from "./why.ts";

export const Code = z.string().min(1).max(262_144).meta({ description: "The JavaScript." });
const Env = smallRecord(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, "Use letters, digits and underscores."),
  z.string().max(8192),
  100,
).meta({
  description:
    "`context.env` of the code. Values read as `…f3a9`; one that is sent back as it was read stays as it is.",
});

export const Transformation = z.object({
  id: z.string(),
  team_id: z.string(),
  name: Name,
  description: Description,
  code: Code,
  env: Env,
  version: z.int(),
  unusable_because: z
    .string()
    .nullable()
    .meta({ description: "What its owner has to mend before it works; else null." }),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export type Transformation = z.infer<typeof Transformation>;

export const CreateTransformation = z.strictObject({
  name: Name,
  description: Description.optional(),
  code: Code,
  env: Env.optional(),
});
export type CreateTransformation = z.infer<typeof CreateTransformation>;

/** A change of `code` or `env` makes a new version. */
export const UpdateTransformation = z.strictObject({
  ...CHANGE_FIELDS,
  name: Name.optional(),
  description: Description.optional(),
  code: Code.optional(),
  env: Env.optional(),
});
export type UpdateTransformation = z.infer<typeof UpdateTransformation>;

export const ListTransformations = NamedPageInput.omit({ disabled: true });
export type ListTransformations = z.infer<typeof ListTransformations>;

const VersionNumber = WholeNumber(1, 2_147_483_647).meta({ description: "The number of a version." });

export const TransformationVersion = z.object({
  version: z.int(),
  code: Code,
  env: Env,
  actor_kind: z.string().nullable().meta({ description: "As in the audit log; null from before authors were kept." }),
  actor_id: z.string().nullable(),
  actor_name: z
    .string()
    .nullable()
    .meta({ description: "What the author is called today; null where it has no name." }),
  restored_from: z.int().nullable().meta({ description: "The version that this one brought back." }),
  created_at: Timestamp,
});
export type TransformationVersion = z.infer<typeof TransformationVersion>;

/** The newest version first. */
export const ListTransformationVersions = z.object({
  id: z.string().max(64),
  limit: WholeNumber(1, 255).default(100),
  before: VersionNumber.optional().meta({ description: "Only versions below this number." }),
});
export type ListTransformationVersions = z.infer<typeof ListTransformationVersions>;

/** Code and env of an older version become those of a new one. */
export const RestoreTransformation = z.strictObject({ ...CHANGE_FIELDS, version: VersionNumber });
export type RestoreTransformation = z.infer<typeof RestoreTransformation>;

/** The copy has the very values of env, which no read shows. */
export const DuplicateTransformation = z.strictObject({ id: z.string().max(64), name: Name });
export type DuplicateTransformation = z.infer<typeof DuplicateTransformation>;

export const GetTransformationUsage = z.object({
  id: manyOf(z.string().max(64)).meta({ description: "Without it the newest 255." }),
});
export type GetTransformationUsage = z.infer<typeof GetTransformationUsage>;

export const TransformationUsage = z.object({
  data: z.array(
    z.object({
      transformation_id: z.string(),
      connections_count: z.int().meta({ description: "Connections whose transform rule names it." }),
      failed_24h_count: z.int().meta({
        description: "Requests of the last 24 hours that it failed on, at the connections that name it today.",
      }),
    }),
  ),
});
export type TransformationUsage = z.infer<typeof TransformationUsage>;

/** The request as a transform sees it. Header names are lower case; `body` is parsed JSON or a form, else text. */
export const TransformRequest = z.object({
  headers: z.record(z.string(), z.string()).default({}),
  body: AnyJson.optional(),
  query: z.record(z.string(), AnyJson).default({}),
  path: z.string().default("/"),
  method: z.string().default("POST"),
  created_at: z.string().optional(),
});
export type TransformRequest = z.infer<typeof TransformRequest>;

/**
 * Try code (given, or that of `transformation_id`) on a request (given, or the stored `request_id`). Code that is given beside
 * `transformation_id` runs with the saved env of that one. Nothing is saved.
 */
export const RunTransformation = z
  .strictObject({
    transformation_id: z.string().max(64).optional(),
    code: Code.optional(),
    env: Env.optional(),
    request_id: z.string().max(64).optional(),
    request: TransformRequest.optional(),
  })
  .superRefine((input, ctx) => {
    if (input.code === undefined && input.transformation_id === undefined) {
      ctx.addIssue({ code: "custom", path: ["code"], message: "Give code, transformation_id, or both." });
    }
    if (input.request !== undefined && input.request_id !== undefined) {
      ctx.addIssue({ code: "custom", path: ["request"], message: "Give request or request_id, not both." });
    }
  });
export type RunTransformation = z.infer<typeof RunTransformation>;

export const TransformationRun = z.object({
  request: TransformRequest.nullable().meta({ description: "What the code returned; null when it failed." }),
  error: TransformError.nullable(),
  console: z.array(ConsoleLine),
  duration_ms: z.number(),
});
export type TransformationRun = z.infer<typeof TransformationRun>;
