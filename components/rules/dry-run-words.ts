// The result of a dry run, in numbers and words. Pure.
import { spanWords } from "#components/data/span-words.ts";
import type { DryRun, DryRunOutcome } from "#server/contracts/dry-run.ts";
import { cellKind } from "./dry-run-cells.tsx";

export const OUTCOME_WORDS: Record<DryRunOutcome, string> = {
  delivered: "delivered",
  filtered: "filtered",
  duplicate: "a duplicate",
  failed: "failed",
};

export interface DryRunNumber {
  key: "pass" | "stay" | "newly_filtered" | "newly_duplicate" | "newly_failing" | "newly_delivered";
  word: string;
  count: number;
}

/** The numbers under the cells: what stays, and each way in which something changes. */
export function dryRunNumbers(run: DryRun): DryRunNumber[] {
  const kinds = [...run.cells.draft].map((is, index) => cellKind(run.cells.present[index] ?? "d", is));
  const countOf = (kind: string) => kinds.filter((each) => each === kind).length;
  const numbers: DryRunNumber[] = [
    { key: "pass", word: "still pass", count: countOf("pass") },
    { key: "stay", word: "still ignored", count: countOf("stay") },
    { key: "newly_filtered", word: "newly filtered", count: run.newly_filtered.count },
    { key: "newly_delivered", word: "newly delivered", count: run.newly_delivered.count },
    { key: "newly_duplicate", word: "newly duplicates", count: run.newly_duplicate.count },
    { key: "newly_failing", word: "newly failing", count: run.newly_failing.count },
  ];
  return numbers.filter(
    ({ key, count }) => count > 0 || key === "pass" || key === "newly_filtered" || key === "newly_delivered",
  );
}

export const changedCount = (run: DryRun): number =>
  run.newly_delivered.count + run.newly_filtered.count + run.newly_duplicate.count + run.newly_failing.count;

/** Over what it ran: `requests, 29 s of traffic`. */
export function dryRunScope(run: DryRun): string {
  if (run.requests === 0) return "This source has no stored requests yet.";
  const spanMs = Date.parse(run.newest_at ?? "") - Date.parse(run.oldest_at ?? "");
  const notes = [`${spanWords(Math.max(spanMs, 0))} of traffic`];
  if (run.stopped_by === "time") notes.push("ended early: the rules are slow");
  if (run.stopped_by === "size") notes.push("ended early: the bodies are large");
  if (run.too_large > 0) notes.push(`${run.too_large} too large to try`);
  return notes.join(", ");
}
