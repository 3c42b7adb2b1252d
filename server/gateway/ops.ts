// The probes and metrics for operators: liveness, readiness, and the state of the process.
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Counter, Registry } from "prom-client";
import { CHALLENGE_HEADER, type HealthProof } from "#server/crypto/health-proof.ts";
import type { Pool } from "#server/database/db.ts";
import { awayCause } from "#server/errors/away-cause.ts";
import { isDatabaseAway } from "#server/errors/database-away.ts";
import type { AcceptWriter } from "#server/ingest/accept-writer.ts";
import type { Log } from "#server/process/log.ts";
import { daysAhead, listPartitions } from "#server/retention/partitions.ts";
import { makeSeldom } from "#server/shares/seldom.ts";
import type { Spool } from "#server/spool/spool.ts";
import { type WatchedDatabase, watchDatabase } from "./database-state.ts";
import { registerOwn, registerStored } from "./gateway-metrics.ts";
import { readGauges } from "./ops.sql.ts";
import { registerSpool } from "./spool-metrics.ts";

export interface Ops {
  /** Answers `/healthz`, `/readyz` and `/metrics`; false for any other path. */
  handle(path: string, request: IncomingMessage, response: ServerResponse): boolean;
  /** Counts one answer of the door. */
  countAnswer(status: number): void;
}

/** Longer than the limits of all that is asked for one answer. */
const CHECK_TIMEOUT_MS = 2_500;
const DATABASE_TIMEOUT_MS = 1_500;
/** How long it may take to find out whether somebody is an operator, for a sentence that only operators are told. */
const ASKER_TIMEOUT_MS = 400;
const TOLD_TO_STRANGERS = "The database takes nothing for now.";

interface OpsOptions extends WatchedDatabase {
  pool: Pool;
  log: Pick<Log, "error">;
  writer: AcceptWriter;
  /** Undefined where there is none. */
  spool: Pick<Spool, "takes" | "figures"> | undefined;
  nowMs: () => number;
  /** Whether the door is open and stays open. */
  isReady: () => boolean;
  /** Proves who answers to whoever sends a challenge. */
  prove: (challenge: string | undefined) => HealthProof | undefined;
  /** Whether this request may read the metrics, and the remedies. */
  mayScrape: (request: IncomingMessage) => Promise<boolean>;
}

export function makeOps(options: OpsOptions): Ops {
  const registry = new Registry();
  /** What the database alone knows. */
  const stored = new Registry();
  const answers = registerOwn(registry, () => options.writer.waiting().items);
  const setStored = registerStored(stored);
  const database = watchDatabase(registry, options);
  const unread = makeSeldom();
  if (options.spool) registerSpool(registry, options.spool);

  async function readStored() {
    const read = await readGauges(options.pool);
    setStored(read, daysAhead(await listPartitions(options.pool), options.nowMs()));
  }

  async function scrape(response: ServerResponse) {
    // What this process knows is wanted while the database is away of all times.
    const failure = await within(DATABASE_TIMEOUT_MS, readStored()).then(
      () => null,
      (error: Error) => error,
    );
    const isThere = failure === null || hasAnswered(failure);
    database.noteAnswer(isThere);
    const times = failure && isThere ? unread(performance.now()) : null;
    if (times !== null)
      options.log.error({ err: failure, times }, "What the database knows could not be read for /metrics");
    const told = await (failure ? registry : Registry.merge([registry, stored])).metrics();
    response.writeHead(200, { "content-type": registry.contentType }).end(told);
  }

  /** 503 with the reason, which names a remedy: that is for operators. */
  async function refuseReady(
    response: ServerResponse,
    request: IncomingMessage,
    findReason: () => string | Promise<string>,
  ) {
    const isOperator = await within(ASKER_TIMEOUT_MS, options.mayScrape(request)).catch(() => false);
    const reason = isOperator ? await findReason() : TOLD_TO_STRANGERS;
    if (!response.headersSent) answer(response, 503, { ready: false, reason });
  }

  async function ready(response: ServerResponse, request: IncomingMessage) {
    if (!options.isReady()) {
      const reason = "The gateway waits for the database, or is stopping.";
      return answer(response, 503, { ready: false, reason });
    }
    const partitions = await within(DATABASE_TIMEOUT_MS, listPartitions(options.pool)).catch((error: unknown) => {
      // It goes on taking requests: nobody should lead senders away from it.
      if (options.spool?.takes()) return null;
      throw error;
    });
    if (!partitions) return answer(response, 200, { ready: true, database: "away" });
    const refusal = options.spool?.takes() ? null : database.findRefusal();
    if (refusal !== null) return refuseReady(response, request, () => refusal);
    const ahead = daysAhead(partitions, options.nowMs());
    if (ahead < 0) return refuseReady(response, request, () => "There is no partition for today: start a worker.");
    answer(response, 200, { ready: true });
  }

  const routes: Record<string, (response: ServerResponse, request: IncomingMessage) => Promise<void>> = {
    "/healthz": async (response, request) =>
      answer(response, 200, { ok: true, ...options.prove(String(request.headers[CHALLENGE_HEADER])) }),
    "/readyz": ready,
    "/metrics": async (response, request) => ((await options.mayScrape(request)) ? scrape(response) : refuse(response)),
  };

  return {
    handle(path, request, response) {
      const route = routes[path];
      if (!route) return false;
      within(CHECK_TIMEOUT_MS, route(response, request)).catch((error: unknown) =>
        refuseReady(response, request, () => database.explain(error)),
      );
      return true;
    },
    countAnswer: countByStatus(answers),
  };
}

/** Looks each status up once, since a look-up costs more than a count. */
function countByStatus(answers: Counter<"status">): (status: number) => void {
  const byStatus = new Map<number, Counter.Internal>();
  return (status) => {
    let counter = byStatus.get(status);
    if (!counter) {
      counter = answers.labels({ status });
      byStatus.set(status, counter);
    }
    counter.inc();
  };
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function refuse(response: ServerResponse): void {
  response.setHeader("www-authenticate", "Bearer");
  answer(response, 401, { error: "Send the header Authorization: Bearer sy_… with an API key." });
}

/** A time limit that ran out. */
class TimedOut extends Error {}

/** Whether a database from which something could not be read answered nevertheless. */
const hasAnswered = (error: Error): boolean =>
  !(error instanceof TimedOut) && !(isDatabaseAway(error) && awayCause(error) !== null);

function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimedOut("timed out")), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
