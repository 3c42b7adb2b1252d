// Words for the events of a destination that have failed for good: how many, and why. Pure.
import { formatCount } from "#components/ui/format.ts";
import type { DeadLetterCounts } from "#server/contracts/dead-letters.ts";
import type { EndReason } from "#server/contracts/event-life.ts";

const WHY: Record<EndReason, string> = {
  exhausted: "with all retries spent",
  gone: "answered 410",
  status_excluded: "with a status that is not retried",
  skipped_in_order: "passed over in order",
  undeliverable: "that could not be sent",
};

/** "14 have failed: 12 with all retries spent, 2 answered 410." The counts of several connections are one. */
export function failedWords({ data, is_at_least }: DeadLetterCounts): string {
  const byReason = new Map<string, number>();
  for (const { ended_because, count } of data) {
    const why = ended_because === null ? "" : WHY[ended_because];
    byReason.set(why, (byReason.get(why) ?? 0) + count);
  }
  const total = [...byReason.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return "None has failed for good.";
  const known = [...byReason].filter(([why]) => why !== "").sort(([, a], [, b]) => b - a);
  const reasons =
    known.length === 1
      ? `, ${known[0]?.[0]}`
      : known.map(([why, count], at) => `${at === 0 ? ": " : ", "}${formatCount(count)} ${why}`).join("");
  return `${is_at_least ? "At least " : ""}${formatCount(total)} ${total === 1 ? "has" : "have"} failed${reasons}.`;
}

/** When the last of them was tried last. */
export const lastOf = ({ data }: DeadLetterCounts): string | null =>
  data.reduce<string | null>(
    (last, { last_attempt_at: at }) => (at !== null && (last === null || at > last) ? at : last),
    null,
  );
