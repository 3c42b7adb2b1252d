// Causes for which a database takes nothing for now, in words for whoever operates it.

/** Each with its sentence and its remedy. */
export const AWAY_CAUSES = {
  disk_full: "The disk of the database is full: free some space on it, or take a larger one.",
  no_connections: "Postgres has no connection left: end some that nobody needs, or raise max_connections.",
  no_resources: "Postgres is out of memory, or of room for locks: its log says of which.",
  read_only: "The database takes no writes: DATABASE_URL has to lead to the primary.",
  restarting: "Postgres starts, stops or recovers from a crash.",
  unreachable: "The database does not answer.",
} as const;

export type AwayCause = keyof typeof AWAY_CAUSES;

/** By SQLSTATE. What is not listed, and what has no such code, is a connection that does not come about or breaks. */
const BY_CODE: [RegExp, AwayCause | null][] = [
  [/^53100$/, "disk_full"],
  [/^53300$/, "no_connections"],
  [/^53/, "no_resources"],
  [/^25006$/, "read_only"],
  [/^57P0/, "restarting"],
  // Transactions that were in each other's way: the next try goes through.
  [/^40/, null],
  // A database that answers: it ended a session for its length, or a commit before its standbys had it.
  [/^25P0[34]$/, null],
  [/^08007$/, null],
];

/**
 * The cause of an error for which `isDatabaseAway` holds; null where the error says nothing of the database's state.
 */
export function awayCause(error: unknown): AwayCause | null {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const known = BY_CODE.find(([pattern]) => pattern.test(code));
  return known ? known[1] : "unreachable";
}
