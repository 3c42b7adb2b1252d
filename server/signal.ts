/** Something happened that a waiting loop wants to know: a note that is kept until it is read, so none is missed. */
export interface Signal {
  raise(): void;
  /** Resolves at the next `raise`, at once if there was one since the last wait, or after `timeoutMs`. */
  wait(timeoutMs: number): Promise<void>;
}

const MAX_TIMEOUT_MS = 2 ** 31 - 1;

export function makeSignal(): Signal {
  let isRaised = false;
  let wake: (() => void) | null = null;
  return {
    raise() {
      isRaised = true;
      wake?.();
    },
    wait(timeoutMs) {
      if (isRaised) {
        isRaised = false;
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        const timer = setTimeout(() => wake?.(), Math.min(Math.max(0, timeoutMs), MAX_TIMEOUT_MS));
        wake = () => {
          clearTimeout(timer);
          wake = null;
          isRaised = false;
          resolve();
        };
      });
    },
  };
}
