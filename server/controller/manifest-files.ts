// The manifest of the CustomResourceDefinition, from the schema of a flow's spec.
import { join } from "node:path";
import { stringify } from "yaml";
import { GROUP, KIND, PLURAL, VERSION } from "./delivery-flow.ts";

export const MANIFESTS_DIR = join(import.meta.dirname, "manifests");

const text = { type: "string" } as const;
const time = { type: "string", format: "date-time" };
const count = { type: "integer" };
const listOf = (properties: object) => ({ type: "array", items: { type: "object", properties } });
const nullable = (schema: object) => ({ ...schema, nullable: true });

const STATUS = {
  type: "object",
  properties: {
    observedGeneration: { type: "integer", format: "int64" },
    conditions: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["type"],
      items: {
        type: "object",
        required: ["type", "status", "reason", "message", "lastTransitionTime"],
        properties: {
          type: text,
          status: { type: "string", enum: ["True", "False", "Unknown"] },
          reason: text,
          message: text,
          observedGeneration: { type: "integer", format: "int64" },
          lastTransitionTime: time,
        },
      },
    },
    team: text,
    fingerprint: nullable(text),
    appliedInputs: nullable(text),
    lastAppliedTime: nullable(time),
    resources: nullable({ type: "object", properties: { declared: count, drifted: count, left: count } }),
    problems: nullable(listOf({ path: text, message: text })),
    drift: nullable(listOf({ kind: text, name: text, path: text, changedBy: text })),
  },
};

/** In place of a secret. */
export const SECRET_FROM = {
  type: "object" as const,
  description: "One of these.",
  properties: {
    secretRef: {
      type: "object" as const,
      description: "A value of a Secret in this namespace.",
      required: ["name", "key"],
      properties: { name: text, key: text },
    },
    env: { ...text, description: "A key of the Secret that the annotation switchyard.dev/env-from names." },
    existing: { type: "boolean" as const, description: "True: it stays as it is." },
  },
};

const condition = (type: string, field: string) => `.status.conditions[?(@.type=="${type}")].${field}`;
const COLUMNS = [
  { name: "Ready", type: "string", jsonPath: condition("Ready", "status") },
  { name: "Reason", type: "string", jsonPath: condition("Ready", "reason") },
  { name: "Drifted", type: "string", jsonPath: condition("Drifted", "status") },
  { name: "Resources", type: "integer", jsonPath: ".status.resources.declared" },
  { name: "Applied", type: "date", jsonPath: ".status.lastAppliedTime" },
  { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
  { name: "Message", type: "string", priority: 1, jsonPath: condition("Ready", "message") },
];

function definitionOf(spec: object): object {
  const names = {
    kind: KIND,
    listKind: `${KIND}List`,
    plural: PLURAL,
    singular: "deliveryflow",
    shortNames: ["dflow"],
  };
  const schema = {
    type: "object",
    description: "A source and where its events go, as a file of Switchyard declares it.",
    required: ["spec"],
    properties: { spec, status: STATUS },
  };
  const version = {
    name: VERSION,
    served: true,
    storage: true,
    subresources: { status: {} },
    additionalPrinterColumns: COLUMNS,
    schema: { openAPIV3Schema: schema },
  };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${PLURAL}.${GROUP}` },
    spec: { group: GROUP, scope: "Namespaced", names: { ...names, categories: ["switchyard"] }, versions: [version] },
  };
}

/** The text of manifests/crd.yaml. @param spec its structural schema */
export const definitionText = (spec: object): string =>
  `# Written by \`npm run crd\`.\n${stringify(definitionOf(spec), { lineWidth: 0, aliasDuplicateObjects: false })}`;
