import { listTables } from "#server/backup/tables.sql.ts";
import { makePool, type Queryable } from "#server/database/db.ts";

/** Runs `work` with one connection of its own. */
export async function withPool<T>(url: string, work: (db: Queryable) => Promise<T>): Promise<T> {
  const pool = makePool(url, "test", 1);
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

/** Everything that a migration could have made. */
const OBJECTS = `select nspname as name from pg_namespace where nspname = 'graphile_worker'
  union select relname from pg_class where relnamespace = 'public'::regnamespace
  union select proname from pg_proc where pronamespace = 'public'::regnamespace
  union select typname from pg_type where typnamespace = 'public'::regnamespace`;
export const objectsIn = (url: string): Promise<string[]> =>
  withPool(url, async (db) => (await db.query(OBJECTS)).rows.map(({ name }) => name));

/** The number of rows of each table, and a sum over all that is in them. */
export async function sums(db: Queryable): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { name } of await listTables(db)) {
    const { rows } = await db.query(
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as sum from "${name}" t`,
    );
    found[name] = rows[0].sum;
  }
  return found;
}
