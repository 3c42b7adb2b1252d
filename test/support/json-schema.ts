// Schemas that refuse what they do not know, and the faults that show that they do.
import { Ajv } from "ajv";

export type JsonSchema = Record<string, unknown>;

export const DNS_LABEL = "^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$";
export const DNS_NAME = "^[a-z0-9](?:[-.a-z0-9]*[a-z0-9])?$";

/** An object of these fields alone; those whose name ends in `?` may be left out. */
export function shape(fields: Record<string, JsonSchema>): JsonSchema {
  const entries = Object.entries(fields);
  return {
    type: "object",
    additionalProperties: false,
    required: entries.map(([name]) => name).filter((name) => !name.endsWith("?")),
    properties: Object.fromEntries(entries.map(([name, schema]) => [name.replace(/\?$/, ""), schema])),
  };
}

export const list = (items: JsonSchema): JsonSchema => ({ type: "array", minItems: 1, items });
export const map = (values: JsonSchema, names = ".*"): JsonSchema => ({
  type: "object",
  patternProperties: { [names]: values },
  additionalProperties: false,
});
export const words = (...choices: string[]): JsonSchema => ({ enum: choices });
export const text = (pattern?: string): JsonSchema => ({ type: "string", ...(pattern && { pattern }), minLength: 1 });
export const whole = (minimum = 0, maximum?: number): JsonSchema => ({
  type: "integer",
  minimum,
  ...(maximum !== undefined && { maximum }),
});
export const FLAG: JsonSchema = { type: "boolean" };

export type Check = (value: unknown) => string[];

/** @returns what names each place of a value that the schema refuses */
export function checkerOf(schema: JsonSchema): Check {
  const fits = new Ajv({ allErrors: true, allowUnionTypes: true, strictRequired: false }).compile(schema);
  return (value) => {
    if (fits(value)) return [];
    return (fits.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath || "/"} ${message} ${JSON.stringify(params)}`,
    );
  };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** Every value that differs from the given one in one place: a field more in an object, or a thing where a word or number was. */
export function* faultsOf(value: unknown, path = ""): Generator<[where: string, faulty: unknown]> {
  if (!isObject(value)) {
    yield [path, { planted: true }];
    return;
  }
  if (!Array.isArray(value)) yield [`${path}/planted`, { ...value, planted: { planted: true } }];
  for (const [name, part] of Object.entries(value))
    for (const [where, faulty] of faultsOf(part, `${path}/${name}`))
      yield [where, Array.isArray(value) ? value.with(Number(name), faulty) : { ...value, [name]: faulty }];
}
