// The filters of a list, declared once: what each may hold, how it stands in the URL and how its chip reads.
// A filter's value is the very text of the URL, in one canonical form; what is not valid is no filter.
import { createParser } from "nuqs";
import { isSearchedJson } from "#server/contracts/searched-json.ts";
import { localOffsetAt, parseTimeRange, rangeWords, writeTimeRange, type Zone } from "./time-range.ts";

interface FilterOption {
  value: string;
  label: string;
}

interface Named {
  /** The name in the URL. */
  key: string;
  label: string;
}

export type Filter = Named &
  (
    | { kind: "one-of" | "many-of"; options: readonly FilterOption[]; isClosed: boolean }
    | { kind: "text"; hint: string }
    /** `bounds`: the API's names of its ends, where it does not take each number by itself. */
    | { kind: "range"; min: number; max: number; unit?: string; bounds?: readonly [from: string, to: string] }
    | { kind: "json" }
    | { kind: "ids"; prefix: string }
    /** A list always has a range of time: without a value it is `initial`, and the chip cannot be taken away. */
    | { kind: "time"; zone: Zone; initial?: string }
  );

const MAX_TEXT_CHARS = 255;
const MAX_JSON_CHARS = 2_000;
const MAX_CHOICES = 50;
/** What a value of a list of choices may be when its options are not all known, such as an id that was deleted. */
const ID = /^[A-Za-z0-9_.-]{1,64}$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that it is about
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

function readChoices(filter: Extract<Filter, { kind: "one-of" | "many-of" }>, text: string): string | null {
  const known = new Set(filter.options.map((option) => option.value));
  const chosen = [...new Set(filter.kind === "many-of" ? text.split(",") : [text])];
  const isValid = (value: string) => known.has(value) || (!filter.isClosed && ID.test(value));
  return chosen.length <= MAX_CHOICES && chosen.every(isValid) ? chosen.join(",") : null;
}

function readRange({ min, max }: { min: number; max: number }, text: string): string | null {
  const found = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(text.trim());
  if (!found) return null;
  const from = Number(found[1]);
  const to = Number(found[2] ?? found[1]);
  if (from < min || to > max || from > to) return null;
  return from === to ? String(from) : `${from}-${to}`;
}

const MAX_IDS = 50;
const ID_END = /^_[0-9A-HJKMNP-TV-Z]{26}$/;

/** Ids as they are pasted: between commas, spaces or lines, in either case. */
function readIds({ prefix }: { prefix: string }, text: string): string | null {
  const given = [...new Set(text.split(/[\s,]+/).filter(Boolean))];
  const isId = (id: string) =>
    id.toLowerCase().startsWith(`${prefix}_`) && ID_END.test(id.slice(prefix.length).toUpperCase());
  if (given.length === 0 || given.length > MAX_IDS || !given.every(isId)) return null;
  return given.map((id) => prefix + id.slice(prefix.length).toUpperCase()).join(",");
}

/** By key; a filter that is not set is absent. */
export type FilterValues = Readonly<Record<string, string | null | undefined>>;

/** The canonical text of a filter's value, or null when it has none. */
export function readFilter(filter: Filter, text: string): string | null {
  switch (filter.kind) {
    case "one-of":
    case "many-of":
      return readChoices(filter, text);
    case "text": {
      const trimmed = text.trim();
      return trimmed === "" || trimmed.length > MAX_TEXT_CHARS || CONTROL.test(trimmed) ? null : trimmed;
    }
    case "range":
      return readRange(filter, text);
    case "json":
      return text.length <= MAX_JSON_CHARS && isSearchedJson(text.trim()) ? text.trim() : null;
    case "ids":
      return readIds(filter, text);
    case "time": {
      const range = parseTimeRange(text);
      return range && writeTimeRange(range);
    }
  }
}

/** For `useQueryStates`: every filter is one parameter of the URL, and a value that is not valid reads as absent. */
export const filterParsers = (filters: readonly Filter[]) =>
  Object.fromEntries(
    filters.map((filter) => [
      filter.key,
      createParser({ parse: (text: string) => readFilter(filter, text), serialize: (value: string) => value }),
    ]),
  );

/** How a filter's chip reads: the key with its operator, and the value. */
export function chipWords(filter: Filter, value: string): { name: string; value: string } {
  const { label } = filter;
  switch (filter.kind) {
    case "one-of":
    case "many-of": {
      const values = value.split(",");
      const words = values.map((one) => filter.options.find((option) => option.value === one)?.label ?? one);
      return { name: `${label} ${values.length > 1 ? "is any of" : "is"}`, value: words.join(", ") };
    }
    case "text":
      return { name: `${label} ${value.includes("*") ? "matches" : "is"}`, value };
    case "range": {
      const unit = filter.unit ? ` ${filter.unit}` : "";
      return { name: value.includes("-") ? label : `${label} is`, value: value.replace("-", " to ") + unit };
    }
    case "json":
      return { name: `${label} has`, value };
    case "ids":
      return { name: `${label} is`, value: value.includes(",") ? `one of ${value.split(",").length}` : value };
    case "time": {
      const range = parseTimeRange(value);
      return { name: label, value: range ? rangeWords(range, filter.zone, localOffsetAt) : value };
    }
  }
}
