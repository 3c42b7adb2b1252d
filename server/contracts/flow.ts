// A flow is a file that declares a source and where its events go: planned, applied as one, exported, and compared with
// what runs.
import { z } from "zod";
import { Name, Timestamp } from "./resource-fields.ts";
import { smallRecord } from "./small-record.ts";

export const FLOW_API_VERSION = "switchyard.dev/v1";
export const FLOW_KIND = "DeliveryFlow";
export const MAX_FLOW_CHARS = 524_288;
export const MAX_FLOW_DOCUMENTS = 200;
/** Of a team. A list holds the text of each. */
export const MAX_FLOWS = 500;
export const MAX_TEAM_FLOW_CHARS = 4 * 1024 * 1024;

export const FlowResourceKind = z.enum(["source", "destination", "connection", "transformation"]);
export type FlowResourceKind = z.infer<typeof FlowResourceKind>;

/** What is wrong in a file, and where. */
export const FlowProblem = z.object({
  line: z.int().nullable().meta({ description: "From 1; null where it is of no one place." }),
  column: z.int().nullable(),
  path: z.string().meta({ description: "As the file spells it, such as `spec.destinations[1].retry.interval`." }),
  message: z.string(),
});
export type FlowProblem = z.infer<typeof FlowProblem>;

const FlowAuthor = z.object({
  actor_kind: z.string(),
  actor_id: z.string(),
  actor_name: z.string().nullable().meta({ description: "What the actor is called today; null where it has no name." }),
  at: Timestamp,
});
export type FlowAuthor = z.infer<typeof FlowAuthor>;

const Value = z.unknown().meta({ description: "Null where nothing is set; secrets masked." });

/** A field that somebody has changed since the file was applied. */
export const FlowDrift = z.object({
  path: z.string().meta({ description: "Such as `config.rate_limit` or `rules.retry.count`." }),
  file: Value.meta({ description: "What the file said when it was applied." }),
  runs: Value,
  changed_by: FlowAuthor.nullable().meta({ description: "By the audit log; null where that does not say." }),
});
export type FlowDrift = z.infer<typeof FlowDrift>;

export const FlowField = z.object({
  path: FlowDrift.shape.path,
  before: Value,
  after: Value,
  drift: FlowDrift.pick({ file: true, changed_by: true })
    .nullable()
    .meta({ description: "Set where somebody has changed it since the file was applied: it needs a choice." }),
  line: z.int().nullable().meta({ description: "Where the file says it; null where it leaves it out." }),
});
export type FlowField = z.infer<typeof FlowField>;

export const FlowLoss = z.object({
  kind: z.enum(["pending_events", "failed_events", "url", "order", "senders", "address", "held_events", "settings"]),
  count: z.int().nullable(),
  says: z.string(),
});
export type FlowLoss = z.infer<typeof FlowLoss>;

export const FlowChange = z.object({
  action: z.enum(["create", "update", "delete"]),
  kind: FlowResourceKind,
  id: z.string().nullable().meta({ description: "Null of what is to be made." }),
  name: z.string(),
  flow: z.string(),
  line: z.int().nullable(),
  fields: z
    .array(FlowField)
    .meta({ description: "Of what is to be made: those that are not as usual. Of what is deleted: none." }),
  losses: z.array(FlowLoss),
});
export type FlowChange = z.infer<typeof FlowChange>;

const SecretName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, "Use letters, digits and underscores.");

/** Answers what applying it would do. Nothing is saved. */
export const PlanFlows = z.strictObject({
  text: z
    .string()
    .min(1)
    .max(MAX_FLOW_CHARS)
    .meta({ description: "YAML or JSON; several documents are parted by lines of `---`." }),
  prune: z.boolean().default(false).meta({
    description: "Deletes what these flows own and their file does not declare any more.",
  }),
  only_new: z.boolean().default(false).meta({
    description:
      "Makes what is not there under its name, and leaves what is there as it runs. No flow is kept: what it makes belongs to nobody. For a move from elsewhere.",
  }),
  secrets: smallRecord(SecretName, z.string().min(1).max(8192), 2_000).default({}).meta({
    description:
      "The values that `secretFrom: {env: NAME}` names in the file. They are stored with their resource alone.",
  }),
});
export type PlanFlows = z.infer<typeof PlanFlows>;

export const FlowPlan = z.object({
  problems: z.array(FlowProblem).meta({ description: "While there is one, nothing of the file can be applied." }),
  fingerprint: z
    .string()
    .nullable()
    .meta({ description: "Send it with the file: it is applied only if it would still do this. Null with problems." }),
  is_empty: z.boolean().meta({ description: "What runs is what the file says." }),
  flows: z.array(z.object({ name: z.string(), is_new: z.boolean(), line: z.int().nullable() })),
  changes: z.array(FlowChange),
  unchanged_count: z.int(),
  left: z.array(z.object({ kind: FlowResourceKind, id: z.string(), name: z.string(), flow: z.string() })).meta({
    description: "Owned by these flows and not in the file any more. With `prune` they are deleted.",
  }),
  existing: z
    .array(
      z.object({
        kind: FlowResourceKind,
        id: z.string(),
        name: z.string(),
        paths: z.array(z.string()).meta({ description: "Where it is not as the file says." }),
      }),
    )
    .meta({ description: "With `only_new`: what is there already and stays." }),
  warnings: z.array(FlowProblem),
});
export type FlowPlan = z.infer<typeof FlowPlan>;

const Take = z.enum(["file", "runs"]);

export const FlowChoice = z.strictObject({
  kind: FlowResourceKind,
  name: Name,
  path: z.string().max(300),
  take: Take.meta({ description: "`file`: what the file says. `runs`: it stays as it runs, and drifted." }),
});
export type FlowChoice = z.infer<typeof FlowChoice>;

export const ApplyFlows = PlanFlows.extend({
  fingerprint: z.string().max(64).optional().meta({
    description: "Of a plan. When the configuration has changed since, nothing is saved and the answer is a 409.",
  }),
  choices: z.array(FlowChoice).max(2_000).default([]).meta({ description: "One for each drifted field of the plan." }),
  drift: Take.optional().meta({ description: "The choice for drifted fields that `choices` does not name." }),
});
export type ApplyFlows = z.infer<typeof ApplyFlows>;

export const AppliedFlows = z.object({
  is_changed: z.boolean(),
  changes: z.array(FlowChange.pick({ action: true, kind: true, name: true, flow: true }).extend({ id: z.string() })),
  unchanged_count: z.int(),
  made_secrets: z
    .array(z.object({ destination_id: z.string(), name: z.string(), signing_secret: z.string() }))
    .meta({ description: "Signing secrets of new destinations, shown this once." }),
  warnings: z.array(FlowProblem),
});
export type AppliedFlows = z.infer<typeof AppliedFlows>;

export const ExportFlows = z.object({
  source_id: z.string().max(64).optional().meta({ description: "Only the flow of this source." }),
});
export type ExportFlows = z.infer<typeof ExportFlows>;

export const ExportedFlows = z.object({ text: z.string() });
export type ExportedFlows = z.infer<typeof ExportedFlows>;

export const FlowResource = z.object({
  kind: FlowResourceKind,
  id: z.string(),
  name: z.string(),
  is_gone: z.boolean().meta({ description: "Somebody has deleted it." }),
  drift: z.array(FlowDrift),
});
export type FlowResource = z.infer<typeof FlowResource>;

/** A flow as it was applied last. */
export const Flow = z.object({
  id: z.string(),
  team_id: z.string(),
  name: Name,
  text: z.string().meta({ description: "Its document of the file." }),
  applied_at: Timestamp,
  applied_by: FlowAuthor.omit({ at: true }),
  resources: z.array(FlowResource),
  drifted_count: z.int().meta({ description: "How many of its resources are not as the file says." }),
});
export type Flow = z.infer<typeof Flow>;

export const ListFlows = z.object({});

export const FlowList = z.object({ data: z.array(Flow) });
export type FlowList = z.infer<typeof FlowList>;
