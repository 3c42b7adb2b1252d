import { type Clock, systemClock } from "./clock.ts";

/**
 * A signal to a waiting loop. It is kept until it is read, so none is missed. The loop goes on when the event loop has
 * turned, so several raises of one turn wake it once.
 */
export interface Signal {
  raise(): void;
  /** Resolves at the next `raise`, at once if there was one since the last wait, or after `timeoutMs`. */
  wait(timeoutMs: number): Promise<void>;
}

const MAX_TIMEOUT_MS = 2 ** 31 - 1;

export function makeSignal(clock: Clock = systemClock): Signal {
  let isRaised = false;
  let wake: (() => void) | null = null;
  return {
    raise() {
      isRaised = true;
      if (wake) setImmediate(wake);
      wake = null;
    },
    wait(timeoutMs) {
      if (isRaised) {
        isRaised = false;
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        const goOn = () => {
          callOff();
          wake = null;
          isRaised = false;
          resolve();
        };
        const callOff = clock.after(Math.min(Math.max(0, timeoutMs), MAX_TIMEOUT_MS), goOn);
        wake = goOn;
      });
    },
  };
}
