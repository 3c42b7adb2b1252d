// Names of the parts of a destination's drawer, what a save means, and words for the place that it sends to. Pure.
import { counted } from "#components/graph-drawer/affected.ts";
import type { Waiting } from "#components/live/live-state.ts";
import { formatCount } from "#components/ui/format.ts";
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
  if (type === "CLI") return "a listener on somebody's machine";
  if (type === "EMAIL") return config.to.join(", ");
  return `${config.bucket} at ${config.endpoint === null ? config.region : shortUrl(config.endpoint)}`;
}

/** What saving means for what is on its way. @param isSorted its order is another one then */
export function saveWords({
  sharers,
  waiting,
  isSorted,
}: {
  sharers: number;
  waiting: Waiting | undefined;
  isSorted: boolean;
}): string {
  if (!isSorted)
    return `${counted(sharers, "connection")} ${sharers === 1 ? "uses" : "use"} it. Holds from the next attempt on.`;
  const { queued = 0, scheduled = 0, retrying = 0, held = 0 } = waiting ?? {};
  const count = queued + scheduled + retrying + held;
  return count === 0
    ? "What comes from now on goes in this order."
    : `${formatCount(count)} waiting ${count === 1 ? "one is" : "ones are"} sorted again, nothing is sent twice.`;
}
