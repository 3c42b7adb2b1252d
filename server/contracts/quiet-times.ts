// The times of quiet hours, by the clock on the wall. Pure.
import type { IssueKind } from "./issue.ts";
import type { Stretch } from "./maintenance-times.ts";
import type { QuietHours, StoredQuiet } from "./quiet-hours.ts";
import { firstAt, lastBefore, wallAt } from "./wall-clock.ts";

const DAY_MS = 86_400_000;

function msOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return (hours * 60 + minutes) * 60_000;
}

/** The stretches around an instant, the oldest first. */
function stretches({ from, until, time_zone }: QuietHours, nowMs: number): Stretch[] {
  const wallMs = wallAt(nowMs, time_zone);
  const midnightMs = wallMs - (((wallMs % DAY_MS) + DAY_MS) % DAY_MS);
  const lengthMs = until > from ? msOf(until) - msOf(from) : msOf(until) - msOf(from) + DAY_MS;
  return [-2, -1, 0].map((day) => {
    const startMs = midnightMs + day * DAY_MS + msOf(from);
    return { fromMs: firstAt(startMs, time_zone), untilMs: lastBefore(startMs + lengthMs, time_zone) };
  });
}

/** The stretch in which an instant lies; null where it lies in none. */
export const quietAt = (hours: QuietHours, nowMs: number): Stretch | null =>
  stretches(hours, nowMs).find(({ fromMs, untilMs }) => fromMs <= nowMs && nowMs < untilMs) ?? null;

/** The last one that was over by an instant. */
const lastQuiet = (hours: QuietHours, nowMs: number): Stretch | null =>
  stretches(hours, nowMs).findLast(({ untilMs }) => untilMs <= nowMs) ?? null;

/** The stretches that are over by an instant, and told after it: the last one, and the one before the last change. */
export function endedQuiet({ hours, cut }: StoredQuiet, nowMs: number): Stretch[] {
  const last = hours && lastQuiet(hours, nowMs);
  const cuts = cut && cut.untilMs <= nowMs ? [cut] : [];
  // What came before the end of the cut one is told with it.
  if (!last || (cut && last.untilMs <= cut.untilMs)) return cuts;
  return [...cuts, { ...last, fromMs: Math.max(last.fromMs, cut?.untilMs ?? last.fromMs) }];
}

/** What ended longer ago is told: the watch waits two minutes for what is routed late, and looks once a minute. */
const TOLD_MS = 5 * 60_000;

/** The hours as a change stores them: the stretch that lasts ends now, and one that is over is not told again by new hours. */
export function changeQuiet({ hours: before, cut }: StoredQuiet, hours: QuietHours | null, nowMs: number): StoredQuiet {
  const lasting = before && quietAt(before, nowMs);
  const stretch = lasting ? { ...lasting, untilMs: nowMs } : before && lastQuiet(before, nowMs);
  if (!stretch || (cut && stretch.untilMs <= cut.untilMs)) return { hours, cut };
  if (!cut) return { hours, cut: stretch };
  const isTold = nowMs - cut.untilMs > TOLD_MS;
  const fromMs = isTold ? Math.max(stretch.fromMs, cut.untilMs) : Math.min(stretch.fromMs, cut.fromMs);
  return { hours, cut: { ...stretch, fromMs } };
}

/** What goes away by itself. */
const WARNINGS: ReadonlySet<IssueKind> = new Set<IssueKind>(["breaker_open", "source_silent", "payload_drift"]);

/** What waits for a person is an error; the rest is to know. */
export const severityOf = (kind: IssueKind): "error" | "warning" => (WARNINGS.has(kind) ? "warning" : "error");

/** The end of the quiet that keeps a system event back; null: it is told now. Of issues alone is anything kept back. */
export function keptBackUntil(hours: QuietHours, eventType: string | null, atMs: number): number | null {
  const [what, , kind] = (eventType ?? "").split(".");
  if (what !== "issue" || (hours.passes === "errors" && severityOf(kind as IssueKind) === "error")) return null;
  return quietAt(hours, atMs)?.untilMs ?? null;
}
