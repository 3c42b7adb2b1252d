// `npm start`: builds what is stale, starts Postgres, migrates, and supervises the roles until it is told to stop.
import { join, resolve } from "node:path";
import { MigrationError, migrate } from "#server/database/migrate.ts";
import { childEnv, type Env, EnvError, loadEnv, parseEnv, ROLES, type Role } from "#server/env.ts";
import { HANDED_FLAG } from "#server/process/handed-listener.ts";
import { giveBackSpareMemory } from "#server/process/spare-memory.ts";
import { makeBanner } from "./banner.ts";
import { bootstrapTeam, hasMasterKey } from "./bootstrap.ts";
import { buildDashboard, COMPILE_CACHE_DIR, generateClient, PROJECT_ROOT, type Say } from "./build.ts";
import { claimPort } from "./free-port.ts";
import { superviseLate } from "./late-web.ts";
import { watchNpm } from "./npm-parent.ts";
import { keepPostgres } from "./postgres-keeper.ts";
import { checkDatabase, prepareDataDir } from "./preflight.ts";
import { settleRestore } from "./restore-note.ts";
import { ALLOCATOR_ENV, ROLE_COMMANDS } from "./role-command.ts";
import { keepSecret } from "./secret-file.ts";
import { isErrorCode, StartError } from "./start-error.ts";
import { type StartLock, takeStartLock } from "./start-lock.ts";
import { type SupervisedRole, superviseRole } from "./supervise.ts";

const SAME_SIGNAL_MS = 300;

const say: Say = (sentence) => console.log(`switchyard: ${sentence}`);

interface Session {
  isDev: boolean;
  /** Aborts at the first Ctrl-C or SIGTERM. */
  signal: AbortSignal;
  /** Undoes, in reverse order, what was started. */
  stack: AsyncDisposableStack;
  /** The processes that a second Ctrl-C ends at once. */
  killables: { kill(): void }[];
}

/** `env` with the ports that will really be used. */
async function claimPorts(env: Env): Promise<Env> {
  const ports: Record<string, string> = {};
  if (env.roles.includes("web")) ports.PORT = String(await claimPort("PORT", env.host, env.port));
  if (env.roles.includes("gateway")) {
    ports.GATEWAY_PORT = String(await claimPort("GATEWAY_PORT", env.host, env.gatewayPort));
  }
  return parseEnv(childEnv(ports));
}

/** Takes the data directory of the embedded default; with a DATABASE_URL any number of supervisors may run. */
async function takeDataDir(dataDir: string, { stack, signal }: Session): Promise<StartLock> {
  await prepareDataDir(dataDir);
  const lock = await takeStartLock(dataDir, say);
  signal.addEventListener("abort", () => lock.noteStopping());
  stack.defer(() => lock.release());
  await settleRestore(dataDir, say);
  return lock;
}

interface Ground {
  databaseUrl: string;
  secret: string;
  databaseDisk: string | undefined;
}

async function startEmbedded(env: Env, dataDir: string, { stack, killables, signal }: Session): Promise<Ground> {
  const clusterDir = join(dataDir, "postgres");
  const secret = env.secret ?? (await keepSecret(dataDir, clusterDir));
  signal.throwIfAborted();
  const postgres = await keepPostgres({ clusterDir, locks: env.embeddedPostgresLocks, say });
  killables.push(postgres);
  stack.defer(() => postgres.stop());
  return { databaseUrl: postgres.url, secret, databaseDisk: clusterDir };
}

/** Builds what is stale. A start that fails meanwhile breaks it off. */
function startBuilding(roles: readonly Role[], { stack, signal }: Session): Promise<void> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const building = (async () => {
    await generateClient(say, either);
    if (roles.includes("web")) await buildDashboard(say, either);
  })();
  stack.defer(async () => {
    over.abort();
    await building.catch(() => undefined);
  });
  building.catch(() => undefined);
  return building;
}

async function checkGiven({ databaseDisk, secret = "" }: Env, databaseUrl: string): Promise<Ground> {
  await checkDatabase(databaseUrl);
  // Never empty: parseEnv refuses a DATABASE_URL without a secret.
  return { databaseUrl, secret, databaseDisk };
}

/** The environment of a role: what the operator set, with everything filled in that the start decided. */
const roleEnv = (env: Env, { databaseUrl, secret, databaseDisk }: Ground, isDev: boolean) =>
  childEnv({
    ...ALLOCATOR_ENV,
    NODE_ENV: isDev ? "development" : "production",
    NEXT_TELEMETRY_DISABLED: "1",
    NODE_COMPILE_CACHE: COMPILE_CACHE_DIR,
    DATABASE_URL: databaseUrl,
    DATABASE_DISK: databaseDisk,
    SWITCHYARD_SECRET: secret,
    SWITCHYARD_API_KEY: undefined,
    SWITCHYARD_OWNER_EMAIL: undefined,
    SWITCHYARD_OWNER_PASSWORD: undefined,
    HOST: env.host,
    PORT: String(env.port),
    GATEWAY_PORT: String(env.gatewayPort),
    PUBLIC_GATEWAY_URL: env.publicGatewayUrl,
    PUBLIC_DASHBOARD_URL: env.publicDashboardUrl,
    EGRESS_ALLOW: env.egressAllow.join(","),
  });

async function startRoles(
  env: Env,
  ground: Ground,
  lock: StartLock | undefined,
  session: Session,
): Promise<SupervisedRole[]> {
  const { isDev, stack, killables } = session;
  const pids = new Map<string, number>();
  const noteRole = (role: string, pid: number) => {
    pids.set(role, pid);
    lock?.noteRoles([...pids.values()]);
  };
  const order = ROLES.filter((role) => env.roles.includes(role)).reverse();
  const roles: SupervisedRole[] = [];
  // At once, so that one that takes its time is not added to the others'. What the last of them leaves lies in the database.
  stack.defer(() => Promise.all(roles.map((role) => role.stop())).then(() => undefined));
  for (const role of order) {
    const { nodeFlags, script } = ROLE_COMMANDS[role];
    const isLate = role === "web" && !isDev;
    const watch = isDev && role !== "web" ? ["--watch"] : [];
    const args = [...nodeFlags, ...watch, script, ...(isDev ? ["--dev"] : []), ...(isLate ? [HANDED_FLAG] : [])];
    const command = { role, args, env: roleEnv(env, ground, isDev), cwd: PROJECT_ROOT };
    const onSpawn = (pid: number) => noteRole(role, pid);
    const supervised = isLate
      ? await superviseLate({ command, host: env.host, port: env.port, say, onSpawn })
      : superviseRole(command, say, onSpawn);
    roles.push(supervised);
    killables.push(supervised);
  }
  return roles;
}

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((done) =>
    signal.aborted ? done() : signal.addEventListener("abort", () => done(), { once: true }),
  );

async function runSession(session: Session): Promise<void> {
  const { signal, isDev } = session;
  const requested = loadEnv();
  const dataDir = resolve(requested.dataDir);
  const { databaseUrl } = requested;
  // The lock comes before the ports: a second start should hear of the first one, not of its port.
  const lock = databaseUrl === undefined ? await takeDataDir(dataDir, session) : undefined;
  const env = await claimPorts(requested);
  // Beside the start of Postgres, which after a kill takes as long as the look for stale sources.
  const building = startBuilding(isDev ? [] : env.roles, session);
  const ground =
    databaseUrl === undefined ? await startEmbedded(env, dataDir, session) : await checkGiven(env, databaseUrl);
  await building;
  signal.throwIfAborted();
  const applied = await migrate(ground.databaseUrl, { say, signal });
  if (applied.length > 0) say(`applied ${applied.length} migration${applied.length === 1 ? "" : "s"}`);
  const bootstrapping = bootstrapTeam(
    {
      ...roleEnv(env, ground, isDev),
      SWITCHYARD_API_KEY: env.apiKey,
      SWITCHYARD_OWNER_EMAIL: env.owner?.email,
      SWITCHYARD_OWNER_PASSWORD: env.owner?.password,
    },
    signal,
  );
  // It is awaited further down: until then its failure, or a stop, must not end this process before what was started is stopped.
  bootstrapping.catch(() => undefined);
  // The key exists only once, so an operator whose roles never come up must see it all the same.
  let isSeen = false;
  session.stack.defer(async () => {
    const made = await bootstrapping.catch(() => undefined);
    if (made?.apiKey !== undefined && !isSeen) say(`the API key, shown this once: ${made.apiKey}`);
  });
  // Roles refuse a secret that is not the database's own, but the first start decides which that is.
  if (!(await hasMasterKey(ground.databaseUrl))) await bootstrapping;
  signal.throwIfAborted();
  const roles = await startRoles(env, ground, lock, session);
  const firstThings = await bootstrapping;
  await Promise.race([Promise.all(roles.map((role) => role.ready)), untilAborted(signal)]);
  if (signal.aborted) return;
  console.log(makeBanner({ env, ...firstThings }));
  isSeen = true;
  giveBackSpareMemory();
  await untilAborted(signal);
}

/** The sentence for an operator, or undefined for a bug of ours. */
function explain(error: unknown): string | undefined {
  if (error instanceof EnvError || error instanceof StartError || error instanceof MigrationError) return error.message;
  if (isErrorCode(error, "ENOSPC", "EDQUOT", "53100")) return "The disk is full; free some space and start again.";
  if (isErrorCode(error, "EACCES", "EPERM", "EROFS") && error instanceof Error) {
    return `A file cannot be written (${error.message}); correct its permissions, or set DATA_DIR to a directory of your own.`;
  }
  return undefined;
}

/** The first signal asks everything to finish, the second ends it. */
function listenForStop(killables: Session["killables"]): AbortSignal {
  const controller = new AbortController();
  let stoppingSince = 0;
  const stop = () => {
    if (controller.signal.aborted) return;
    stoppingSince = performance.now();
    say("stopping (once more to stop without waiting)");
    controller.abort();
  };
  const onSignal = () => {
    if (!controller.signal.aborted) return stop();
    // A wrapper may pass on the same Ctrl-C that the terminal sent to the whole group.
    if (performance.now() - stoppingSince < SAME_SIGNAL_MS) return;
    for (const killable of killables) killable.kill();
    process.exit(1);
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, onSignal);
  void watchNpm(stop);
  // A terminal that was closed is no reason to stop halfway through stopping.
  for (const output of [process.stdout, process.stderr]) output.on("error", () => undefined);
  return controller.signal;
}

const killables: Session["killables"] = [];
const signal = listenForStop(killables);
try {
  await using stack = new AsyncDisposableStack();
  await runSession({ isDev: process.argv.includes("--dev"), signal, stack, killables });
} catch (error) {
  // An interrupted preparation rejects with the interruption: that is a stop, not a failure.
  if (!signal.aborted) {
    const sentence = explain(error);
    console.error(sentence === undefined ? error : sentence.replaceAll(/^/gm, "switchyard: "));
    process.exit(1);
  }
}
if (signal.aborted) say("stopped");
process.exit(0);
