import { ExactNumber } from "#server/json/exact-number.ts";

/** One own field of what was read of a body; undefined for whatever is no object (bodies are whatever a stranger sent). */
export function field(body: unknown, name: string): unknown {
  if (typeof body !== "object" || body === null || !Object.hasOwn(body, name)) return undefined;
  const value = (body as Record<string, unknown>)[name];
  return value instanceof ExactNumber ? wholeOf(value) : value;
}

/** An id of more digits than a double holds; other such numbers are no names and no times. */
const wholeOf = ({ text }: ExactNumber): bigint | undefined => (/^-?\d{1,40}$/.test(text) ? BigInt(text) : undefined);

/** Texts that stand for no value: zeros and dashes alone, as in an empty UUID, and what a missing value prints as. */
const PLACEHOLDER = /^(?:[\s0-]*|null|nil|none|undefined|nan|true|false)$/i;

/**
 * Whether a value names one event. Taking a placeholder for an id would make every event after the first a duplicate, while
 * an id that is passed over costs no event.
 */
export function isId(value: unknown): value is string | number | bigint {
  if (typeof value === "number") return Number.isSafeInteger(value) && value !== 0;
  return typeof value === "bigint" || (typeof value === "string" && !PLACEHOLDER.test(value));
}

/** The first of the named fields that holds a non-empty text. */
export function firstText(body: unknown, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = field(body, name);
    if (typeof value === "string" && value !== "") return value;
  }
  return undefined;
}

/** The first of the named fields that holds an id. */
export function firstId(body: unknown, names: readonly string[]): unknown {
  return names.map((name) => field(body, name)).find(isId);
}
