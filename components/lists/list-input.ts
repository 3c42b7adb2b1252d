// The filters of a list as the API takes them: the URL's texts, taken apart.
import type { Filter, FilterValues } from "#components/data/filters.ts";
import { parseTimeRange, type TimeRange, writeTimeRange } from "#components/data/time-range.ts";

/** By the API's names. The page's own (limit, next) are not among them. */
export type ListInput = Readonly<Record<string, string | number | readonly string[] | readonly number[]>>;

/** The range of time of a list that names none. */
export const INITIAL_RANGE = "24h";

function boundsOf([fromKey, toKey]: readonly [string, string], value: string): ListInput {
  const [from = "", to = from] = value.split("-");
  return { [fromKey]: Number(from), [toKey]: Number(to) };
}

function inputOf(filter: Filter, value: string): ListInput {
  switch (filter.kind) {
    case "many-of":
    case "ids":
      return { [filter.key]: value.split(",") };
    case "range":
      return filter.bounds ? boundsOf(filter.bounds, value) : { [filter.key]: [value] };
    case "time":
      return timeInput(value);
    default:
      return { [filter.key]: value };
  }
}

function timeInput(value: string): ListInput {
  const range = parseTimeRange(value);
  if (!range) return {};
  // Resolved by the server, so that the same list has the same name from one moment to the next.
  if (range.kind === "last") return { from: `now-${writeTimeRange(range)}` };
  return { from: new Date(range.fromMs).toISOString(), to: new Date(range.toMs).toISOString() };
}

/** Whoever names ids means them whenever they came. */
const namesIds = (filters: readonly Filter[], values: FilterValues) =>
  filters.some((filter) => filter.kind === "ids" && values[filter.key] != null);

/** What the list asks for. Without a range of time it is the last day's, unless it names ids. */
export function listInput(filters: readonly Filter[], values: FilterValues): ListInput {
  const parts = filters.map((filter) => {
    const value = values[filter.key] ?? undefined;
    if (value !== undefined) return inputOf(filter, value);
    return filter.kind === "time" && !namesIds(filters, values) ? timeInput(INITIAL_RANGE) : {};
  });
  return Object.assign({}, ...parts);
}

/** The same for another range of time. */
export function withRange(input: ListInput, range: TimeRange): ListInput {
  const { from: _from, to: _to, ...rest } = input;
  return { ...rest, ...timeInput(writeTimeRange(range)) };
}
