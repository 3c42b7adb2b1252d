// Names of the parts of a destination's drawer, and words for the place that it sends to. Pure.
import type { Destination } from "#server/contracts/destination.ts";

export const TABS = ["settings", "pace", "trouble", "activity"] as const;
export const TAB_LABELS = { settings: "Settings", pace: "Pace and order", trouble: "Trouble", activity: "Activity" };

/** The tab on which a field stands. */
export function tabOf(field: string): keyof typeof TAB_LABELS {
  if (/^config\.(?:breaker|dead_letter)/.test(field)) return "trouble";
  return /^config\.(?:rate_limit|concurrency|retry|ordering|on_order)/.test(field) ? "pace" : "settings";
}

/** `crm.example/sync`; the whole text where it is no address. */
function shortUrl(url: string): string {
  const parsed = URL.parse(url);
  return parsed ? `${parsed.host}${parsed.pathname === "/" ? "" : parsed.pathname}` : url;
}

/** Where it sends to, in a few words. */
export function placeWords({ type, config }: Destination): string {
  if (type === "HTTP") return shortUrl(config.url);
  if (type === "MOCK") return "answers as it is told, sends nothing";
  if (type === "EMAIL") return config.to.join(", ");
  return `${config.bucket} at ${config.endpoint === null ? config.region : shortUrl(config.endpoint)}`;
}
