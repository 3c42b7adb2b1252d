// What the charts of the public API count, minute by minute.
import type { Metrics } from "#server/contracts/metrics.ts";
import type { Counted } from "./logs.ts";
import type { TeamApi } from "./team-api.ts";

/** A chart holds 5,000 points; each answer covers so many minutes. */
const CHART_MINUTES = 60;
const MINUTE_MS = 60_000;

/** Of these sources and their connections, from the minute of `fromMs` to `toMs`. */
export async function readCharts(api: TeamApi, sourceIds: string[], fromMs: number, toMs: number): Promise<Counted[]> {
  const all: Counted[] = [];
  const read = async (subject: string, dimension: "source_id" | "connection_id", startMs: number) => {
    const start = new Date(startMs).toISOString();
    const end = new Date(Math.min(toMs, startMs + CHART_MINUTES * MINUTE_MS)).toISOString();
    const range = `date_range[start]=${start}&date_range[end]=${end}&granularity=1m&dimensions[]=${dimension}`;
    const chart = await api.call<Metrics>("GET", `/metrics/${subject}?${range}&source_id=${sourceIds.join(",")}`);
    return chart.data.map(({ time_bucket, dimensions, metrics }) => ({
      key: dimensions[dimension] ?? "",
      minuteMs: Date.parse(String(time_bucket)),
      of: (name: string) => metrics[name] ?? 0,
    }));
  };
  const none = { accepted: 0, duplicates: 0, events: 0, attempts: 0, delivered: 0 };
  for (let at = Math.floor(fromMs / MINUTE_MS) * MINUTE_MS; at <= toMs; at += CHART_MINUTES * MINUTE_MS) {
    for (const { key, minuteMs, of } of await read("requests", "source_id", at))
      all.push({ ...none, key, minuteMs, accepted: of("accepted_count"), duplicates: of("duplicate_count") });
    for (const { key, minuteMs, of } of await read("events", "connection_id", at))
      all.push({ ...none, key, minuteMs, events: of("event_count"), delivered: of("delivered_count") });
    for (const { key, minuteMs, of } of await read("attempts", "connection_id", at))
      all.push({ ...none, key, minuteMs, attempts: of("attempt_count") });
  }
  return all.filter(({ key }) => key !== "");
}
