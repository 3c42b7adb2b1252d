// A team with a real gateway, real routing and real lanes over a database of its own, all in this process.
import { bootstrap, DEFAULT_TEAM } from "#server/auth/bootstrap.ts";
import type { Ctx } from "#server/auth/ctx.ts";
import { EVERYTHING } from "#server/auth/roles.ts";
import type { Attempt } from "#server/contracts/attempt.ts";
import type { CreateConnection } from "#server/contracts/connection.ts";
import type { EventSummary } from "#server/contracts/event.ts";
import type { IgnoredEvent } from "#server/contracts/request.ts";
import { makePool } from "#server/database/db.ts";
import { makePrisma } from "#server/database/prisma.ts";
import { unpackedWhy } from "#server/events/packed-why.sql.ts";
import { type Log, makeLog } from "#server/process/log.ts";
import { type FetchKey, fetchNoKey } from "#server/providers/inbound.ts";
import { createConnection } from "#server/resources/connections.ts";
import { claimHandOffs } from "#server/routing/hand-off.sql.ts";
import { routeHandOffs } from "#server/routing/route-requests.ts";
import { type PackedBeside, type PackedHeaders, unpackHeaders } from "#server/wire/packed-headers.ts";
import { type PackedRequestHeaders, unpackRequestHeaders } from "#server/wire/packed-request-headers.ts";
import { makeWorkerApp, type WorkerApp } from "#worker/app.ts";
import { startLoops } from "#worker/loops.ts";
import { createDatabase } from "./database.ts";
import { PUBLIC_GATEWAY_URL, startGateway } from "./gateway.ts";

export type World = Awaited<ReturnType<typeof createWorld>>;

interface WorldOptions {
  /** False leaves routing and delivery to the test, which calls the stages itself. */
  withWorker?: boolean;
  /** A migrated database to live in; without one, a new one. */
  databaseUrl?: string;
  /** As EGRESS_ALLOW has it. */
  egressAllow?: string;
  /** Stands for the providers' servers of certificates, which are no loopback servers. */
  fetchKey?: FetchKey;
  /** What the gateway and the worker say. */
  log?: Log;
  /** As SMTP_URL has it. */
  smtpUrl?: string;
  /** As PUBLIC_GATEWAY_URL has it; `own` is the address of the world's own gateway. */
  publicGatewayUrl?: string;
  /** As DATABASE_DISK has it. */
  databaseDisk?: string | undefined;
  /** As OTEL_EXPORTER_OTLP_ENDPOINT has it. */
  tracesTo?: string;
}

/** Everything but the supervisor. */
export async function createWorld({
  withWorker = true,
  databaseUrl,
  egressAllow = "127.0.0.0/8",
  fetchKey = fetchNoKey,
  log = makeLog("test", "warn"),
  publicGatewayUrl = PUBLIC_GATEWAY_URL,
  smtpUrl,
  tracesTo,
  databaseDisk,
}: WorldOptions = {}) {
  const stack = new AsyncDisposableStack();
  const database = databaseUrl === undefined ? stack.use(await createDatabase()) : { url: databaseUrl };
  await makeDefaultTeam(database.url);
  const pool = makePool(database.url, "test", 4);
  stack.defer(() => pool.end());
  const gateway = stack.use(
    await startGateway({
      databaseUrl: database.url,
      egressAllow,
      log,
      fetchKey,
      publicGatewayUrl,
      smtpUrl,
      tracesTo,
      databaseDisk,
    }),
  );
  const { env, config, app } = gateway;
  const worker = await makeWorkerApp(env, log);
  stack.defer(() => worker.close());
  // A job of each minute by the real clock would come between the looks that a test takes by a clock of its own.
  if (withWorker) stack.defer(await startLoops(worker, { schedule: "" }));

  const ctx: Ctx = { app, teamId: DEFAULT_TEAM, actor: { kind: "system", id: "test" }, can: EVERYTHING };
  return {
    env,
    ctx,
    pool,
    config,
    worker: worker as WorkerApp,
    /** Where the gateway listens: the door, and the API. */
    doorUrl: gateway.url,
    /** The URL of a source at this world's own door. */
    ingestUrl: (source: { url: string }) => source.url.replace(PUBLIC_GATEWAY_URL, gateway.url),
    connect: (input: Partial<CreateConnection> & { name: string }) => createConnection(ctx, { rules: [], ...input }),
    /** Routes what the door has handed over, for a world without a worker. */
    route: () => routeBy(worker),
    ...makeReaders(pool),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Routes what the door has handed over. */
export async function routeBy({ router, pool }: WorkerApp): Promise<void> {
  const askedAtMs = performance.now();
  const { handOffs, configVersion, databaseNowMs } = await claimHandOffs(pool, 100);
  if (databaseNowMs !== null) router.databaseTime.heard(databaseNowMs, askedAtMs);
  await routeHandOffs(router, handOffs, configVersion);
}

async function makeDefaultTeam(databaseUrl: string): Promise<void> {
  const db = makePrisma(databaseUrl, 1);
  await bootstrap(db, undefined, new Date());
  await db.$disconnect();
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks again until `check` accepts the answer, which it then returns. Throws with the last answer after `patienceMs`. */
export async function eventually<T>(
  ask: () => Promise<T>,
  check: (answer: T) => boolean,
  patienceMs = 15_000,
): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (check(answer)) return answer;
    if (Date.now() > deadline)
      throw new Error(`Still not so after ${patienceMs} ms: ${JSON.stringify(answer)?.slice(0, 2_000)}`);
    await pause(20);
  }
}

type Row<T> = { [K in keyof T]: K extends `${string}_at` ? Date | null : T[K] };

type StoredAttempt = Omit<Row<Attempt>, keyof PackedBeside | `${string}_headers`> &
  PackedBeside & {
    trigger: Attempt["trigger"];
    request_headers: PackedHeaders;
    response_headers: PackedHeaders | null;
  };

function makeReaders(pool: Awaited<ReturnType<typeof makePool>>) {
  const all = async <T>(text: string, values: unknown[] = []): Promise<T[]> =>
    (await pool.query(text, values)).rows as T[];
  return {
    all,
    events: (connectionId: string) =>
      all<Row<EventSummary>>(
        `select *, ${unpackedWhy("event")} as why from event where connection_id = $1 order by id`,
        [connectionId],
      ),
    ignored: (connectionId: string) =>
      all<Row<IgnoredEvent>>("select * from ignored_event where connection_id = $1 order by id", [connectionId]),
    attempts: async (eventId: string) => {
      const rows = await all<StoredAttempt>("select * from attempt where event_id = $1 order by number, id", [eventId]);
      return rows.map(
        (row): Row<Attempt> => ({
          ...row,
          request_headers: unpackHeaders(row.request_headers, row),
          response_headers: row.response_headers && unpackHeaders(row.response_headers, row),
        }),
      );
    },
    requests: async (sourceId: string): Promise<Record<string, unknown>[]> => {
      const rows = await all<{ headers: PackedRequestHeaders }>(
        "select * from request where source_id = $1 order by id",
        [sourceId],
      );
      return rows.map((row) => ({ ...row, headers: unpackRequestHeaders(row.headers) }));
    },
  };
}
