// A payload drifts when the newest requests of an event type lack what a rule reads and what those of before had. It goes away
// by itself: after a day the new shape is the usual one.
import { MASK } from "#server/contracts/mask.ts";
import { barsOf, onceNow, type Verdict } from "./finding.ts";
import type { ReadPath } from "./read-paths.ts";

export interface Shapes {
  eventType: string | null;
  /** Parsed bodies; others are left out. */
  before: readonly unknown[];
  now: readonly unknown[];
}

/** Of each side, before anything is said. */
const ENOUGH = 10;
const USUAL = 0.95;
const RARE = 0.5;

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Of lists; a stranger chooses how long they are, and how deep they nest. */
const MAX_ELEMENTS = 20;

/**
 * Whether a value stands there; of a list, in any of its first elements. A list in a list is not looked into. What stood in a
 * masked object nobody can tell any more, and a source that begins to mask it has not changed its shape.
 */
export function hasPath(value: unknown, keys: readonly string[]): boolean {
  let level: unknown[] = [value];
  for (const key of keys) {
    level = level
      .flatMap((each) => (Array.isArray(each) ? each.slice(0, MAX_ELEMENTS) : [each]))
      .filter((each) => isObject(each) && Object.hasOwn(each, key))
      .slice(0, MAX_ELEMENTS)
      .map((each) => (each as Record<string, unknown>)[key]);
    if (level.length === 0) return false;
    if (level.includes(MASK)) return true;
  }
  return level.some((each) => each !== undefined);
}

const shareOf = (bodies: readonly unknown[], keys: readonly string[]) =>
  bodies.filter((body) => hasPath(body, keys)).length / bodies.length;

/** @param shapes of each event type that comes to the connection */
export function judgeDrift(
  paths: readonly ReadPath[],
  shapes: readonly Shapes[],
  isOpen: boolean,
  nowMs: number,
): Verdict {
  const known = shapes.filter(({ before, now }) => before.length >= ENOUGH && now.length >= ENOUGH);
  for (const { eventType, before, now } of known) {
    const drifted = paths
      .map(({ keys, readBy }) => ({
        path: ["body", ...keys].join("."),
        before: shareOf(before, keys),
        now: shareOf(now, keys),
        read_by: readBy,
      }))
      .filter((path) => path.before >= USUAL && path.now <= RARE);
    if (drifted.length === 0) continue;
    return {
      kind: "happening",
      needsPerson: false,
      evidence: {
        kind: "payload_drift",
        event_type: eventType,
        paths: drifted,
        requests_now: now.length,
        requests_before: before.length,
      },
      occurrences: onceNow(nowMs),
      bars: barsOf([], nowMs, { good: () => 0, bad: () => 0 }),
    };
  }
  if (!isOpen || known.length === 0) return { kind: "unclear" };
  return { kind: "over", because: "The newest requests have what the rules read, or the new shape is the usual one." };
}
