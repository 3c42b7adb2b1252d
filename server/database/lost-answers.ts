// Answers that never come: a connection can go silent without an end, as when a machine or a network in between vanishes. A statement on it
// would wait for a quarter of an hour or for ever, and with it a lane, or a worker.
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { PrimaryClient } from "./primary-client.ts";

const PROBE_AFTER_MS = 12_000;
const TICKS_PER_PROBE = 4;
/** Of a connection that was open when another one was found silent. */
const SUSPECT_PART = 1 / 12;
const PROBE_PATIENCE_MS = 5_000;

/** A pooler in between makes up process ids of its own: then nobody can tell. */
const PROBE = `
select pg_backend_pid() as own, p.id, coalesce(a.state, case when a.pid is null then 'gone' else 'unknown' end) as state
from unnest($1::int[]) as p(id) left join pg_stat_activity as a on a.pid = p.id`;

/** What a session says that has no statement to answer. Where Postgres does not say what sessions do (`disabled`), nobody can tell. */
const WITHOUT_WORK = ["idle", "idle in transaction", "idle in transaction (aborted)", "gone"];

interface Waiting {
  query: object;
  sinceMs: number;
}

/** As `pg` keeps it: the statement whose answer a connection waits for. */
const queryOf = (client: pg.Client) => (client as unknown as { _activeQuery: object | null })._activeQuery;
const processOf = (client: pg.Client) => (client as unknown as { processID: number | null }).processID;

/**
 * Watches the connections of a pool. Where one has waited for an answer for so long, Postgres is asked over a fresh connection
 * whether it is still at it; if not, and if no answer comes within a moment, the connection is ended and its statement fails. A long statement is left alone,
 * and so is everything while Postgres itself does not answer.
 */
export function endLostAnswers(pool: pg.Pool, databaseUrl: string, probeAfterMs = PROBE_AFTER_MS): void {
  const clients = new Map<pg.Client, Waiting | null>();
  const suspects = new WeakSet<pg.Client>();
  let isProbing = false;

  /** Those that have waited for one statement for too long, each with it. */
  function findOverdue(nowMs: number): [pg.Client, object][] {
    const overdue: [pg.Client, object][] = [];
    for (const [client, waiting] of clients) {
      const query = queryOf(client);
      const patienceMs = probeAfterMs * (suspects.has(client) ? SUSPECT_PART : 1);
      if (!query) clients.set(client, null);
      else if (waiting?.query !== query) clients.set(client, { query, sinceMs: nowMs });
      else if (nowMs - waiting.sinceMs >= patienceMs) overdue.push([client, query]);
    }
    return overdue;
  }

  async function look() {
    const overdue = findOverdue(performance.now());
    if (overdue.length === 0) return;
    const processIds = await findWithoutWork(
      databaseUrl,
      overdue.map(([client]) => processOf(client)),
    );
    if (processIds.size === 0) return;
    // What a session has answered just now is still on its way.
    await sleep(probeAfterMs * SUSPECT_PART, undefined, { ref: false });
    for (const [client, query] of overdue) {
      if (!processIds.has(processOf(client)) || queryOf(client) !== query) continue;
      (client as PrimaryClient).abandon();
      // What was silent for one was silent for all that were open.
      for (const each of clients.keys()) suspects.add(each);
    }
  }

  const timer = setInterval(() => {
    if (pool.ended) clearInterval(timer);
    if (isProbing || clients.size === 0) return;
    isProbing = true;
    void look().finally(() => {
      isProbing = false;
    });
  }, probeAfterMs / TICKS_PER_PROBE).unref();
  pool.on("connect", (client) => clients.set(client as unknown as pg.Client, null));
  pool.on("remove", (client) => clients.delete(client as unknown as pg.Client));
}

/** Those of the sessions that have nothing to do, or are gone, although their clients wait. None where Postgres does not answer either. */
async function findWithoutWork(databaseUrl: string, processIds: (number | null)[]): Promise<Set<number | null>> {
  const probe = new PrimaryClient({
    ...{ connectionString: databaseUrl, connectionTimeoutMillis: PROBE_PATIENCE_MS, query_timeout: PROBE_PATIENCE_MS },
    application_name: "switchyard asks for lost answers",
  });
  try {
    await probe.connect();
    const { rows } = await probe.query<{ own: number; id: number; state: string }>(PROBE, [processIds]);
    const told = rows.filter(({ own, state }) => own === processOf(probe) && WITHOUT_WORK.includes(state));
    return new Set(told.map(({ id }) => id));
  } catch {
    return new Set();
  } finally {
    probe.end().catch(() => {});
  }
}
