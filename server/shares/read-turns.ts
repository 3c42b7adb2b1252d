// Turns of reading. Whoever sends large bodies fast would otherwise be read for as long as bytes lie in the sockets, tens of
// megabytes at a time, and everybody else would wait.

export interface ReadTurns {
  /** Calls `go`, which reads some more of a body, in one of the next rounds of the thread: teams in turns, and so a team's bodies. */
  next(teamId: string, go: () => void): void;
}

/** What a body brings without waiting for a turn: most bodies are whole by then. */
export const READ_AT_ONCE_BYTES = 64 * 1024;
/** Node reads one or two blocks of 64 KiB before a stream stands still, so that a round costs about half a millisecond. */
const PARTS_PER_ROUND = 4;

/** @param later calls back when the thread has served what else has come */
export function makeReadTurns(later: (round: () => void) => void = setImmediate): ReadTurns {
  // The team that has waited longest comes first.
  const lines = new Map<string, (() => void)[]>();
  let isRoundDue = false;

  function serve(): void {
    isRoundDue = false;
    for (let served = 0; served < PARTS_PER_ROUND; served++) {
      const [first] = lines;
      if (!first) return;
      const [teamId, line] = first;
      const go = line.shift();
      lines.delete(teamId);
      if (line.length > 0) lines.set(teamId, line);
      go?.();
    }
    if (lines.size > 0) beginRound();
  }

  function beginRound(): void {
    if (isRoundDue) return;
    isRoundDue = true;
    later(serve);
  }

  return {
    next(teamId, go) {
      const line = lines.get(teamId);
      if (line) line.push(go);
      else lines.set(teamId, [go]);
      beginRound();
    },
  };
}
