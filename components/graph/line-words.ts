// The numbers of a branch, as they are shown beside its lines. Pure.
import { formatCount, formatDuration } from "#components/ui/format.ts";
import { badgeWords } from "./card-words.ts";
import type { FoldFace } from "./fold-face.ts";
import type { Badges, ConnectionCard, DestinationCard, SourceCard } from "./graph-types.ts";

export interface LineNumbers {
  title: string;
  facts: readonly (readonly [name: string, value: string])[];
  /** What waits or is retried, in words; empty where nothing is. */
  rest: string;
}

const rate = (perMinute: number | undefined) =>
  perMinute === undefined ? "–" : `${formatCount(Math.round(perMinute))} a minute`;

const failedOf = ({ shown }: Badges) => formatCount(shown.find(({ state }) => state === "FAILED")?.count ?? 0);

const restOf = ({ shown }: Badges) =>
  shown
    .filter(({ state }) => state !== "FAILED")
    .map(badgeWords)
    .join(", ");

/** What the source offers a branch, what of it is delivered, how fast its destination answers, and what has failed. */
export function lineNumbers(
  { name, perMinute, badges }: ConnectionCard,
  source: SourceCard | undefined,
  destination: DestinationCard | undefined,
): LineNumbers {
  return {
    title: name,
    facts: [
      [`Offered by ${source?.name ?? "its source"}`, rate(source?.perMinute)],
      ["Delivered", rate(perMinute)],
      [
        `p95 of ${destination?.name ?? "its destination"}`,
        destination?.p95Ms == null ? "–" : formatDuration(destination.p95Ms),
      ],
      ["Failed in 24 h", failedOf(badges)],
    ],
    rest: restOf(badges),
  };
}

/** The sums of branches that are folded. */
export const foldNumbers = ({ title, perMinute, badges }: FoldFace): LineNumbers => ({
  title,
  facts: [
    ["Delivered", rate(perMinute)],
    ["Failed in 24 h", failedOf(badges)],
  ],
  rest: restOf(badges),
});
