// Schemas of Kubernetes' own kinds, out of the models that its client is generated with: every field with its type, and those that are required.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_ROOT } from "#server/start/build.ts";
import { DNS_LABEL, DNS_NAME, type JsonSchema } from "./json-schema.ts";

const GENERATED = join(PROJECT_ROOT, "node_modules/@kubernetes/client-node/dist/gen");

interface Attribute {
  name: string;
  /** As it stands in a manifest. */
  baseName: string;
  type: string;
  format: string;
}

const QUANTITIES = {
  additionalProperties: { type: "string", pattern: "^\\d+(?:\\.\\d+)?(?:m|[kMGTPE]|[KMGTPE]i)?$" },
};

/** A model's field asks for more than its type says: the models have no lists of words. */
const NARROWED: Record<string, JsonSchema> = {
  "V1Container.name": { pattern: DNS_LABEL, maxLength: 63 },
  "V1ContainerPort.name": { pattern: DNS_LABEL, maxLength: 15 },
  "V1HTTPIngressPath.pathType": { enum: ["Exact", "ImplementationSpecific", "Prefix"] },
  "V1ObjectMeta.name": { pattern: DNS_NAME, maxLength: 253 },
  "V1PodSpec.restartPolicy": { enum: ["Always", "Never", "OnFailure"] },
  "V1ResourceRequirements.limits": QUANTITIES,
  "V1ResourceRequirements.requests": QUANTITIES,
  "V1SeccompProfile.type": { enum: ["Localhost", "RuntimeDefault", "Unconfined"] },
  "V1TopologySpreadConstraint.whenUnsatisfiable": { enum: ["DoNotSchedule", "ScheduleAnyway"] },
  "V2MetricSpec.type": { enum: ["ContainerResource", "External", "Object", "Pods", "Resource"] },
  "V2MetricTarget.type": { enum: ["AverageValue", "Utilization", "Value"] },
};

/**
 * @returns a schema of the kind that takes no field the model lacks, at any depth. Throws where the API group of the client makes no such kind:
 * an `apiVersion` that is wrong, or a kind of some operator.
 */
export function kubernetesKind(apiVersion: string, kind: string): JsonSchema {
  const [version = "", group = "core"] = apiVersion.split("/").toReversed();
  const api = `${group.replace(/\.k8s\.io$/, "").replace(/(?:^|\.)./g, capital)}${version.replace(/^./, capital)}Api`;
  const calls = read("apis", `${api}.d.ts`);
  if (!new RegExp(`^ {4}create(?:Namespaced)?${kind}\\(`, "m").test(calls))
    throw new Error(`${apiVersion} has no ${kind}`);
  const root = `${version.replace(/^./, capital)}${kind}`;
  const definitions: Record<string, JsonSchema> = {};
  const wanted = [root];
  for (const model of wanted) definitions[model] ??= schemaOfModel(model, (name) => wanted.push(name));
  const named = { type: "object", required: ["name"] };
  return {
    definitions,
    type: "object",
    required: ["apiVersion", "kind", "metadata"],
    properties: { apiVersion: { const: apiVersion }, kind: { const: kind }, metadata: named },
    allOf: [{ $ref: `#/definitions/${root}` }],
  };
}

const capital = (text: string) => text.replace(".", "").toUpperCase();

function read(folder: string, file: string): string {
  const path = join(GENERATED, folder, file);
  if (!existsSync(path)) throw new Error(`Kubernetes' client has no ${file}`);
  return readFileSync(path, "utf8");
}

function schemaOfModel(model: string, want: (model: string) => void): JsonSchema {
  const attributes = /attributeTypeMap = (\[[\s\S]*?\n\]);/.exec(read("models", `${model}.js`))?.[1];
  if (!attributes) throw new Error(`The model ${model} says nothing of its fields`);
  const fields = JSON.parse(attributes) as Attribute[];
  // A field that may be left out has a question mark.
  const required = new Set([...read("models", `${model}.d.ts`).matchAll(/^ {4}'(\w+)': /gm)].map(([, name]) => name));
  return {
    type: "object",
    additionalProperties: false,
    required: fields.filter(({ name }) => required.has(name)).map(({ baseName }) => baseName),
    properties: Object.fromEntries(
      fields.map(({ baseName, type, format }) => [
        baseName,
        { ...schemaOfType(type, format, want), ...NARROWED[`${model}.${baseName}`] },
      ]),
    ),
  };
}

function schemaOfType(type: string, format: string, want: (model: string) => void): JsonSchema {
  const [, item] = /^Array<(.+)>$/.exec(type) ?? [];
  if (item) return { type: "array", items: schemaOfType(item, format, want) };
  const [, value] = /^\{ \[key: string\]: (.+); \}$/.exec(type) ?? [];
  if (value) return { type: "object", additionalProperties: schemaOfType(value, format, want) };
  const plain: Record<string, JsonSchema> = {
    any: {},
    boolean: { type: "boolean" },
    Date: { type: "string" },
    IntOrString: { type: ["integer", "string"] },
    number: { type: format.startsWith("int") ? "integer" : "number" },
    string: { type: "string" },
  };
  if (plain[type]) return plain[type];
  want(type);
  return { $ref: `#/definitions/${type}` };
}
