// One thing wrong in a value that was right, at a place that chance chooses.
import { type OpenApi, resolved, type Schema } from "./document.ts";
import type { Random } from "./random.ts";
import { SHORT_WAIT } from "./valid-value.ts";

/** Stands in a value for JSON that a program cannot hold, such as 1e400; `toJson` puts it in its place. */
export const rawJson = (text: string): string => `\u{1f4a5}${text}\u{1f4a5}`;

/** JSON text of a value that may hold `rawJson`. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value).replace(/"\u{1f4a5}((?:[^"\\]|\\.)*)\u{1f4a5}"/gu, (_all, text: string) =>
    text.replace(/\\(.)/g, "$1"),
  );

export const HOSTILE_TEXTS: readonly string[] = [
  "",
  " ",
  "\u0000",
  "a\u0000b",
  "\ud800",
  "\u202e",
  "🙂",
  "%",
  "%00",
  "'; drop table event; --",
  '"',
  "\\",
  "\\u0000",
  "../../etc/passwd",
  "a".repeat(300),
  "a".repeat(70_000),
  ",".repeat(600),
  "e\u0301".repeat(90),
  "0",
  "-1",
  "1e400",
  "NaN",
  "0x10",
  "9223372036854775808",
  "true",
  "null",
  "*",
  "src_",
  "2026-02-31",
  "0000-01-01",
  "-271821-04-20T00:00:00Z",
  "9999-12-31T23:59:59Z",
  "+275760-09-13T00:00:00Z",
  "now-999999w",
  "now-1h",
  "{}",
  "[".repeat(1_500),
  `${'{"a":'.repeat(99)}1${"}".repeat(99)}`,
  '{"a":1e400}',
  '{"__proto__":1}',
  "__proto__",
  "constructor",
  "javascript:alert(1)",
  "http://[::1]:1/",
  "http://169.254.169.254/latest",
  "https://user:pass@host.example/",
  "(a+)+$",
];

const HOSTILE_NUMBERS: readonly unknown[] = [
  0,
  -1,
  1.5,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 53,
  1e308,
  5e-324,
  ...["1e400", "-1e400", "-0", "9223372036854775808", "0.1000000000000000055511151231257827", "1e-999"].map(rawJson),
];

const HOSTILE_KEYS = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "no_such_field",
  "",
  "\u0000",
  "\ud800",
  "a.b",
  "$where",
];

const nested = (depth: number) =>
  rawJson(depth % 2 ? `${"[".repeat(depth)}${"]".repeat(depth)}` : `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`);

function hostileValue(random: Random): unknown {
  return random.pick<() => unknown>([
    () => null,
    () => true,
    () => random.pick(HOSTILE_NUMBERS),
    () => random.pick(HOSTILE_TEXTS),
    () => random.pick(HOSTILE_TEXTS),
    () => [],
    () => ({}),
    () => [null],
    () => ({ [random.pick(HOSTILE_KEYS)]: 1 }),
    () => Array.from({ length: 300 }, (_, i) => i),
    () => nested(random.pick([40, 41, 120, 121, 3_000, 3_001])),
  ])();
}

/** Just outside what the schema allows. */
function nearlyValue(random: Random, schema: Schema, value: unknown): unknown {
  const { minimum, maximum, maxLength, minLength, maxItems, minItems } = schema;
  const wrong: unknown[] = [
    ...(minimum === undefined ? [] : [minimum - 1, minimum - 0.5]),
    ...(maximum === undefined ? [] : [maximum + 1]),
    ...(maxLength === undefined || maxLength > 100_000 ? [] : ["x".repeat(maxLength + 1), "🙂".repeat(maxLength)]),
    ...(minLength ? ["x".repeat(minLength - 1)] : []),
    ...(schema.enum
      ? [`${schema.enum[0]}x`, String(schema.enum[0]).toLowerCase(), String(schema.enum[0]).toUpperCase()]
      : []),
    ...(Array.isArray(value) && maxItems !== undefined && maxItems < 2_000
      ? [Array.from({ length: maxItems + 1 }, () => value[0] ?? "x")]
      : []),
    ...(Array.isArray(value) && minItems ? [value.slice(0, minItems - 1)] : []),
    ...(Array.isArray(value) && value.length > 0 ? [[...value, value[0]]] : []),
    ...(typeof value === "string" ? [`${value} `, ` ${value}`, value.toUpperCase(), [value], { text: value }] : []),
    ...(typeof value === "number" ? [String(value), -value, value + 0.5, [value]] : []),
    ...(typeof value === "boolean" ? ["true", 1, "yes"] : []),
  ];
  return wrong.length > 0 ? random.pick(wrong) : hostileValue(random);
}

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function schemaOf(document: OpenApi, schema: Schema, name: string): Schema {
  const found = resolved(document, schema);
  const inner =
    found.properties?.[name] ??
    (typeof found.additionalProperties === "object" ? found.additionalProperties : undefined);
  if (inner) return resolved(document, inner);
  for (const choice of found.anyOf ?? found.oneOf ?? []) {
    const of = resolved(document, choice).properties?.[name];
    if (of) return resolved(document, of);
  }
  return {};
}

/** Another key beside those that are there, or one of them left out. */
function spoiledKeys(random: Random, value: Fields): Fields {
  const entries = Object.entries(value);
  const droppable = Object.keys(value).filter((name) => !SHORT_WAIT.has(name));
  if (droppable.length > 0 && random.isOneOf(0.5)) {
    const gone = random.pick(droppable);
    return Object.fromEntries(entries.filter(([name]) => name !== gone));
  }
  return Object.fromEntries([...entries, [random.pick(HOSTILE_KEYS), hostileValue(random)]]);
}

/** The value with one thing changed. It may still be right: a field that may be left out, say. */
export function spoiledValue(document: OpenApi, random: Random, value: unknown, schema: Schema): unknown {
  if (isFields(value)) {
    const names = Object.keys(value);
    if (names.length === 0 || random.isOneOf(0.2)) return spoiledKeys(random, value);
    const name = random.pick(names);
    const inner = spoiledValue(document, random, value[name], schemaOf(document, schema, name));
    return Object.fromEntries(names.map((each) => [each, each === name ? inner : value[each]]));
  }
  if (Array.isArray(value) && value.length > 0 && random.isOneOf(0.6)) {
    const at = random.below(value.length);
    const items = resolved(document, schema).items ?? {};
    return value.map((each, i) => (i === at ? spoiledValue(document, random, each, resolved(document, items)) : each));
  }
  return random.isOneOf(0.5) ? nearlyValue(random, schema, value) : hostileValue(random);
}
