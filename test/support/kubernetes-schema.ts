// The part of a structural schema that the test's API server holds objects against, as Kubernetes does: types, lists of words, patterns
// and required fields; fields that it does not know are dropped, unless it keeps them.
import type { StructuralSchema } from "#server/flows/file-schema.ts";

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const FITS: Record<string, (value: unknown) => boolean> = {
  object: isRecord,
  array: Array.isArray,
  string: (value) => typeof value === "string",
  integer: Number.isInteger,
  number: (value) => typeof value === "number",
  boolean: (value) => typeof value === "boolean",
};

/** @param problems takes a sentence for each mistake @returns the value as it is stored */
export function pruned(schema: StructuralSchema, value: unknown, path: string, problems: string[]): unknown {
  if (value === null && schema.nullable) return null;
  const { type, properties = {}, additionalProperties, items, required = [] } = schema;
  if (type && !FITS[type]?.(value)) {
    problems.push(`${path}: Invalid value: must be of type ${type}`);
    return value;
  }
  if (schema.enum && !schema.enum.includes(value as string)) problems.push(`${path}: Unsupported value: ${value}`);
  if (schema.pattern && !new RegExp(schema.pattern).test(value as string))
    problems.push(`${path}: Invalid value: should match '${schema.pattern}'`);
  if (Array.isArray(value))
    return items ? value.map((each, index) => pruned(items, each, `${path}[${index}]`, problems)) : value;
  if (!isRecord(value)) return value;
  for (const name of required) if (!(name in value)) problems.push(`${path}.${name}: Required value`);
  const isKept = schema["x-kubernetes-preserve-unknown-fields"] === true;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => {
      const of = properties[name] ?? additionalProperties;
      if (!of) return isKept ? [[name, each]] : [];
      return [[name, pruned(of, each, `${path}.${name}`, problems)]];
    }),
  );
}
