// The check of maintenance windows together. Each by itself is checked by its contract.
import type { MaintenanceWindow } from "#server/contracts/maintenance.ts";
import { type Stretch, stretchesOf } from "#server/contracts/maintenance-times.ts";
import { windowWords } from "#server/contracts/maintenance-words.ts";
import { wrongField } from "#server/errors/field-issues.ts";

const DAY_MS = 86_400_000;
/** Longer than a year: weekly windows of two zones may meet in the weeks alone in which one has summer time. */
const LOOKED_AHEAD_MS = 400 * DAY_MS;
const LONGEST_MS = 30 * DAY_MS;

type Windows = readonly MaintenanceWindow[];

function refuseOverlap(index: number, other: MaintenanceWindow, atMs: number): never {
  const at = new Date(atMs).toISOString();
  const message = `It overlaps with another window (${windowWords(other)}), first at ${at}: shorten one of the two, or make them one.`;
  throw wrongField(`config.maintenance_windows[${index}]`, message);
}

/** A single window meets another where that one's first stretch which ends after its start begins before its end. */
function checkSingle(windows: Windows, window: MaintenanceWindow, index: number): void {
  for (const { fromMs, untilMs } of stretchesOf(window, Number.NEGATIVE_INFINITY)) {
    for (const [otherIndex, other] of windows.entries()) {
      if (otherIndex === index) continue;
      const [first] = stretchesOf(other, fromMs);
      if (first && first.fromMs < untilMs) refuseOverlap(index, other, Math.max(first.fromMs, fromMs));
    }
  }
}

function weeklyAhead(windows: Windows, fromMs: number): (Stretch & { index: number })[] {
  const all: (Stretch & { index: number })[] = [];
  for (const [index, window] of windows.entries()) {
    if (window.kind === "once") continue;
    for (const stretch of stretchesOf(window, fromMs)) {
      if (stretch.fromMs > fromMs + LOOKED_AHEAD_MS) break;
      all.push({ ...stretch, index });
    }
  }
  return all.sort((a, b) => a.fromMs - b.fromMs);
}

/**
 * Refuses windows that overlap, and those that leave no time between them.
 * @throws AppError UNPROCESSABLE
 */
export function checkWindows(windows: Windows, now: Date): void {
  for (const [index, window] of windows.entries()) if (window.kind === "once") checkSingle(windows, window, index);
  let before: (Stretch & { index: number }) | undefined;
  let unbrokenFromMs = 0;
  for (const stretch of weeklyAhead(windows, now.getTime())) {
    const other = before && windows[before.index];
    if (before && other && stretch.fromMs < before.untilMs) refuseOverlap(stretch.index, other, stretch.fromMs);
    if (before?.untilMs !== stretch.fromMs) unbrokenFromMs = stretch.fromMs;
    if (stretch.untilMs - unbrokenFromMs > LONGEST_MS) {
      throw wrongField(
        "config.maintenance_windows",
        "Together they last without a break, so nothing would ever be sent: leave time between them, or disable the destination.",
      );
    }
    before = stretch;
  }
}
