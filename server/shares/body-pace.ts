// The pace of bodies: those that stand still or trickle are cut. A sender pays for the memory and the connection it holds
// by sending.

export interface PacedBody {
  /** The bytes that have come so far. */
  receivedBytes(): number;
  cut(): void;
}

export interface BodyPace {
  watch(body: PacedBody, nowMs: number): void;
  forget(body: PacedBody): void;
  /** Call about every `SWEEP_MS`. Cuts each body that fell behind, and returns how many are still watched. */
  sweep(nowMs: number): number;
}

/** In any window of this length a body has to bring `MIN_BYTES_PER_WINDOW`, or its end. */
const WINDOW_MS = 5_000;
const MIN_BYTES_PER_WINDOW = 1024;
/** No body may take longer in all. */
export const MAX_BODY_MS = 13_000;
export const SWEEP_MS = 250;
/** Each cut is an answer and a row of evidence: thousands at once would keep everybody else waiting. */
const MAX_CUTS_PER_SWEEP = 250;
/** After a longer pause this process itself stood still, and bytes may lie unread in its sockets. */
const OWN_STANDSTILL_MS = 3 * SWEEP_MS;

interface Mark {
  readonly openedAtMs: number;
  atMs: number;
  bytes: number;
}

/** Makes the pace. Pure: time is an argument, and cuts are calls. */
export function makeBodyPace(): BodyPace {
  const marks = new Map<PacedBody, Mark>();
  let sweptAtMs = 0;

  /** Whether it fell behind; a window that was kept is followed by the next. */
  function isBehind(body: PacedBody, mark: Mark, nowMs: number): boolean {
    if (nowMs - mark.openedAtMs >= MAX_BODY_MS) return true;
    if (nowMs - mark.atMs < WINDOW_MS) return false;
    const bytes = body.receivedBytes();
    if (bytes - mark.bytes < MIN_BYTES_PER_WINDOW) return true;
    mark.atMs = nowMs;
    mark.bytes = bytes;
    return false;
  }

  return {
    watch(body, nowMs) {
      if (marks.size === 0) sweptAtMs = nowMs;
      marks.set(body, { openedAtMs: nowMs, atMs: nowMs, bytes: 0 });
    },
    forget: (body) => void marks.delete(body),
    sweep(nowMs) {
      const stoodStill = nowMs - sweptAtMs > OWN_STANDSTILL_MS;
      sweptAtMs = nowMs;
      let cuts = 0;
      for (const [body, mark] of marks) {
        if (cuts === MAX_CUTS_PER_SWEEP) break;
        if (stoodStill) mark.atMs = nowMs;
        else if (isBehind(body, mark, nowMs)) {
          marks.delete(body);
          cuts++;
          body.cut();
        }
      }
      return marks.size;
    },
  };
}
