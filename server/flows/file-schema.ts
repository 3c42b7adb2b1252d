// The spec of a flow's file as a structural schema of Kubernetes: made from the shapes that read a file and from the contracts of the
// API, so that neither can have a field that the other lacks.
import { z } from "zod";
import { DESTINATION_KINDS, type DestinationType } from "#server/contracts/destination.ts";
import { RetryPolicy } from "#server/contracts/retry-policy.ts";
import { DeduplicateRule, FilterRule } from "#server/contracts/rule.ts";
import { SourceConfig } from "#server/contracts/source.ts";
import { destinationShape, RULE_SHAPES, sourceShape } from "./shapes.ts";
import { isSame, type Shape } from "./spelling.ts";

/** The part of OpenAPI 3 that a structural schema may use. */
export interface StructuralSchema {
  type?: "object" | "array" | "string" | "integer" | "number" | "boolean";
  description?: string;
  nullable?: boolean;
  enum?: string[];
  pattern?: string;
  properties?: Record<string, StructuralSchema>;
  required?: string[];
  items?: StructuralSchema;
  additionalProperties?: StructuralSchema;
  "x-kubernetes-preserve-unknown-fields"?: true;
}

/** The kind of value that the API takes, by its JSON Schema. */
interface ApiSchema extends Omit<StructuralSchema, "properties" | "items" | "additionalProperties"> {
  properties?: Record<string, ApiSchema>;
  items?: ApiSchema;
  additionalProperties?: ApiSchema | false;
  anyOf?: ApiSchema[];
  oneOf?: ApiSchema[];
}

/** Longer lists, such as the providers, grow with each version: the gateway knows its own. */
const MAX_LISTED = 12;
const DURATION = "^[0-9]{1,12}(ms|s|m|h|d)$";
const RATE = "^[0-9]{1,9}/(second|minute|hour)$";

const anything = (): StructuralSchema => ({ "x-kubernetes-preserve-unknown-fields": true });

/** A field that is misspelt reaches the gateway, which names it: Kubernetes itself would drop it without a word. */
const object = (properties: Record<string, StructuralSchema>, required: string[] = []): StructuralSchema => ({
  type: "object",
  properties,
  ...(required.length > 0 && { required }),
  "x-kubernetes-preserve-unknown-fields": true,
});

const apiSchemaOf = (contract: z.ZodType): ApiSchema =>
  z.toJSONSchema(contract, { io: "input", unrepresentable: "any", target: "openapi-3.0" }) as ApiSchema;

const told = ({ description, nullable }: ApiSchema): StructuralSchema => ({
  ...(description !== undefined && { description }),
  ...(nullable && { nullable }),
});

const PLAIN_TYPES: ReadonlySet<string | undefined> = new Set(["string", "integer", "number", "boolean"]);

/** Types and short lists of words; limits are the gateway's, which says them with the remedy. */
function plain(api: ApiSchema): StructuralSchema {
  if (PLAIN_TYPES.has(api.type)) {
    const isListed = api.enum !== undefined && api.enum.length <= MAX_LISTED && !api.nullable;
    return { type: api.type, ...told(api), ...(isListed && { enum: api.enum }) } as StructuralSchema;
  }
  if (api.type === "array" && api.items) return { type: "array", ...told(api), items: plain(api.items) };
  return { ...anything(), ...told(api) };
}

function schemaOf(api: ApiSchema, shape: Shape): StructuralSchema {
  if (shape === "plain") return plain(api);
  if (shape === "duration") return { type: "string", ...told(api), pattern: DURATION };
  if (shape === "rate") return { type: "string", ...told(api), pattern: RATE };
  if (shape.kind === "list") return { type: "array", ...told(api), items: schemaOf(api.items ?? {}, shape.of) };
  if (shape.kind === "record") {
    const of = api.additionalProperties || {};
    return { type: "object", ...told(api), additionalProperties: schemaOf(of, shape.of) };
  }
  const known = { ...api.properties, ...Object.assign({}, ...(api.oneOf ?? []).map(({ properties }) => properties)) };
  const fields = shape.fields.map(({ api: name, file, shape: own }) => [file, schemaOf(known[name] ?? {}, own)]);
  return { ...object(Object.fromEntries(fields)), ...told(api) };
}

const propertiesOf = (contract: z.ZodType, shape: Shape) => schemaOf(apiSchemaOf(contract), shape).properties ?? {};

/** The fields of all kinds of destination beside each other; one that two kinds read differently takes anything. */
function destinationSettings(): Record<string, StructuralSchema> {
  const types = (Object.keys(DESTINATION_KINDS) as DestinationType[]).filter((type) => type !== "CLI");
  const all: Record<string, StructuralSchema> = {};
  for (const type of types) {
    for (const [name, schema] of Object.entries(propertiesOf(DESTINATION_KINDS[type].config, destinationShape(type)))) {
      const known = all[name];
      const isOther = known !== undefined && !isSame({ ...known, description: "" }, { ...schema, description: "" });
      all[name] = isOther ? anything() : (known ?? schema);
    }
  }
  return all;
}

const text = (description?: string): StructuralSchema => ({ type: "string", ...(description && { description }) });
const flag = (description?: string): StructuralSchema => ({ type: "boolean", ...(description && { description }) });
const HEAD = {
  name: text(),
  type: text(),
  description: { ...text(), nullable: true },
  disabled: flag(),
  ref: text("In place of a name: declared elsewhere."),
};

const connection = (): Record<string, StructuralSchema> => ({
  connect: flag("False: nothing is routed here."),
  connection: object({ name: text(), description: { ...text(), nullable: true }, disabled: flag() }),
  paused: flag("Events to it are held."),
  deduplicate: object(propertiesOf(DeduplicateRule, RULE_SHAPES.deduplicate)),
  transform: text("The name of a transformation."),
  filter: object(propertiesOf(FilterRule, RULE_SHAPES.filter)),
  delay: { type: "string", pattern: DURATION },
  retry: object(propertiesOf(RetryPolicy, RULE_SHAPES.retry)),
});

/** @param secretFrom the schema of what stands in place of a secret */
export function flowSpecSchema(secretFrom: StructuralSchema): StructuralSchema {
  const secret = object({ secretFrom });
  const auth = object({ secret });
  const secrets: StructuralSchema = { type: "object", additionalProperties: secret };
  const source = propertiesOf(SourceConfig, sourceShape({}));
  const destination = { ...destinationSettings(), ...connection(), auth, headers: secrets };
  const transformation = { name: text(), description: HEAD.description, code: text(), env: secrets };
  return object({
    source: object({ ...HEAD, ...source, auth }),
    destinations: { type: "array", items: object({ ...HEAD, ...destination }) },
    transformations: { type: "array", items: object(transformation, ["name", "code"]) },
  });
}
