// Fields as a file spells them and as the API does: camelCase for snake_case, `15s` for milliseconds, `900/minute` for a limit
// and its period. Each way back is exact.

export type Shape =
  | "plain"
  | "duration"
  /** Of `rate_limit`: its period stands with it. */
  | "rate"
  | { kind: "list"; of: Shape }
  | { kind: "record"; of: Shape }
  | { kind: "fields"; fields: readonly Field[]; defaults: Fields };
export type Fields = Record<string, unknown>;
interface Field {
  api: string;
  file: string;
  shape: Shape;
}

export const camel = (name: string): string =>
  name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
export const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const PERIOD = "rate_limit_period";

/**
 * An object of the API. A field that ends in `_ms` is a duration.
 * @param defaults what a field has that a file leaves out
 * @param own the shapes of fields that are no plain values
 * @param names of fields that a file calls otherwise
 */
export function fieldsShape(
  apiNames: readonly string[],
  defaults: Fields,
  own: Record<string, Shape> = {},
  names: Record<string, string> = {},
): Extract<Shape, { kind: "fields" }> {
  const fields = apiNames
    .filter((api) => api !== PERIOD || own.rate_limit !== "rate")
    .map((api) => {
      const isDuration = api.endsWith("_ms");
      const file = names[api] ?? camel(isDuration ? api.slice(0, -3) : api);
      return { api, file, shape: own[api] ?? (isDuration ? "duration" : "plain") } satisfies Field;
    });
  return { kind: "fields", fields, defaults };
}

const UNITS = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const;

/** The largest unit that says it without a fraction. */
export function durationText(ms: number): string {
  const [unit, length] = Object.entries(UNITS).find(([, each]) => ms % each === 0) ?? ["ms", 1];
  return `${ms / length}${unit}`;
}

/** Milliseconds; null for what is no duration. */
function readDuration(text: unknown): number | null {
  const match = typeof text === "string" ? /^(\d{1,12})(ms|s|m|h|d)$/.exec(text) : null;
  if (!match) return null;
  return Number(match[1]) * ({ ...UNITS, d: 86_400_000 }[match[2] as keyof typeof UNITS] ?? 1);
}

const isRecord = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

export const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

/** With the keys of every object in one order: the database keeps its own. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}

/** A value as a file says it. Of an object the fields that have their default are left out. */
export function toFile(value: unknown, shape: Shape): unknown {
  if (value === null || value === undefined) return value;
  if (shape === "plain" || shape === "rate") return value;
  if (shape === "duration") return durationText(value as number);
  if (shape.kind === "list") return (value as unknown[]).map((each) => toFile(each, shape.of));
  const of = value as Fields;
  if (shape.kind === "record") {
    return Object.fromEntries(Object.entries(of).map(([key, each]) => [key, toFile(each, shape.of)]));
  }
  const out: Fields = {};
  for (const { api, file, shape: own } of shape.fields) {
    const [each, usual] = [of, shape.defaults].map((one) => (own === "rate" ? rateOf(one) : one[api]));
    if (each !== undefined && !isSame(each, usual)) out[file] = toFile(each, own);
  }
  return out;
}

/** `900/minute`; null without a limit, whose period says nothing. */
export const rateOf = ({ rate_limit, [PERIOD]: period }: Fields) =>
  rate_limit === null || rate_limit === undefined ? null : `${rate_limit}/${period ?? "minute"}`;

/** Notes the places that a reading comes by. */
export interface Noting {
  /** @param path of the file, below what is read */
  problem(path: string, message: string): void;
  /** What the API calls `api` stands in the file at `file`. */
  place(api: string, file: string): void;
}

export const below = (path: string, key: string) => (path === "" ? key : `${path}.${key}`);

/** A value of a file as the API takes it. What does not fit is noted, or left to the contract. */
export function toApi(value: unknown, shape: Shape, noting: Noting, file = "", api = ""): unknown {
  noting.place(api, file);
  if (value === null || shape === "plain" || shape === "rate") return value;
  if (shape === "duration") {
    const ms = readDuration(value);
    if (ms === null) noting.problem(file, "Give a duration with its unit, such as 500ms, 15s, 5m or 2h.");
    return ms ?? undefined;
  }
  if (shape.kind === "list") {
    if (!Array.isArray(value)) return value;
    return value.map((each, index) => toApi(each, shape.of, noting, `${file}[${index}]`, `${api}[${index}]`));
  }
  if (!isRecord(value)) return value;
  if (shape.kind === "record") {
    const entries = Object.entries(value).map(([key, each]) => [
      key,
      toApi(each, shape.of, noting, below(file, key), below(api, key)),
    ]);
    return Object.fromEntries(entries);
  }
  const out: Fields = { ...shape.defaults };
  for (const [key, each] of Object.entries(value)) {
    const field = shape.fields.find((one) => one.file === key);
    const at = below(file, key);
    if (!field) noting.problem(at, `There is no field ${key} here: remove it or check its spelling.`);
    else if (field.shape === "rate") Object.assign(out, readRate(each, noting, at, api));
    else out[field.api] = toApi(each, field.shape, noting, at, below(api, field.api));
  }
  return out;
}

function readRate(value: unknown, noting: Noting, file: string, api: string): Fields {
  noting.place(below(api, "rate_limit"), file);
  noting.place(below(api, PERIOD), file);
  if (value === null) return { rate_limit: null };
  const match = typeof value === "string" ? /^(\d{1,9})\/(second|minute|hour)$/.exec(value) : null;
  if (match) return { rate_limit: Number(match[1]), [PERIOD]: match[2] };
  noting.problem(file, "Give a number and a period, such as 900/minute; the period is second, minute or hour.");
  return {};
}
