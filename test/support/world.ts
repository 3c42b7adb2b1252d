// A team with a real door, real routing and real lanes over a database of its own, all in this process.
import type { AddressInfo } from "node:net";
import { bootstrap, DEFAULT_TEAM } from "#server/auth/bootstrap.ts";
import type { Ctx } from "#server/auth/ctx.ts";
import { EVERYTHING } from "#server/auth/roles.ts";
import { makeSearches } from "#server/auth/searches.ts";
import { makeConfigCache } from "#server/config/config-cache.ts";
import type { Attempt } from "#server/contracts/attempt.ts";
import type { CreateConnection } from "#server/contracts/connection.ts";
import type { EventSummary } from "#server/contracts/event.ts";
import type { IgnoredEvent } from "#server/contracts/request.ts";
import { makeKeyring } from "#server/crypto/secrets.ts";
import { makePool } from "#server/database/db.ts";
import { makePrisma } from "#server/database/prisma.ts";
import { makeEgressPolicy } from "#server/egress/egress-policy.ts";
import { makeOwnListeners } from "#server/egress/own-listeners.ts";
import { parseEnv, type RoleEnv } from "#server/env.ts";
import { makeAcceptWriter } from "#server/ingest/accept-writer.ts";
import { makeAnnouncer } from "#server/ingest/announcer.ts";
import { MAX_HEADERS, makeDoor } from "#server/ingest/door.ts";
import { makeSenderReader } from "#server/ingest/sender.ts";
import { makeLog } from "#server/process/log.ts";
import type { FetchCertificate } from "#server/providers/inbound.ts";
import { createConnection } from "#server/resources/connections.ts";
import { ensurePartitions } from "#server/retention/partitions.ts";
import { claimHandOffs } from "#server/routing/hand-off.sql.ts";
import { routeHandOffs } from "#server/routing/route-requests.ts";
import { makeSandbox } from "#server/sandbox/pool.ts";
import { makeTeamShares } from "#server/shares/team-shares.ts";
import { makeHttpServer } from "#server/wire/http-server.ts";
import { makeWorkerApp, type WorkerApp } from "#worker/app.ts";
import { startLoops } from "#worker/loops.ts";
import { createDatabase } from "./database.ts";

const TEST_SECRET = "a secret of at least thirty-two characters";

export type World = Awaited<ReturnType<typeof createWorld>>;

interface WorldOptions {
  /** False leaves routing and delivery to the test, which calls the stages itself. */
  withWorker?: boolean;
  /** A migrated database to live in; without one, a new one. */
  databaseUrl?: string;
  /** As EGRESS_ALLOW has it. */
  egressAllow?: string;
  /** Stands for the providers' servers of certificates, which are no loopback servers. */
  fetchCertificate?: FetchCertificate;
}

/** Everything but the supervisor. */
export async function createWorld({
  withWorker = true,
  databaseUrl,
  egressAllow = "127.0.0.0/8",
  fetchCertificate = async () => null,
}: WorldOptions = {}) {
  const stack = new AsyncDisposableStack();
  const database = databaseUrl === undefined ? stack.use(await createDatabase()) : { url: databaseUrl };
  const env: RoleEnv = {
    ...parseEnv({
      DATABASE_URL: database.url,
      SWITCHYARD_SECRET: TEST_SECRET,
      EGRESS_ALLOW: egressAllow,
      LOG_LEVEL: "warn",
    }),
    databaseUrl: database.url,
    secret: TEST_SECRET,
  };
  const log = makeLog("test", env.logLevel);
  const keyring = makeKeyring(env.secret);
  const pool = makePool(env.databaseUrl, "test", 4);
  stack.defer(() => pool.end());
  await ensurePartitions(pool, Date.now());

  const db = makePrisma(env.databaseUrl);
  stack.defer(() => db.$disconnect());
  await bootstrap(db, undefined, new Date());
  const searches = makeSearches(env.databaseUrl);
  stack.defer(() => searches.close());
  const sandbox = makeSandbox();
  stack.defer(() => sandbox.close());
  const config = await makeConfigCache({ pool, databaseUrl: env.databaseUrl, keyring, log });
  stack.defer(() => config.close());

  const announcer = makeAnnouncer(pool);
  const writer = makeAcceptWriter(pool, log, announcer.announce);
  const publicGatewayUrl = "http://gateway.test";
  const readSender = makeSenderReader(env.trustedProxies, publicGatewayUrl);
  const door = makeDoor({ config, writer, readSender, log, nowMs: Date.now, fetchCertificate });
  const server = makeHttpServer(door.handle, { maxHeaders: MAX_HEADERS });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stack.defer(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await door.idle();
    await announcer.idle();
  });
  const { port } = server.address() as AddressInfo;

  const listening: RoleEnv = { ...env, gatewayPort: port, publicGatewayUrl };

  const ctx: Ctx = {
    app: {
      db,
      keyring,
      sandbox,
      shares: makeTeamShares(),
      searches,
      egressPolicy: makeEgressPolicy(env.egressAllow, makeOwnListeners(listening)),
      publicGatewayUrl,
      now: () => new Date(),
    },
    teamId: DEFAULT_TEAM,
    actor: { kind: "system", id: "test" },
    can: EVERYTHING,
  };
  const worker = await makeWorkerApp(listening, log);
  stack.defer(() => worker.close());
  if (withWorker) {
    stack.defer(await startLoops(worker));
  }
  return {
    env,
    ctx,
    pool,
    config,
    worker: worker as WorkerApp,
    doorUrl: `http://127.0.0.1:${port}`,
    /** The URL of a source at this world's own door. */
    ingestUrl: (source: { url: string }) => source.url.replace(publicGatewayUrl, `http://127.0.0.1:${port}`),
    connect: (input: Partial<CreateConnection> & { name: string }) => createConnection(ctx, { rules: [], ...input }),
    /** Routes what the door has handed over, for a world without a worker. */
    async route() {
      const { handOffs, configVersion } = await claimHandOffs(pool, 100);
      await routeHandOffs(worker.router, handOffs, configVersion);
    },
    ...makeReaders(pool),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
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

function makeReaders(pool: Awaited<ReturnType<typeof makePool>>) {
  const all = async <T>(text: string, values: unknown[] = []): Promise<T[]> =>
    (await pool.query(text, values)).rows as T[];
  return {
    all,
    events: (connectionId: string) =>
      all<Row<EventSummary>>("select * from event where connection_id = $1 order by id", [connectionId]),
    ignored: (connectionId: string) =>
      all<Row<IgnoredEvent>>("select * from ignored_event where connection_id = $1 order by id", [connectionId]),
    attempts: (eventId: string) =>
      all<Row<Attempt>>("select * from attempt where event_id = $1 order by number, id", [eventId]),
    requests: (sourceId: string) =>
      all<Record<string, unknown>>("select * from request where source_id = $1 order by id", [sourceId]),
  };
}
