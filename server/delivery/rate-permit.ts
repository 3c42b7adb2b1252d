import type { RateWindow } from "./rate-window.ts";

/** By then a receiver that is alive has seen what was sent to it. */
const MAX_TRAVEL_MS = 1_000;

/** The permit of one send, taken from the window before. */
export interface RatePermit {
  /** The bytes left. */
  left(): void;
  /** The attempt is over, whatever came of it. */
  ended(): void;
}

/**
 * A send counts for a period from when its receiver has surely seen it: from its answer, or from `MAX_TRAVEL_MS` after its
 * bytes left. Counted from when they left, those that took long would meet the next period's at the receiver.
 * @param onCounted called where it counts without an answer: somebody may wait for room
 */
export function holdPermit(window: RateWindow, onCounted: () => void): RatePermit {
  let timer: NodeJS.Timeout | undefined;
  let isCounted = false;
  let hasLeft = false;
  const count = () => {
    if (isCounted) return;
    isCounted = true;
    clearTimeout(timer);
    window.sent(Date.now());
  };
  return {
    left() {
      hasLeft = true;
      if (!window.isLimited()) return count();
      timer = setTimeout(() => {
        count();
        onCounted();
      }, MAX_TRAVEL_MS);
    },
    ended() {
      if (hasLeft) count();
      else window.unsent();
    },
  };
}
