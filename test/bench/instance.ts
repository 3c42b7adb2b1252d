// A durable Postgres with the product's own settings, databases cloned from a migrated one, and roles as real processes.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import pg from "pg";
import { bootstrap } from "#server/auth/bootstrap.ts";
import { migrate } from "#server/database/migrate.ts";
import { makePrisma } from "#server/database/prisma.ts";
import { childEnv, type Role } from "#server/env.ts";
import { isReadyMessage } from "#server/process/role.ts";
import { ensurePartitions } from "#server/retention/partitions.ts";
import { COMPILE_CACHE_DIR } from "#server/start/build.ts";
import { ALLOCATOR_ENV, ROLE_COMMANDS } from "#server/start/role-command.ts";
import { startTemporaryPostgres } from "#test/support/embedded.ts";

export const SECRET = "a secret of at least thirty-two characters";
export const EGRESS_ALLOW = "127.0.0.0/8";
const TEMPLATE = "bench_template";
const PROJECT_DIR = join(import.meta.dirname, "..", "..");

export interface RoleProcess {
  pid: number;
  /** Where it listens; empty for a worker. */
  url: string;
  /** From its spawn until it said that it was ready. */
  readyAfterMs: number;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface Instance {
  postgresPid: number;
  createDatabase(name: string): Promise<string>;
  /** Of what is left behind, Postgres vacuums and writes ahead for minutes, which would be counted with what is measured next. */
  dropDatabases(): Promise<void>;
  startRole(role: Role, databaseUrl: string, more?: Record<string, string>): Promise<RoleProcess>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startInstance(profileDir: string | undefined): Promise<Instance> {
  await using starting = new AsyncDisposableStack();
  const postgres = starting.use(await startTemporaryPostgres({ isDurable: true }));
  const urlOf = (database: string) => {
    const url = new URL(postgres.url);
    url.pathname = `/${database}`;
    return url.href;
  };
  await runStatement(urlOf("postgres"), `create database ${TEMPLATE}`);
  await fillTemplate(urlOf(TEMPLATE));
  const stack = starting.move();
  const created = new Set<string>();
  return {
    postgresPid: postgres.pid,
    async createDatabase(name) {
      await runStatement(urlOf("postgres"), `create database ${name} template ${TEMPLATE}`);
      created.add(name);
      return urlOf(name);
    },
    async dropDatabases() {
      for (const name of created) await runStatement(urlOf("postgres"), `drop database ${name} with (force)`);
      created.clear();
    },
    startRole: (role, databaseUrl, more = {}) => startRole(role, { DATABASE_URL: databaseUrl, ...more }, profileDir),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function runStatement(databaseUrl: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

async function fillTemplate(databaseUrl: string): Promise<void> {
  await migrate(databaseUrl);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await ensurePartitions(client, Date.now());
  await client.end();
  const db = makePrisma(databaseUrl, 1);
  await bootstrap(db, undefined, new Date());
  await db.$disconnect();
}

const profilingFlags = (role: Role, dir: string) => [
  "--cpu-prof",
  `--cpu-prof-dir=${dir}`,
  `--cpu-prof-name=${role}-${Date.now()}.cpuprofile`,
];

async function startRole(
  role: Role,
  env: Record<string, string>,
  profileDir: string | undefined,
): Promise<RoleProcess> {
  const { nodeFlags, script } = ROLE_COMMANDS[role];
  const spawnedAtMs = performance.now();
  const child: ChildProcess = fork(script, {
    cwd: PROJECT_DIR,
    // As the supervisor starts it: Linux shares the processor out among sessions first.
    detached: true,
    // Standard output is for the results alone.
    stdio: ["ignore", 2, 2, "ipc"],
    execArgv: [...nodeFlags, ...(profileDir === undefined ? [] : profilingFlags(role, profileDir))],
    env: childEnv({
      ...ALLOCATOR_ENV,
      NODE_ENV: "production",
      NEXT_TELEMETRY_DISABLED: "1",
      NODE_COMPILE_CACHE: COMPILE_CACHE_DIR,
      SWITCHYARD_SECRET: SECRET,
      SWITCHYARD_API_KEY: undefined,
      HOST: "127.0.0.1",
      PORT: "0",
      GATEWAY_PORT: "0",
      PUBLIC_GATEWAY_URL: "http://127.0.0.1:3001",
      EGRESS_ALLOW,
      LOG_LEVEL: "warn",
      ...env,
    }),
  });
  const gone = once(child, "exit");
  const ready = new Promise<string>((resolve) => {
    child.on("message", (message) => {
      if (isReadyMessage(message)) resolve(message.url ?? "");
    });
  });
  const url = await Promise.race([ready, gone.then(([code]) => Promise.reject(new Error(`${role} ended: ${code}`)))]);
  return {
    pid: child.pid ?? 0,
    url,
    readyAfterMs: performance.now() - spawnedAtMs,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await gone;
    },
  };
}
