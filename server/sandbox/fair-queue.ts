/** Jobs waiting, a line for each team. Teams take turns; within a team the order is kept. */
export interface FairQueue<J> {
  /** False when the team's line is full. */
  add(teamId: string, job: J): boolean;
  /** Puts back, at the front of the team's line and in their order, jobs that were taken and not begun. */
  putBack(teamId: string, jobs: J[]): void;
  /** Takes up to `max` jobs of the team whose turn it is among those that `mayRun` allows, and moves that team to the end. */
  take(max: number, mayRun: (teamId: string) => boolean): { teamId: string; jobs: J[] } | null;
  /** Takes a job out that is still waiting; false when it is not. */
  remove(teamId: string, job: J): boolean;
  /** Empties every line. */
  drain(): J[];
}

/** `maxPerTeam` bounds each team's line, so that memory is bounded by the number of teams. */
export function makeFairQueue<J>(maxPerTeam: number): FairQueue<J> {
  // A Map keeps its order of insertion, which is the order of turns.
  const lines = new Map<string, J[]>();
  return {
    add(teamId, job) {
      const line = lines.get(teamId);
      if (!line) lines.set(teamId, [job]);
      else if (line.length >= maxPerTeam) return false;
      else line.push(job);
      return true;
    },
    putBack(teamId, jobs) {
      if (jobs.length > 0) lines.set(teamId, [...jobs, ...(lines.get(teamId) ?? [])]);
    },
    take(max, mayRun) {
      for (const [teamId, line] of lines) {
        if (!mayRun(teamId)) continue;
        const jobs = line.splice(0, max);
        lines.delete(teamId);
        if (line.length > 0) lines.set(teamId, line);
        return { teamId, jobs };
      }
      return null;
    },
    remove(teamId, job) {
      const line = lines.get(teamId);
      const place = line?.indexOf(job) ?? -1;
      if (!line || place < 0) return false;
      line.splice(place, 1);
      if (line.length === 0) lines.delete(teamId);
      return true;
    },
    drain() {
      const jobs = [...lines.values()].flat();
      lines.clear();
      return jobs;
    },
  };
}
