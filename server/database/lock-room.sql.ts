// The room that Postgres has for locks: a statement that goes through all days of the big tables needs one for each, and for each of
// their indexes; one that writes them anew needs as many for what takes their place.
import type { Queryable } from "./db.ts";

const OUT_OF_MEMORY = "53200";

/** Locks for everything that is there, twice, come on top of those that the room is taken by. Long values lie in a table and an index more. */
const LOCK_ROOM = `
select current_setting('max_locks_per_transaction')::int as now, current_setting('max_locks_per_transaction')::int
  + ceil(2 * (count(*) + 2 * count(*) filter (where reltoastrelid <> 0))::numeric / (current_setting('max_connections')::int + current_setting('max_prepared_transactions')::int))::int as needed,
  coalesce(current_setting('switchyard.is_embedded', true) = 'on', false) as is_embedded
from pg_class where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'i', 'I')`;

interface Room {
  now: number;
  needed: number;
  is_embedded: boolean;
}

/**
 * Resolves to a sentence with the remedy where `error` says that Postgres has no more room for locks, and to undefined for any other
 * error, or where Postgres does not tell how much room it has.
 */
export async function explainLockRoom(db: Queryable, error: unknown): Promise<string | undefined> {
  const { code, hint } = error as { code?: string; hint?: string };
  // The code alone may also be a machine without memory.
  if (code !== OUT_OF_MEMORY || !hint?.includes("max_locks_per_transaction")) return undefined;
  const { rows } = await db.query<Room>(LOCK_ROOM).catch((): { rows: Room[] } => ({ rows: [] }));
  return rows[0] && `Postgres has no room for so many locks: ${remedyFor(rows[0])}`;
}

const remedyFor = ({ now, needed, is_embedded: isEmbedded }: Room): string =>
  isEmbedded
    ? `set EMBEDDED_POSTGRES_LOCKS to ${needed} or more (it is ${now}), with which the embedded one has to start, and try again.`
    : `set max_locks_per_transaction to ${needed} or more (it is ${now}; alter system set max_locks_per_transaction = ${needed}), start Postgres anew and try again.`;
