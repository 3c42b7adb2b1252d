// The identity of a database: the same at whatever address it is reached. docs/decisions/109-told-by-a-socket.md
import type { Queryable } from "./db.ts";

// A server is told by the microsecond of its start: a copy of its files and its standby have its system identifier, and in a container its
// port as well. The table says the schema, where an address chooses one. Everybody may ask for all of it.
const IDENTITY = `
select concat_ws('/', extract(epoch from pg_postmaster_start_time()), current_setting('port'),
  (select oid from pg_database where datname = current_database()), 'hand_off'::regclass::oid) as identity`;

/** The same for all who are connected to this database of this server, until the server starts again. Another one never says it. */
export async function askIdentity(db: Queryable): Promise<string> {
  const { rows } = await db.query(IDENTITY);
  return rows[0].identity;
}
