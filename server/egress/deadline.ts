// A deadline that is moved with each request and rarely passes. Setting and clearing a timer for each request costs more
// than all other timekeeping. Here the timer stays, and checks the deadline only when it fires.

export interface Timed {
  /** Called when the deadline has passed. */
  timeOut(): void;
}

/** All times are of `performance.now()`, in milliseconds. */
export class Deadline {
  #atMs = Number.POSITIVE_INFINITY;
  #timed: Timed | null = null;
  #timer: NodeJS.Timeout | undefined;
  #firesAtMs = Number.POSITIVE_INFINITY;

  /** Calls `timed` once when the time has come, unless the deadline is set anew, lifted or ended before. */
  set(atMs: number, timed: Timed): void {
    this.#atMs = atMs;
    this.#timed = timed;
    if (atMs < this.#firesAtMs) this.#arm();
  }

  lift(): void {
    this.#atMs = Number.POSITIVE_INFINITY;
    this.#timed = null;
  }

  /** Clears the timer, which would keep the process alive. */
  end(): void {
    this.lift();
    clearTimeout(this.#timer);
    this.#firesAtMs = Number.POSITIVE_INFINITY;
  }

  #arm(): void {
    clearTimeout(this.#timer);
    this.#firesAtMs = this.#atMs;
    this.#timer = setTimeout(() => this.#look(), Math.ceil(this.#atMs - performance.now()));
  }

  #look(): void {
    this.#firesAtMs = Number.POSITIVE_INFINITY;
    const timed = this.#timed;
    if (!timed) return;
    if (performance.now() < this.#atMs) {
      this.#arm();
    } else {
      this.lift();
      timed.timeOut();
    }
  }
}
