// Connections to Postgres for hand-written SQL. Prisma's are made in prisma.ts.
import pg from "pg";
import { isDatabaseAway } from "#server/errors/database-away.ts";
import { endLostAnswers } from "./lost-answers.ts";
import { type PrimaryClient, toPrimary } from "./primary-client.ts";

/** For names that somebody else chose. */
export { escapeIdentifier } from "pg";

export type Pool = pg.Pool;
/** Anything that runs a statement: a pool, or a client inside a transaction. */
export type Queryable = Pick<pg.ClientBase, "query">;

/**
 * Planner settings for hand-written statements. Queue-like tables look empty to the planner, and with its own guesses it
 * chooses sequential scans: 0 to 1,300 rows/s in place of 5,100. Plans are generic, because planning a hot statement anew
 * for each call took a third to two thirds of its time. Look-ups by id therefore name a range beside their list, by which
 * partitions are pruned when the plan starts.
 */
const PLANNING = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off";

const CLAIMANT_SETTING = "switchyard.claimant";
/** In a statement that claims rows: the worker whose connection runs it; null for others. */
export const CLAIMANT = `nullif(current_setting('${CLAIMANT_SETTING}', true), '')`;

interface PoolOptions {
  /** A connection in use for longer is ended with its statement, here and on the server, whether or not it still answers. */
  timeoutMs?: number;
  /**
   * Whether its commits can be made again from what others commit. No such commit waits for the disk: a crash of Postgres
   * takes back up to the last 0.6 s of them, in order and each as a whole (decision 010).
   */
  isRepeatable?: boolean;
  /** Who claims by these connections; see `CLAIMANT`. */
  claimant?: string;
  /** After so long a wait for an answer Postgres is asked whether one is to come; see `lost-answers.ts`. */
  probeAfterMs?: number;
  /** Settings in place of `PLANNING`, for statements that differ from call to call. */
  settings?: string;
}

/**
 * A small pool for hand-written SQL.
 *
 * @param purpose shown by Postgres beside the connection
 */
export function makePool(
  databaseUrl: string,
  purpose: string,
  max: number,
  { timeoutMs, probeAfterMs, isRepeatable = false, claimant, settings = PLANNING }: PoolOptions = {},
): Pool {
  const pool = new pg.Pool({
    ...toPrimary,
    connectionString: databaseUrl,
    max,
    idleTimeoutMillis: 60_000,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    application_name: `switchyard ${purpose}`,
    options: [
      settings,
      ...(isRepeatable ? ["-c synchronous_commit=off"] : []),
      ...(claimant === undefined ? [] : [`-c ${CLAIMANT_SETTING}=${claimant}`]),
    ].join(" "),
  });
  // An idle connection that breaks is replaced at its next use. Without a listener the event would end the process.
  pool.on("error", () => {});
  // A connection that breaks in use fails its statement. graphile-worker warns about a pool without this listener.
  pool.on("connect", (client) => client.on("error", () => {}));
  if (timeoutMs !== undefined) endWhatIsHeldFor(timeoutMs, pool);
  else endLostAnswers(pool, databaseUrl, probeAfterMs);
  return pool;
}

/**
 * Ends connections that are in use for too long. pg's `query_timeout` would assign a closure to a property of each query.
 * V8 makes such closures in old space, where they keep their parameters alive for minor collections to copy (decision 012).
 */
function endWhatIsHeldFor(timeoutMs: number, pool: Pool): void {
  const timers = new WeakMap<object, NodeJS.Timeout>();
  pool.on("acquire", (client) => {
    const end = () => (client as unknown as PrimaryClient).abandon();
    timers.set(client, setTimeout(end, timeoutMs));
  });
  pool.on("release", (_error, client) => clearTimeout(timers.get(client)));
}

/** Runs `work` in one transaction on one connection; rolls back when it throws. */
export async function inTransaction<T>(pool: Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query("begin");
    const result = await work(client);
    await client.query("commit");
    return result;
  } catch (error) {
    await client.query("rollback").catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/**
 * Whether the very same batch may go through when it is sent again: the database is away, or the batch is a repeat that met
 * a row of its own first attempt (SQLSTATE 23505), which has committed by then and is seen next time.
 */
export const isWorthRepeating = (error: unknown): boolean =>
  isDatabaseAway(error) || (error instanceof Error && "code" in error && error.code === "23505");
