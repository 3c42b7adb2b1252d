// The lines of the graph: as wide as their traffic, in the colour of their state, with badges of what waits. Pure.
import type { LiveCounts } from "#server/contracts/live.ts";
import type { Traffic } from "./card-state.ts";
import { badgesWidth } from "./edge-paths.ts";
import type { Badge, Badges, CardState, EdgeLook } from "./graph-types.ts";

const THINNEST = 1.5;
const GROWTH = 4.2;
const MOST_SHOWN = 2;
/** What is held has no rate: its line is as wide as can be seen to be dashed. */
const HELD_WIDTH = 2;

/** Worst first. */
const BADGES = [
  ["FAILED", "failed_count"],
  ["HOLD", "hold_count"],
  ["RETRYING", "retrying_count"],
  ["QUEUED", "queued_count"],
  ["SCHEDULED", "scheduled_count"],
] as const satisfies [Badge["state"], keyof LiveCounts][];

const NO_BADGES: Badges = { shown: [], hiddenCount: 0 };

export function badgesOf(counts: LiveCounts | undefined): Badges {
  if (!counts) return NO_BADGES;
  const all = BADGES.flatMap(([state, count]) => (counts[count] > 0 ? [{ state, count: counts[count] }] : []));
  return { shown: all.slice(0, MOST_SHOWN), hiddenCount: Math.max(0, all.length - MOST_SHOWN) };
}

/** Between the rate of the busiest edge and its half the scale stays: one that gets busier redraws no other. */
export const scaleOf = (busiest: number, before: number): number =>
  before > 0 && busiest <= before && busiest * 2 >= before ? before : Math.max(busiest, 1);

/** `perMinute` beside the scale: the area that an eye compares grows with the rate. */
const widthOf = (perMinute: number, scale: number): number =>
  Math.round((THINNEST + GROWTH * Math.sqrt(Math.min(1, perMinute / scale))) * 10) / 10;

/** What the source offers a connection. */
export const inLook = (perMinute: number, scale: number): EdgeLook => ({
  state: perMinute > 0 ? "flow" : "idle",
  width: widthOf(perMinute, scale),
  perMinute,
  badgesWidth: 0,
});

function outState(
  { kind }: CardState,
  badges: Badges,
  perMinute: number,
  traffic: Traffic | undefined,
): EdgeLook["state"] {
  if (kind === "paused" || kind === "held") return "held";
  if (kind === "retrying") return "retrying";
  const isFailing = (traffic?.failed_count ?? 0) > 0 && (traffic?.delivered_count ?? 0) === 0;
  if (isFailing || kind === "broken") return "failing";
  if (perMinute > 0) return "flow";
  return kind === "failing" && badges.shown.some(({ state }) => state === "HOLD") ? "held" : "idle";
}

/** What is delivered of a connection. */
export function outLook(
  state: CardState,
  badges: Badges,
  traffic: Traffic | undefined,
  perMinute: number,
  scale: number,
): EdgeLook {
  const look = outState(state, badges, perMinute, traffic);
  const width = look === "held" ? HELD_WIDTH : widthOf(perMinute, scale);
  return { state: look, width, perMinute, badgesWidth: badgesWidth(badges) };
}

const EDGES_WORST_FIRST: readonly EdgeLook["state"][] = ["failing", "held", "retrying", "flow", "idle"];

/** One line for several: as wide as their traffic together, in the colour of the worst. One alone stays what it is. */
export function sumLooks(looks: readonly EdgeLook[], scale: number, badges: Badges = NO_BADGES): EdgeLook {
  const [only] = looks;
  if (only && looks.length === 1) return only;
  const state = EDGES_WORST_FIRST.find((one) => looks.some((look) => look.state === one)) ?? "idle";
  const perMinute = looks.reduce((sum, look) => sum + look.perMinute, 0);
  const width = state === "held" ? HELD_WIDTH : widthOf(perMinute, scale);
  return { state, perMinute, width, badgesWidth: badgesWidth(badges) };
}

/** The badges of a fold. What its members do not show is not in the sum either. */
export function sumBadges(all: readonly Badges[]): Badges {
  const sums = BADGES.flatMap(([state]) => {
    const count = all.reduce((sum, { shown }) => sum + (shown.find((badge) => badge.state === state)?.count ?? 0), 0);
    return count > 0 ? [{ state, count }] : [];
  });
  return { shown: sums.slice(0, MOST_SHOWN), hiddenCount: Math.max(0, sums.length - MOST_SHOWN) };
}
