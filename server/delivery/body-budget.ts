// The memory of large bodies while they are sent. Receivers that do not answer keep it for as long as a time-out, so each team
// has a part of its own: whoever waits, waits for bodies of their own team.
import { makeTeamRooms } from "#server/shares/team-rooms.ts";

export interface BodyBudget {
  /** Waits for the memory of this many bytes. Returns the function that gives it back, to be called once. */
  hold(teamId: string, bytes: number): Promise<() => void>;
}

/** The largest file of many events fits, with its copies. */
export const TEAM_BYTES = 64 * 1024 * 1024;
/** Up to twice as much for teams that hold nothing yet. */
const ALL_BYTES = 96 * 1024 * 1024;

interface Waiting {
  teamId: string;
  bytes: number;
  start(): void;
}

export function makeBodyBudget(): BodyBudget {
  const any = Number.POSITIVE_INFINITY;
  const rooms = makeTeamRooms({ count: any, bytes: TEAM_BYTES }, { count: any, bytes: ALL_BYTES });
  let waiting: Waiting[] = [];

  /** In order of arrival within a team, so that the smaller never keep passing the larger. */
  function startNext(): void {
    const full = new Set<string>();
    waiting = waiting.filter(({ teamId, bytes, start }) => {
      if (full.has(teamId)) return true;
      if (!rooms.take(teamId, bytes)) return full.add(teamId);
      start();
      return false;
    });
  }

  return {
    async hold(teamId, bytes) {
      await new Promise<void>((start) => {
        waiting.push({ teamId, bytes, start });
        startNext();
      });
      return () => {
        rooms.giveBack(teamId, bytes);
        startNext();
      };
    },
  };
}
