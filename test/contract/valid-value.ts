// A value that fits a schema of the document, made as far as can be of what exists.
import { type OpenApi, resolved, type Schema } from "./document.ts";
import { type Pool, resourceOf } from "./pool.ts";
import type { Random } from "./random.ts";

export interface Making {
  document: OpenApi;
  random: Random;
  pool: Pool;
  /** Begins every name that is made: by it another team's answers are known. */
  mark: string;
  /** Stands in every secret that is given. No answer may hold it. */
  canary: string;
}

const MAX_DEPTH = 6;
/** A call that waits does not wait long. */
export const SHORT_WAIT = new Set(["wait_ms"]);
const SECRET = /secret|password|token$|api_key$|routing_key|private_key|passphrase/;
const URLS = ["https://receiver.example.com/hooks", "http://192.0.2.1:8080/x?y=1", "https://a.invalid/"];
const TEXTS = ["a", "order.paid", "now-1h", "2026-01-01T00:00:00Z", "body.id", "ünïcødé 🙂", "x y", "return request;"];
const FORMATS: Record<string, string[]> = {
  date: ["2026-02-28", "2024-02-29"],
  "date-time": ["2026-01-01T00:00:00Z", "2024-02-29T23:59:59.999Z", "2030-06-30T12:00:00Z"],
  email: ["person@example.com", "told@example.com"],
  uri: URLS,
  uuid: ["5e1f0c4e-5d5e-4d4b-9d0e-0d5a8b1c2d3e"],
  base64: ["", "aGk="],
};
const JSONS = ['{"a":1}', '{"data":{"id":"x"}}', "[1]", "null", "12345678901234567890"];

const isWithin = (schema: Schema, text: string) =>
  text.length >= (schema.minLength ?? 0) &&
  text.length <= (schema.maxLength ?? Number.POSITIVE_INFINITY) &&
  (schema.pattern === undefined || new RegExp(schema.pattern, "u").test(text));

function knownText({ random, pool }: Making, schema: Schema, field: string, resource: string): string | undefined {
  const known = [
    ...(field === "id" || field === "number" ? pool.ids(resource) : pool.ids(resourceOf(field))),
    // A name that is taken is refused, mostly.
    ...(field === "name" && random.isOneOf(0.9) ? [] : pool.values(field)),
  ].filter((value) => typeof value === "string" && isWithin(schema, value));
  return known.length > 0 && random.isOneOf(0.8) ? (random.pick(known) as string) : undefined;
}

function exampleText({ random }: Making, { examples, format, contentMediaType }: Schema): string | undefined {
  if (contentMediaType === "application/json") return random.pick(JSONS);
  const texts = examples?.filter((each) => typeof each === "string");
  if (texts && texts.length > 0 && random.isOneOf(0.7)) return random.pick(texts);
  return format !== undefined && FORMATS[format] ? random.pick(FORMATS[format]) : undefined;
}

function ownText({ random, mark, canary }: Making, schema: Schema, field: string): string {
  const number = random.below(1e9).toString(36);
  if (SECRET.test(field) && isWithin(schema, `${canary}-${number}`)) return `${canary}-${number}`;
  if (field === "name" && isWithin(schema, `${mark}-${number}`)) return `${mark}-${number}`;
  if (/url$/.test(field)) return random.pick(URLS);
  if (schema.pattern !== undefined) return random.matching(schema.pattern);
  const text = random.isOneOf(0.5) ? random.pick(TEXTS) : `${mark} ${number}`;
  const padded = text.padEnd(schema.minLength ?? 0, "x");
  return padded.slice(0, schema.maxLength ?? padded.length);
}

const textOf = (making: Making, schema: Schema, field: string, resource: string): string =>
  knownText(making, schema, field, resource) ?? exampleText(making, schema) ?? ownText(making, schema, field);

function numberOf({ random, pool }: Making, schema: Schema, field: string, resource: string): number {
  const { minimum = -1000, maximum = minimum + 1000 } = schema;
  if (SHORT_WAIT.has(field)) return Math.max(0, minimum);
  const known = [...(field === "number" ? pool.ids(resource) : []), ...pool.values(field)].filter(
    (value) => typeof value === "number" && value >= minimum && value <= maximum,
  );
  if (known.length > 0 && random.isOneOf(0.4)) return random.pick(known) as number;
  const ends = [minimum, maximum, minimum + 1];
  if (random.isOneOf(0.3)) return random.pick(ends.filter((end) => end <= maximum));
  return random.between(minimum, Math.min(maximum, minimum + 100_000));
}

function objectOf(making: Making, schema: Schema, resource: string, depth: number): Record<string, unknown> {
  const { random } = making;
  const { properties = {}, required = [], additionalProperties, propertyNames } = schema;
  const share = depth > 2 ? 0.1 : 0.25;
  const made = Object.entries(properties)
    .filter(([name]) => required.includes(name) || SHORT_WAIT.has(name) || (depth < MAX_DEPTH && random.isOneOf(share)))
    .map(([name, inner]) => [name, validValue(making, inner, name, resource, depth + 1)] as const);
  const others = typeof additionalProperties === "object" && depth < MAX_DEPTH ? random.below(3) : 0;
  const more = Array.from({ length: others }, () => {
    const names = propertyNames ? resolved(making.document, propertyNames) : {};
    const name = names.enum ? String(random.pick(names.enum)) : ownText(making, names, "");
    return [name, validValue(making, additionalProperties as Schema, name, resource, depth + 1)] as const;
  });
  // Not assigned: a name may be `__proto__`.
  return Object.fromEntries([...made, ...more]);
}

function arrayOf(making: Making, schema: Schema, field: string, resource: string, depth: number): unknown[] {
  const { prefixItems = [], items = {}, minItems = 0, maxItems = 4 } = schema;
  const fixed = prefixItems.map((inner) => validValue(making, inner, field, resource, depth + 1));
  if (prefixItems.length > 0) return fixed;
  const length = making.random.between(minItems, Math.max(minItems, Math.min(maxItems, depth < 3 ? 3 : 1)));
  return Array.from({ length }, () => validValue(making, items, field, resource, depth + 1));
}

/** @param field the name that the value stands under, which says what kind of value it is; @param resource of the operation */
export function validValue(
  making: Making,
  given: Schema | boolean,
  field: string,
  resource: string,
  depth = 0,
): unknown {
  const { random } = making;
  const schema = resolved(making.document, given);
  if ("const" in schema) return schema.const;
  if (schema.enum) return random.pick(schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return validValue(making, random.pick(choices), field, resource, depth);
  switch (schema.type) {
    case "object":
      return objectOf(making, schema, resource, depth);
    case "array":
      return arrayOf(making, schema, field, resource, depth);
    case "string":
      return textOf(making, schema, field, resource);
    case "integer":
    case "number":
      return numberOf(making, schema, field, resource);
    case "boolean":
      return random.isOneOf(0.5);
    case "null":
      return null;
    default:
      return random.pick([1, "x", null, true, [], {}, { a: { b: [1, "x"] } }]);
  }
}
