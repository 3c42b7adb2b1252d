// TypeScript types of JSON Schemas, as the contracts give them: for the SDK.
import type { Json } from "./json-schema.ts";

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;
const REFERENCE = "#/components/schemas/";

const keyOf = (name: string) => (IDENTIFIER.test(name) ? name : JSON.stringify(name));

/** A comment above a field or a type. */
export function docOf(text: unknown, indent: string): string {
  if (typeof text !== "string" || text === "") return "";
  return `${indent}/** ${text.replaceAll("*/", "*\\/").replaceAll("\n", " ")} */\n`;
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

function unionOf(schemas: readonly Json[], indent: string): string {
  const parts = [...new Set(schemas.map((schema) => typeOf(schema, indent)))];
  return parts.includes("unknown") ? "unknown" : parts.join(" | ");
}

function arrayOf(schema: Json, indent: string): string {
  const first = listOf(schema.prefixItems);
  if (first.length > 0) return `[${first.map((item) => typeOf(item, indent)).join(", ")}]`;
  const item = isObject(schema.items) ? typeOf(schema.items, indent) : "unknown";
  return /^[\w$]+$/.test(item) ? `${item}[]` : `Array<${item}>`;
}

/** The fields of an object, each with its comment. A name that JSON may leave out may be undefined too: both send nothing. */
function objectOf(schema: Json, indent: string): string {
  const properties = Object.entries(isObject(schema.properties) ? schema.properties : {});
  const others = schema.additionalProperties;
  const rest = isObject(others) ? typeOf(others, `${indent}  `) : "unknown";
  const isOpen = properties.length === 0 && others !== false;
  if (isOpen) return `Record<string, ${rest}>`;
  if (properties.length === 0) return "Record<string, never>";
  const required = Array.isArray(schema.required) ? schema.required : [];
  const inner = `${indent}  `;
  const lines = properties.map(([name, value]) => {
    const field = isObject(value) ? value : {};
    const isRequired = required.includes(name);
    const type = typeOf(field, inner);
    return `${docOf(field.description, inner)}${inner}${keyOf(name)}${isRequired ? "" : "?"}: ${type}${isRequired || type === "unknown" ? "" : " | undefined"};`;
  });
  if (isObject(others) && Object.keys(others).length > 0) lines.push(`${inner}[name: string]: unknown;`);
  return `{\n${lines.join("\n")}\n${indent}}`;
}

const SCALARS: Record<string, string> = {
  string: "string",
  integer: "number",
  number: "number",
  boolean: "boolean",
  null: "null",
};

/**
 * The type of a schema; a reference is the name of its component.
 * @throws Error for what no contract gives today, so that nothing is quietly typed as anything
 */
export function typeOf(schema: Json, indent = ""): string {
  if (typeof schema.$ref === "string") return schema.$ref.replace(REFERENCE, "");
  if ("const" in schema) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const either = [...listOf(schema.anyOf), ...listOf(schema.oneOf)];
  if (either.length > 0) return unionOf(either, indent);
  const all = listOf(schema.allOf);
  if (all.length > 0) return all.map((part) => `(${typeOf(part, indent)})`).join(" & ");
  const { type } = schema;
  if (Array.isArray(type))
    return unionOf(
      type.map((each) => ({ ...schema, type: each })),
      indent,
    );
  if (type === "object") return objectOf(schema, indent);
  if (type === "array") return arrayOf(schema, indent);
  if (type === undefined) return "unknown";
  const scalar = typeof type === "string" ? SCALARS[type] : undefined;
  if (!scalar) throw new Error(`No type is known for ${JSON.stringify(schema).slice(0, 200)}`);
  return scalar;
}
