// The input of a tool: the chosen fields of its operation's contract, as JSON Schema for the agent and as a check of its call.
import type { JSONObject } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { JsonOperation } from "#server/api/operation.ts";
import { MAX_ISSUES } from "#server/errors/app-error.ts";
import { unprocessable } from "#server/errors/field-issues.ts";

export interface InputSchema {
  type: "object";
  properties: Record<string, JSONObject>;
  required?: string[];
  additionalProperties: false;
  [more: string]: unknown;
}

/** Bounds that no agent comes near; the contract has them anyway. */
const NOISE = new Set(["maxLength", "minLength", "maxItems", "minItems", "examples", "pattern"]);

const withoutNoise = (schema: JSONObject): JSONObject =>
  JSON.parse(JSON.stringify(schema), (key, value) => (NOISE.has(key) ? undefined : value));

const BARE = new Set(["type", "items", "anyOf", "properties", "required", "additionalProperties"]);

/** The input of a run, whose arguments its plan has written out: the agent needs only their types. */
export function runSchema(planned: InputSchema, more: Record<string, JSONObject>): InputSchema {
  const typesOf = (schema: JSONObject): JSONObject =>
    JSON.parse(JSON.stringify(schema), (key, value) =>
      key === "" || BARE.has(key) || /^\d+$/.test(key) ? value : undefined,
    );
  const properties = Object.fromEntries(
    Object.entries(planned.properties).map(([name, schema]) => [name, typesOf(schema)]),
  );
  const required = [...(planned.required ?? []), ...Object.keys(more)];
  return { ...planned, properties: { ...properties, ...more }, required };
}

export function inputSchema(operation: JsonOperation, fields: readonly string[]): InputSchema {
  const json = z.toJSONSchema(operation.input, { io: "input", target: "draft-2020-12", unrepresentable: "any" });
  const known = (json.properties ?? {}) as Record<string, JSONObject>;
  const properties = Object.fromEntries(
    fields.map((name) => {
      const schema = known[name];
      if (schema === undefined) throw new Error(`The operation ${operation.path} has no field ${name}.`);
      return [name, withoutNoise(schema)];
    }),
  );
  const required = (json.required ?? []).filter((name) => fields.includes(name));
  return { type: "object", properties, ...(required.length > 0 && { required }), additionalProperties: false };
}

/** @throws AppError naming each field that the tool does not have */
export function requireFields(input: Record<string, unknown>, { properties }: InputSchema): void {
  const names = Object.keys(properties);
  const unknown = Object.keys(input).filter((name) => !names.includes(name));
  if (unknown.length === 0) return;
  const remedy = names.length > 0 ? `use ${names.join(", ")}` : "this tool takes none";
  const told = unknown.slice(0, MAX_ISSUES);
  const issues = told.map((path) => ({ path, message: `There is no field ${path.slice(0, 64)}: ${remedy}.` }));
  throw unprocessable(issues, unknown.length);
}
