import { inTransaction, type Pool, type Queryable } from "#server/database/db.ts";

/** What a statement may take of the database; what takes longer is left for the next look. */
const STATEMENT_MS = 2_000;

/** A transaction of which no statement takes long, whoever holds what it needs. */
export const inBounds = <T>(pool: Pool, work: (db: Queryable) => Promise<T>): Promise<T> =>
  inTransaction(pool, async (client) => {
    await client.query(`set local statement_timeout = ${STATEMENT_MS}`);
    return work(client);
  });
