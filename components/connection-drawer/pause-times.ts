// The ends of a pause that are one press away, and one that is typed. Times of day are those of the person's own clock.
import { localOffsetAt, readTyped } from "#components/data/time-range.ts";

export type PauseChoice = "quarter" | "hour" | "morning" | "own";

export const PAUSE_CHOICES: readonly { value: PauseChoice; label: string }[] = [
  { value: "quarter", label: "15 min" },
  { value: "hour", label: "1 h" },
  { value: "morning", label: "Tomorrow 08:00" },
  { value: "own", label: "Own time" },
];

/** 08:00 of the day after, whatever the clocks do in between. */
function tomorrowMorning(nowMs: number): number {
  const day = new Date(nowMs);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1, 8).getTime();
}

/** The instant that a choice means; null where what was typed is none. */
export function pauseEnd(choice: PauseChoice, typed: string, nowMs: number): number | null {
  switch (choice) {
    case "quarter":
      return nowMs + 15 * 60_000;
    case "hour":
      return nowMs + 60 * 60_000;
    case "morning":
      return tomorrowMorning(nowMs);
    case "own":
      return readTyped(typed, "local", localOffsetAt);
  }
}

/** Why a pause cannot end then; undefined where it can. */
export function pauseFault(endMs: number | null, nowMs: number, longestMs: number): string | undefined {
  if (endMs === null) return "Write it as 2026-11-25 08:00.";
  if (endMs <= nowMs) return "That time has passed: give one to come.";
  return endMs - nowMs > longestMs ? "A pause may last 30 days: give an earlier time." : undefined;
}
