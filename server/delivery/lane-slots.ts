// The slots of a process for lanes, shared between teams. A team's equal share of them is always there for it, whatever the
// others hold and for however long; it takes more only while slots are free. Destinations that have to wait are kept in order.

export interface LaneSlots {
  /** Takes a slot for a lane of this destination. False when it waits now, or waited already. */
  ask(teamId: string, destinationId: string): boolean;
  /** Takes a slot, if that may be at once; nothing waits otherwise. */
  take(teamId: string): boolean;
  /** Gives back a slot. */
  leave(teamId: string): void;
  /** Takes a slot for the one whose turn it is, of the team that has fewest; null when nobody may go. */
  next(): Waiting | null;
  /** Takes one that waits out of its line. */
  withdraw(destinationId: string): void;
  isWaiting(destinationId: string): boolean;
  /** Whether somebody waits: whoever has a slot gives it back after a while. */
  isWanted(): boolean;
  /** Those that waited; from now on none does. */
  giveUp(): string[];
}

export interface Waiting {
  teamId: string;
  destinationId: string;
}

interface Line {
  running: number;
  /** In order. */
  waiting: Set<string>;
}

/** Makes the slots. Pure. @param count all of them, for a team that is alone; up to twice as many where others hold them */
export function makeLaneSlots(count: number): LaneSlots {
  // In the order in which teams last got a slot: among equals the first has waited longest.
  const lines = new Map<string, Line>();
  const waiting = new Map<string, string>();
  let running = 0;

  function mayTake(line: Line): boolean {
    const equalShare = Math.max(1, Math.floor(count / Math.max(1, lines.size)));
    return running < count || (line.running < equalShare && running < 2 * count);
  }

  function give(teamId: string, line: Line): void {
    running++;
    line.running++;
    lines.delete(teamId);
    lines.set(teamId, line);
  }

  function lineOf(teamId: string): Line {
    const line = lines.get(teamId) ?? { running: 0, waiting: new Set() };
    lines.set(teamId, line);
    return line;
  }

  function forget(teamId: string, line: Line): void {
    if (line.running === 0 && line.waiting.size === 0) lines.delete(teamId);
  }

  return {
    ask(teamId, destinationId) {
      if (waiting.has(destinationId)) return false;
      const line = lineOf(teamId);
      if (line.waiting.size === 0 && mayTake(line)) {
        give(teamId, line);
        return true;
      }
      line.waiting.add(destinationId);
      waiting.set(destinationId, teamId);
      return false;
    },
    take(teamId) {
      const line = lineOf(teamId);
      const isFree = line.waiting.size === 0 && mayTake(line);
      if (isFree) give(teamId, line);
      else forget(teamId, line);
      return isFree;
    },
    leave(teamId) {
      const line = lineOf(teamId);
      running--;
      line.running--;
      forget(teamId, line);
    },
    next() {
      let fewest: [string, Line] | undefined;
      for (const [teamId, line] of lines) {
        if (line.waiting.size === 0 || !mayTake(line)) continue;
        if (!fewest || line.running < fewest[1].running) fewest = [teamId, line];
      }
      const destinationId = fewest?.[1].waiting.values().next().value;
      if (!fewest || destinationId === undefined) return null;
      const [teamId, line] = fewest;
      line.waiting.delete(destinationId);
      waiting.delete(destinationId);
      give(teamId, line);
      return { teamId, destinationId };
    },
    withdraw(destinationId) {
      const teamId = waiting.get(destinationId);
      if (teamId === undefined) return;
      const line = lineOf(teamId);
      line.waiting.delete(destinationId);
      waiting.delete(destinationId);
      forget(teamId, line);
    },
    isWaiting: (destinationId) => waiting.has(destinationId),
    isWanted: () => waiting.size > 0,
    giveUp() {
      const given = [...waiting.keys()];
      waiting.clear();
      for (const [teamId, line] of lines) {
        line.waiting.clear();
        forget(teamId, line);
      }
      return given;
    },
  };
}
