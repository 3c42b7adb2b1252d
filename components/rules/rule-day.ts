import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "#components/data/trpc-provider.tsx";

/** What the rules of a connection did in the last 24 h. */
export interface RuleDay {
  /** Requests that came to the connection. */
  came: number;
  events: number;
  duplicates: number;
  filtered: number;
  /** Transforms that gave no request. */
  failed: number;
  /** Events whose retries are spent. */
  spent: number;
}

/** Undefined until it is known. */
export function useRuleDay(connectionId: string): RuleDay | undefined {
  const range = { date_range: { start: "now-24h", end: "now" }, granularity: "total" as const };
  const { data } = useQuery(useTRPC().metrics.events.queryOptions({ ...range, connection_id: [connectionId] }));
  if (!data) return undefined;
  const sum = (measure: string) => data.data.reduce((total, { metrics }) => total + (metrics[measure] ?? 0), 0);
  const events = sum("event_count");
  return {
    came: events + sum("ignored_count"),
    events,
    duplicates: sum("ignored_duplicate_count"),
    filtered: sum("ignored_filtered_count"),
    failed: sum("ignored_transform_count"),
    spent: sum("failed_count"),
  };
}
