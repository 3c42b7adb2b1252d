/** Of all bytes, through one gateway: somebody who sends to one team leaves room for the others. */
const TEAM_PART = 0.5;

export interface TeamBytes {
  /** False: the team has no room for so much more. */
  take(teamId: string, bytes: number): boolean;
  /** The spool has surely not taken them. */
  giveBack(teamId: string, bytes: number): void;
  /** The spool is empty. */
  clear(): void;
}

/** What this gateway has put into the spool for each team since it was empty. */
export function makeTeamBytes(maxBytes: number): TeamBytes {
  const taken = new Map<string, number>();
  return {
    take(teamId, bytes) {
      const sum = (taken.get(teamId) ?? 0) + bytes;
      if (sum > maxBytes * TEAM_PART) return false;
      taken.set(teamId, sum);
      return true;
    },
    giveBack: (teamId, bytes) => taken.set(teamId, Math.max(0, (taken.get(teamId) ?? 0) - bytes)),
    clear: () => taken.clear(),
  };
}
