// The product as it runs: real gateway and worker processes, and what is done to them and to their Postgres: killed, frozen, replaced.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { bootstrap } from "#server/auth/bootstrap.ts";
import type { CreateConnection } from "#server/contracts/connection.ts";
import { makePrisma } from "#server/database/prisma.ts";
import { childEnv, type Role } from "#server/env.ts";
import { isReadyMessage } from "#server/process/role.ts";
import { PROJECT_ROOT } from "#server/start/build.ts";
import type { EmbeddedPostgres } from "#server/start/embedded-postgres.ts";
import { findProcess, signalProcess } from "#server/start/process-table.ts";
import { ALLOCATOR_ENV, ROLE_COMMANDS } from "#server/start/role-command.ts";
import { takePort } from "./free-port.ts";

export const API_KEY = `sy_${"k".repeat(32)}`;
const SECRET = "a secret of at least thirty-two characters";
const READY_PATIENCE_MS = 60_000;
const STOP_PATIENCE_MS = 25_000;

export interface RoleProcess {
  pid: number;
  /** Where a gateway listens; empty for a worker. */
  url: string;
  /** How long it has been ready to run and had no processor, in ms; 0 where the system does not tell (proc(5), schedstat). */
  readyWaitMs(): Promise<number>;
  /** What it logged. */
  output(): string;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGSTOP until `thaw`. */
  freeze(): void;
  thaw(): void;
  /** SIGTERM; resolves to the exit code. */
  stop(): Promise<number | string>;
}

/** Roles over a migrated database, as many as the test asks for. All end when it is disposed. */
export async function startRolesOn(databaseUrl: string) {
  await using db = { client: makePrisma(databaseUrl), [Symbol.asyncDispose]: () => db.client.$disconnect() };
  await bootstrap(db.client, API_KEY, new Date());
  const disposal = new AsyncDisposableStack();
  const start = async (role: Role, env: Record<string, string>): Promise<RoleProcess> => {
    const spawned = spawnRole(role, { DATABASE_URL: databaseUrl, ...env });
    disposal.defer(() => spawned.kill());
    return { ...spawned, url: await spawned.ready };
  };
  return {
    /** @param env settings besides those that all roles get */
    startWorker: (env: Record<string, string> = {}) => start("worker", env),
    /** @param url the address of a gateway that is gone, to take its place */
    startGateway: async (url?: string, env: Record<string, string> = {}) =>
      start("gateway", { ...env, GATEWAY_PORT: url ? new URL(url).port : String(await takePort()) }),
    [Symbol.asyncDispose]: () => disposal.disposeAsync(),
  };
}

/** Calls the REST API of a gateway with the key of team `tm_default`. Throws with the answer's text unless it is 2xx. */
export async function callApi<T>(gateway: RoleProcess, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${gateway.url}/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${API_KEY}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

export interface Wiring {
  connectionId: string;
  sourceId: string;
  destinationId: string;
  /** `/e/{source key}`, the same at every gateway. */
  path: string;
}

/** Makes a connection, with the ends that are not given by id made inline. */
export async function connect(
  gateway: RoleProcess,
  input: Partial<CreateConnection> & { name: string },
): Promise<Wiring> {
  const source = input.source_id ? {} : { source: { name: `${input.name}-source` } };
  const made = await callApi<{ id: string; source_id: string; destination_id: string }>(
    gateway,
    "POST",
    "/connections",
    { ...source, ...input },
  );
  const { url } = await callApi<{ url: string }>(gateway, "GET", `/sources/${made.source_id}`);
  return {
    connectionId: made.id,
    sourceId: made.source_id,
    destinationId: made.destination_id,
    path: new URL(url).pathname,
  };
}

/** The server under its one URL, through crashes and restarts. */
export function makePostgres(first: EmbeddedPostgres) {
  let current = first;
  let frozen: number[] = [];
  const thaw = () => {
    for (const pid of frozen) signalProcess(pid, "SIGCONT");
    frozen = [];
  };
  return {
    url: first.url,
    /** `kill -9` of the postmaster; its backends end themselves. */
    async kill() {
      signalProcess(current.pid, "SIGKILL");
      await current.exited;
    },
    async restart() {
      current = await current.restart();
    },
    /** Starts it again where it has given up by itself. */
    async revive() {
      if ((await findProcess(current.pid)) === undefined) current = await current.restart();
    },
    /** SIGSTOP of every process of the server: connections stay open and nothing answers. */
    async freeze() {
      frozen = await freezeTree(current.pid);
    },
    thaw,
    async stop() {
      thaw();
      await current.stop();
    },
  };
}

/** SIGSTOP of a process and then of its children; resolves to all of them. */
export async function freezeTree(pid: number): Promise<number[]> {
  signalProcess(pid, "SIGSTOP");
  const children = await findChildren(pid);
  for (const child of children) signalProcess(child, "SIGSTOP");
  return [pid, ...children];
}

async function findChildren(parentPid: number): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map(findProcess));
  return found.filter((one) => one?.parentPid === parentPid).map((one) => one?.pid ?? 0);
}

function spawnRole(role: Role, env: Record<string, string>) {
  const { nodeFlags, script } = ROLE_COMMANDS[role];
  const child = spawn(process.execPath, [...nodeFlags, script], {
    cwd: PROJECT_ROOT,
    env: childEnv({
      ...ALLOCATOR_ENV,
      SWITCHYARD_SECRET: SECRET,
      EGRESS_ALLOW: "127.0.0.0/8,::1",
      LOG_LEVEL: "warn",
      HOST: "127.0.0.1",
      PUBLIC_GATEWAY_URL: undefined,
      ...env,
    }),
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let text = "";
  for (const output of [child.stdout, child.stderr]) output?.on("data", (chunk) => (text += String(chunk)));
  const ended = once(child, "exit").then(([code, signal]: (number | string | null)[]) => signal ?? code ?? 1);
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  const pid = child.pid ?? 0;
  const end = async (signal: NodeJS.Signals) => {
    if (!isOver()) child.kill(signal);
    return ended;
  };
  return {
    pid,
    ready: waitUntilReady(child, ended, () => `The ${role} did not start:\n${text}`),
    output: () => text,
    async readyWaitMs() {
      const stat = await readFile(`/proc/${pid}/schedstat`, "utf8").catch(() => "0 0 0");
      return Number(stat.split(" ")[1]) / 1e6;
    },
    freeze: () => signalProcess(pid, "SIGSTOP"),
    thaw: () => signalProcess(pid, "SIGCONT"),
    kill: async () => void (await end("SIGKILL")),
    async stop() {
      const patience = setTimeout(() => child.kill("SIGKILL"), STOP_PATIENCE_MS);
      const code = await end("SIGTERM");
      clearTimeout(patience);
      return code;
    },
  };
}

async function waitUntilReady(child: ChildProcess, ended: Promise<unknown>, failure: () => string): Promise<string> {
  const ready = Promise.withResolvers<string>();
  const patience = setTimeout(() => ready.reject(new Error(failure())), READY_PATIENCE_MS);
  child.on("message", (message) => {
    if (isReadyMessage(message)) ready.resolve(message.url ?? "");
  });
  ended.then(() => ready.reject(new Error(failure())));
  return ready.promise.finally(() => clearTimeout(patience));
}
