// Counts of a batch in memory, one set for each minute and branch: `rollupAdd` adds them to the minutes of the database.

export interface CountedBranch {
  team_id: string;
  source_id: string;
  /** '' at the door. */
  connection_id: string;
  destination_id: string;
}

export interface MinuteCounts<Count extends string> {
  add(branch: CountedBranch, at: Date, count: Count): void;
  /** The number of rows. */
  size(): number;
  /**
   * The columns of `rollupAdd`: an array for each column of the key, then one for each count, in the order of the keys.
   * Statements that share some wait for each other then and never deadlock.
   */
  toColumns(): (string | number | Date)[][];
}

const MINUTE_MS = 60_000;

interface Minute<Count extends string> extends CountedBranch {
  atMs: number;
  counts: Record<Count, number>;
}

export function makeMinuteCounts<Count extends string>(counts: readonly Count[]): MinuteCounts<Count> {
  const minutes = new Map<string, Minute<Count>>();
  let last: Minute<Count> | null = null;

  function minuteOf({ team_id, source_id, connection_id, destination_id }: CountedBranch, atMs: number) {
    // Neighbours in a batch are mostly of one branch.
    if (
      last?.atMs === atMs &&
      last.source_id === source_id &&
      last.connection_id === connection_id &&
      last.destination_id === destination_id &&
      last.team_id === team_id
    )
      return last;
    const key = `${team_id} ${atMs} ${source_id} ${connection_id} ${destination_id}`;
    let minute = minutes.get(key);
    if (!minute) {
      const none = Object.fromEntries(counts.map((count) => [count, 0])) as Record<Count, number>;
      minute = { team_id, source_id, connection_id, destination_id, atMs, counts: none };
      minutes.set(key, minute);
    }
    last = minute;
    return minute;
  }

  return {
    add(branch, at, count) {
      minuteOf(branch, Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS).counts[count]++;
    },
    size: () => minutes.size,
    toColumns() {
      const ordered = [...minutes.values()].sort(byKey);
      return [
        ordered.map(({ team_id }) => team_id),
        ordered.map(({ atMs }) => new Date(atMs)),
        ordered.map(({ source_id }) => source_id),
        ordered.map(({ connection_id }) => connection_id),
        ordered.map(({ destination_id }) => destination_id),
        ...counts.map((count) => ordered.map((minute) => minute.counts[count])),
      ];
    },
  };
}

const compare = <T extends string | number>(a: T, b: T) => (a < b ? -1 : a > b ? 1 : 0);

/** As Postgres compares in the collation "C": ids are ASCII. */
function byKey(a: Minute<string>, b: Minute<string>): number {
  return (
    compare(a.team_id, b.team_id) ||
    compare(a.atMs, b.atMs) ||
    compare(a.source_id, b.source_id) ||
    compare(a.connection_id, b.connection_id) ||
    compare(a.destination_id, b.destination_id)
  );
}
