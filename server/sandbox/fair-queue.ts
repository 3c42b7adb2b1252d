/** Jobs waiting, a line for each team. Teams take turns; within a team the order is kept. */
export interface FairQueue<J> {
  /** False when the team's line is full. */
  add(teamId: string, job: J): boolean;
  /** Puts back, at the front of the team's line and in their order, jobs that were taken and not begun. */
  putBack(teamId: string, jobs: J[]): void;
  /** Takes a job that waits out of its line; false when it does not wait any more. */
  remove(teamId: string, job: J): boolean;
  /** Takes up to `max` jobs of the team whose turn it is among those that `mayRun` allows, and moves that team to the end. */
  take(max: number, mayRun: (teamId: string) => boolean): { teamId: string; jobs: J[] } | null;
  /** Empties every line. */
  drain(): J[];
}

interface Line<J> {
  jobs: J[];
  bytes: number;
}

/** Each team's line is bounded in jobs and bytes, so that memory is bounded by the number of teams. */
export function makeFairQueue<J>(
  maxPerTeam: { jobs: number; bytes: number },
  bytesOf: (job: J) => number,
): FairQueue<J> {
  // A Map keeps its order of insertion, which is the order of turns.
  const lines = new Map<string, Line<J>>();
  const weigh = (jobs: J[]) => jobs.reduce((sum, job) => sum + bytesOf(job), 0);
  return {
    add(teamId, job) {
      const line = lines.get(teamId) ?? { jobs: [], bytes: 0 };
      const bytes = bytesOf(job);
      // One job always fits: its own size is bounded elsewhere.
      const isFull = line.jobs.length >= maxPerTeam.jobs || line.bytes + bytes > maxPerTeam.bytes;
      if (isFull && line.jobs.length > 0) return false;
      line.jobs.push(job);
      line.bytes += bytes;
      lines.set(teamId, line);
      return true;
    },
    putBack(teamId, jobs) {
      if (jobs.length === 0) return;
      const line = lines.get(teamId) ?? { jobs: [], bytes: 0 };
      lines.set(teamId, { jobs: [...jobs, ...line.jobs], bytes: line.bytes + weigh(jobs) });
    },
    remove(teamId, job) {
      const line = lines.get(teamId);
      const at = line?.jobs.indexOf(job) ?? -1;
      if (!line || at === -1) return false;
      line.jobs.splice(at, 1);
      line.bytes -= bytesOf(job);
      if (line.jobs.length === 0) lines.delete(teamId);
      return true;
    },
    take(max, mayRun) {
      for (const [teamId, line] of lines) {
        if (!mayRun(teamId)) continue;
        const jobs = line.jobs.splice(0, max);
        lines.delete(teamId);
        if (line.jobs.length > 0) lines.set(teamId, { jobs: line.jobs, bytes: line.bytes - weigh(jobs) });
        return { teamId, jobs };
      }
      return null;
    },
    drain() {
      const jobs = [...lines.values()].flatMap((line) => line.jobs);
      lines.clear();
      return jobs;
    },
  };
}
