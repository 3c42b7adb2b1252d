"use client";

import { createParser, parseAsBoolean, parseAsStringLiteral, useQueryStates } from "nuqs";
import { parseTimeRange, type TimeRange, writeTimeRange, type Zone } from "#components/data/time-range.ts";
import { DIMENSIONS, type Dimension } from "./dimensions.ts";

const PARSERS = {
  time: createParser({ parse: parseTimeRange, serialize: writeTimeRange }),
  compare: parseAsBoolean.withDefault(true),
  by: parseAsStringLiteral(DIMENSIONS),
  of: createParser({
    parse: (text: string) => (/^[a-z]{3}_[0-9A-HJKMNP-TV-Z]{26}$/.test(text) ? text : null),
    serialize: (id: string) => id,
  }),
  zone: parseAsStringLiteral(["utc", "local"] as const).withDefault("local"),
};

export interface MetricsUrl {
  time: TimeRange;
  isCompared: boolean;
  by: Dimension | null;
  /** The one source, connection or destination that the charts are of. */
  of: string | null;
  zone: Zone;
  set: (change: {
    time?: TimeRange;
    compare?: boolean;
    by?: Dimension | null;
    of?: string | null;
    zone?: Zone;
  }) => void;
}

const DAY: TimeRange = { kind: "last", spanMs: 86_400_000 };

/** Everything about the page that can be shared, gone back to and reloaded. */
export function useMetricsUrl(): MetricsUrl {
  const [{ time, compare, by, of, zone }, set] = useQueryStates(PARSERS, { history: "push" });
  return {
    time: time ?? DAY,
    isCompared: compare,
    by,
    of: by === null ? null : of,
    zone,
    // What is chosen of the one kind says nothing of another.
    set: (change) => void set("by" in change ? { of: null, ...change } : change),
  };
}
