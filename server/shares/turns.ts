// Fair turns of teams. A free place goes to the waiting team with the fewest calls under way. A team may thus use idle
// places, and gives them back as its own work ends.

export interface Turns {
  /** Waits in the team's line. `full`: the line is too long already. `gone`: `signal` ended the wait. */
  take(teamId: string, signal?: AbortSignal): Promise<Taken>;
}
export type Taken = { kind: "turn"; done(): void } | { kind: "full" } | { kind: "gone" };

export interface TurnLimits {
  /** Under way at a time, of all teams. */
  max: number;
  /** The calls of one team under way at a time, however idle the rest is: others never wait behind more. */
  maxPerTeam: number;
  maxWaitingPerTeam: number;
}

interface Waiter {
  answer(taken: Taken): void;
}
interface Line {
  underWay: number;
  /** In order; a Set, because a caller may leave from the middle. */
  waiting: Set<Waiter>;
}

export function makeTurns({ max, maxPerTeam, maxWaitingPerTeam }: TurnLimits): Turns {
  // In the order in which teams were last served: among equals the first has waited longest.
  const lines = new Map<string, Line>();
  let underWay = 0;

  function begin(teamId: string, line: Line): Taken {
    underWay += 1;
    line.underWay += 1;
    lines.delete(teamId);
    lines.set(teamId, line);
    let isDone = false;
    return {
      kind: "turn",
      done() {
        if (isDone) return;
        isDone = true;
        underWay -= 1;
        line.underWay -= 1;
        forget(teamId, line);
        serve();
      },
    };
  }

  function forget(teamId: string, line: Line): void {
    if (line.underWay === 0 && line.waiting.size === 0) lines.delete(teamId);
  }

  function serve(): void {
    while (underWay < max) {
      let next: [string, Line] | undefined;
      for (const [teamId, line] of lines) {
        if (line.waiting.size === 0 || line.underWay >= maxPerTeam) continue;
        if (!next || line.underWay < next[1].underWay) next = [teamId, line];
      }
      const waiter = next?.[1].waiting.values().next().value;
      if (!next || !waiter) return;
      next[1].waiting.delete(waiter);
      waiter.answer(begin(...next));
    }
  }

  function wait(teamId: string, line: Line, signal: AbortSignal | undefined): Promise<Taken> {
    return new Promise((resolve) => {
      const leave = () => {
        line.waiting.delete(waiter);
        forget(teamId, line);
        resolve({ kind: "gone" });
      };
      const waiter: Waiter = {
        answer(taken) {
          signal?.removeEventListener("abort", leave);
          resolve(taken);
        },
      };
      signal?.addEventListener("abort", leave, { once: true });
      line.waiting.add(waiter);
    });
  }

  return {
    async take(teamId, signal) {
      if (signal?.aborted) return { kind: "gone" };
      const line = lines.get(teamId) ?? { underWay: 0, waiting: new Set() };
      lines.set(teamId, line);
      if (underWay < max && line.underWay < maxPerTeam && line.waiting.size === 0) return begin(teamId, line);
      if (line.waiting.size >= maxWaitingPerTeam) return { kind: "full" };
      return wait(teamId, line, signal);
    },
  };
}
