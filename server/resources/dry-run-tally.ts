// The tally of a dry run, of the verdicts on its requests. Copies are found here: whether a request is one depends on those
// before it, and no key is claimed.
import {
  type DryRun,
  type DryRunChanged,
  type DryRunCounts,
  type DryRunExample,
  type DryRunOutcome,
  type DryRunReason,
  MAX_DRY_RUN_EXAMPLES,
} from "#server/contracts/dry-run.ts";
import type { Judged } from "./dry-run-pieces.ts";

/** What the rules say of one request by itself. */
export interface SoleVerdict {
  outcome: Exclude<DryRunOutcome, "duplicate">;
  reason: DryRunReason | null;
  dedupe: { keyHash: string; windowMs: number } | null;
}

type JudgedRequest = Judged<SoleVerdict>;

interface Verdict {
  outcome: DryRunOutcome;
  reason: DryRunReason | null;
}

type Tally = Pick<
  DryRun,
  | "requests"
  | "oldest_at"
  | "newest_at"
  | "present"
  | "draft"
  | "newly_delivered"
  | "newly_filtered"
  | "newly_duplicate"
  | "newly_failing"
  | "cells"
  | "repeats"
>;

const LETTERS: Record<DryRunOutcome, string> = { delivered: "d", filtered: "f", duplicate: "u", failed: "e" };

/** @param judged the oldest first */
export function tallyDryRun(judged: readonly JudgedRequest[]): Tally {
  const present = withCopies(judged, "present").verdicts;
  const { verdicts: draft, repeats } = withCopies(judged, "draft");
  const changed = (outcome: DryRunOutcome) => changesTo(outcome, judged, present, draft);
  return {
    requests: judged.length,
    oldest_at: judged.at(0)?.createdAt.toISOString() ?? null,
    newest_at: judged.at(-1)?.createdAt.toISOString() ?? null,
    present: countsOf(present),
    draft: countsOf(draft),
    newly_delivered: changed("delivered"),
    newly_filtered: changed("filtered"),
    newly_duplicate: changed("duplicate"),
    newly_failing: changed("failed"),
    cells: { present: cellsOf(present), draft: cellsOf(draft) },
    repeats,
  };
}

const REPEAT_BOUNDS_MS = [1_000, 10_000, 60_000, 300_000, 900_000, 3_600_000];

/**
 * The verdicts with copies among them: the first request of a window keeps its key until the window ends, and a copy does
 * not extend it. A copy is one whatever the later rules say, for these never run on it.
 */
function withCopies(judged: readonly JudgedRequest[], which: "present" | "draft") {
  const holders = new Map<string, { id: string; atMs: number }>();
  const distancesMs: number[] = [];
  let windowMs: number | null = null;
  const verdicts = judged.map((request): Verdict => {
    const { dedupe, outcome, reason } = request[which];
    if (!dedupe) return { outcome, reason };
    windowMs = dedupe.windowMs;
    const atMs = request.createdAt.getTime();
    const holder = holders.get(dedupe.keyHash);
    if (holder) distancesMs.push(atMs - holder.atMs);
    if (holder && atMs < holder.atMs + dedupe.windowMs) {
      return { outcome: "duplicate", reason: { message: `It is a copy of ${holder.id}.` } };
    }
    holders.set(dedupe.keyHash, { id: request.id, atMs });
    return { outcome, reason };
  });
  return { verdicts, repeats: windowMs === null ? [] : repeatsOf(distancesMs, windowMs) };
}

function repeatsOf(distancesMs: number[], windowMs: number): Tally["repeats"] {
  const bounds = [...new Set([...REPEAT_BOUNDS_MS, windowMs])].sort((a, b) => a - b);
  const counts = new Map<number | null, number>([...bounds, null].map((bound) => [bound, 0]));
  for (const distance of distancesMs) {
    const bound = bounds.find((each) => distance < each) ?? null;
    counts.set(bound, (counts.get(bound) ?? 0) + 1);
  }
  return [...counts].map(([within_ms, count]) => ({ within_ms, count }));
}

function countsOf(verdicts: readonly Verdict[]): DryRunCounts {
  const counts = { delivered: 0, filtered: 0, duplicate: 0, failed: 0 };
  for (const { outcome } of verdicts) counts[outcome] += 1;
  return counts;
}

const cellsOf = (verdicts: readonly Verdict[]) => verdicts.map(({ outcome }) => LETTERS[outcome]).join("");

/** The newest examples come first. */
function changesTo(
  outcome: DryRunOutcome,
  judged: readonly JudgedRequest[],
  present: readonly Verdict[],
  draft: readonly Verdict[],
): DryRunChanged {
  const examples = judged.flatMap((request, index): DryRunExample[] => {
    const [was, is] = [present[index], draft[index]];
    if (!was || !is || is.outcome !== outcome || was.outcome === outcome) return [];
    return [
      {
        request_id: request.id,
        event_type: request.eventType,
        created_at: request.createdAt.toISOString(),
        present: was.outcome,
        draft: is.outcome,
        reason: outcome === "delivered" ? was.reason : is.reason,
      },
    ];
  });
  return { count: examples.length, examples: examples.reverse().slice(0, MAX_DRY_RUN_EXAMPLES) };
}
