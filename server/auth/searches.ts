// Searches: lists, searches and charts over tables that grow without end. They have a few connections of their own, which
// teams share in fair turns, so no search holds up another team's call. The server ends a search whose caller has gone.
import { lowerBackend } from "#server/database/background-backend.ts";
import { makePool } from "#server/database/db.ts";
import type { PrimaryClient } from "#server/database/primary-client.ts";
import { AppError, CallerGone } from "#server/errors/app-error.ts";
import { makeTurns } from "#server/shares/turns.ts";

export interface Searches {
  /**
   * Reads the rows of a statement that only reads.
   * @throws AppError TOO_MANY_REQUESTS when the team's line is too long, UNPROCESSABLE when the statement takes too long
   */
  run<Row>(by: Asker, statement: Statement): Promise<Row[]>;
  close(): Promise<void>;
}
interface Asker {
  teamId: string;
  /** Aborted when the caller has gone. */
  signal?: AbortSignal | undefined;
}
interface Statement {
  text: string;
  values: unknown[];
}

const CONNECTIONS = 4;
const LIMITS = { max: CONNECTIONS, maxPerTeam: 2, maxWaitingPerTeam: 40 };
const TIMEOUT_MS = 10_000;
/** A search that takes several processors takes them from the door. */
const SETTINGS = "-c max_parallel_workers_per_gather=0 -c jit=off -c default_transaction_read_only=on";

const QUERY_CANCELED = "57014";
const isTimeout = (error: unknown) => error instanceof Error && "code" in error && error.code === QUERY_CANCELED;

function tooLong(timeoutMs: number): AppError {
  const message = `The search took longer than ${timeoutMs / 1000} s; narrow it with from and to, or with other filters.`;
  return new AppError("UNPROCESSABLE", message, [{ path: "from", message }]);
}

export function makeSearches(databaseUrl: string, timeoutMs = TIMEOUT_MS): Searches {
  const settings = `${SETTINGS} -c statement_timeout=${timeoutMs}`;
  const pool = makePool(databaseUrl, "searches", CONNECTIONS, { settings });
  // Its one question goes first on the connection, and nobody waits for it.
  pool.on("connect", (client) => void lowerBackend(client).catch(() => false));
  const turns = makeTurns(LIMITS);

  async function query<Row>(signal: AbortSignal | undefined, { text, values }: Statement): Promise<Row[]> {
    const client = await pool.connect();
    const abandon = () => (client as unknown as PrimaryClient).abandon();
    try {
      if (signal?.aborted) throw new CallerGone();
      signal?.addEventListener("abort", abandon, { once: true });
      return (await client.query(text, values)).rows;
    } catch (error) {
      if (signal?.aborted) throw new CallerGone();
      throw isTimeout(error) ? tooLong(timeoutMs) : error;
    } finally {
      signal?.removeEventListener("abort", abandon);
      client.release(signal?.aborted);
    }
  }

  return {
    async run({ teamId, signal }, statement) {
      const taken = await turns.take(teamId, signal);
      if (taken.kind === "gone") throw new CallerGone();
      if (taken.kind === "full") {
        throw new AppError("TOO_MANY_REQUESTS", "Too many searches of this team wait already: send fewer at a time.");
      }
      return query<never>(signal, statement).finally(taken.done);
    },
    close: () => pool.end(),
  };
}
