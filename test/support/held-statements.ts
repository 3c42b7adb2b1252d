// Statements that a test holds up by a lock of its own: whoever sends them stands at that point until the lock goes, and nothing in the
// product knows of it.
import pg from "pg";
import type { Queryable } from "#server/database/db.ts";
import { eventually } from "./world.ts";

export interface HeldUp extends AsyncDisposable {
  /** Resolves once a statement with this text waits for the lock. */
  waiting(text: string): Promise<void>;
  /** Ends the sessions that wait for it, as a database does that notices the death of its clients. */
  dropWaiting(): Promise<void>;
  /** Gives the lock back. What waits goes on, whether or not its client is there. */
  release(): Promise<void>;
}

/**
 * @param pool of the same database: inside a transaction what others do is seen as of the first look
 * @param lock a statement that takes the lock, in a transaction that is rolled back at the end
 */
export async function holdUp(pool: pg.Pool, lock: string, values: unknown[] = []): Promise<HeldUp> {
  const client = new pg.Client(pool.options);
  await client.connect();
  await client.query("begin");
  await client.query(lock, values);
  const { rows } = await client.query<{ id: number }>("select pg_backend_pid() as id");
  const id = rows[0]?.id;
  let isReleased = false;
  const release = async () => {
    if (isReleased) return;
    isReleased = true;
    await client.query("rollback");
    await client.end();
  };
  const waiting = "from pg_stat_activity where $1::integer = any (pg_blocking_pids(pid))";
  return {
    async waiting(text) {
      await eventually(
        () => pool.query(`select query ${waiting} and position($2 in query) > 0`, [id, text]),
        ({ rowCount }) => rowCount !== 0,
      );
    },
    async dropWaiting() {
      await pool.query(`select pg_terminate_backend(pid, 5000) ${waiting}`, [id]);
    },
    release,
    [Symbol.asyncDispose]: release,
  };
}

/** Resolves once no statement of a worker is under way: after a kill, when Postgres has finished those of the dead. */
export async function workersAreSilent(db: Queryable): Promise<void> {
  const statements =
    "select from pg_stat_activity where application_name ~ 'works|defers|routes|jobs' and state <> 'idle'";
  await eventually(
    () => db.query(statements),
    ({ rowCount }) => rowCount === 0,
  );
}
