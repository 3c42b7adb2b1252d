// The sentence on a selected card: its fan-out, or the limit that its branches share. Pure.
import { formatCount } from "#components/ui/format.ts";
import type { ConnectionCard, DestinationCard, SourceCard } from "./graph-types.ts";

const NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const inWords = (count: number) => NUMBERS[count] ?? formatCount(count);

const heldOf = ({ badges }: ConnectionCard) => badges.shown.find(({ state }) => state === "HOLD")?.count ?? 0;

/** `630 held in two branches`; empty where nothing is held. */
export function heldWords(branches: readonly ConnectionCard[]): string {
  const holding = branches.filter((branch) => heldOf(branch) > 0);
  if (holding.length === 0) return "";
  const held = holding.reduce((sum, branch) => sum + heldOf(branch), 0);
  const where = holding.length === 1 ? "one branch" : `${inWords(holding.length)} branches`;
  return `${formatCount(held)} held in ${where}`;
}

/** `fans out to 3 destinations: 174 a minute delivered, 630 held in two branches. No branch waits for another.` */
export function fanOutWords({ isDisabled }: SourceCard, branches: readonly ConnectionCard[]): string {
  if (branches.length === 0) return "goes nowhere yet. Connect it: drag from its port, or press C.";
  const destinations = new Set(branches.map(({ destinationId }) => destinationId)).size;
  const to = `goes to ${destinations} ${destinations === 1 ? "destination" : "destinations"}`;
  const way = destinations > 1 ? `fans out to ${destinations} destinations` : to;
  const perMinute = Math.round(branches.reduce((sum, branch) => sum + (branch.perMinute ?? 0), 0));
  const numbers = [`${formatCount(perMinute)} a minute delivered`, heldWords(branches)].filter(Boolean).join(", ");
  const last = isDisabled ? " It is disabled." : branches.length > 1 ? " No branch waits for another." : "";
  return `${way}: ${numbers}.${last}`;
}

/** `3 connections share 120 a minute` */
export function shareWords({ limit, connectionIds }: DestinationCard): string {
  const count = connectionIds.length;
  if (count === 0) return "No connection ends here yet.";
  const who = count === 1 ? "1 connection has" : `${formatCount(count)} connections share`;
  if (!limit)
    return count === 1
      ? "1 connection ends here, without a rate limit."
      : `${formatCount(count)} connections end here, without a rate limit.`;
  return `${who} ${formatCount(limit.max)} a ${limit.period}`;
}
