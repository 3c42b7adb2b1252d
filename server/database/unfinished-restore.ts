// A restore has transactions of its own for each table, since one for all would take thousands of locks. So a mark lies in the list of
// migrations from its first to its last: nobody starts over what is there by half, and the next restore clears it away.

import type { Queryable } from "./db.ts";

/** The mark, as the name of a migration. An older version does not know such a migration, and is stopped by it too. */
export const UNFINISHED_RESTORE = "99999999999999_unfinished_restore";

/** The sentence for whoever finds the mark. */
export const SAYS_UNFINISHED =
  "A restore into this database still runs, or was broken off: wait for its end, or run npm run admin -- restore FILE once more, which begins anew, and start then.";

/** Whether the database has its tables, and no restore that still runs or was broken off. */
export async function isRestoredWhole(db: Queryable): Promise<boolean> {
  const { rows: ledgers } = await db.query("select to_regclass('_prisma_migrations') is not null as found");
  if (!ledgers[0].found) return false;
  const { rows: marks } = await db.query(
    `select from _prisma_migrations where migration_name = '${UNFINISHED_RESTORE}'`,
  );
  return marks.length === 0;
}
