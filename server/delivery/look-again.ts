import type { Clock } from "#server/process/clock.ts";
import type { Signal } from "#server/process/signal.ts";

/** Makes what has a lane look again after some milliseconds. A look that is planned already is not planned twice. */
export function makeLookAgain({ clock, signal }: { clock: Clock; signal: Signal }): (ms: number) => void {
  let isPlanned = false;
  return (ms) => {
    if (isPlanned) return;
    isPlanned = true;
    clock.after(ms, () => {
      isPlanned = false;
      signal.raise();
    });
  };
}
