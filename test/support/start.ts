// Runs `npm start`'s own program as a person would, on ports and a data directory of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { childEnv } from "#server/env.ts";
import { PROJECT_ROOT } from "#server/start/build.ts";
import { findProcess } from "#server/start/process-table.ts";
import { keepSecret } from "#server/start/secret-file.ts";
import { copyStoppedCluster } from "./embedded.ts";
import { takePort } from "./free-port.ts";

const BANNER_END = "Ctrl-C stops everything.";
const NO_SETTINGS = Object.fromEntries(
  [
    ...[
      "DATABASE_URL",
      "SWITCHYARD_SECRET",
      "SWITCHYARD_API_KEY",
      "HOST",
      "PUBLIC_GATEWAY_URL",
      "EGRESS_ALLOW",
      "PUBLIC_DASHBOARD_URL",
    ],
    ...["SWITCHYARD_OWNER_EMAIL", "SWITCHYARD_OWNER_PASSWORD"],
  ].map((name) => [name, undefined]),
);

/** Where one installation lives; several starts, one after the other, share it. */
export interface Installation {
  dataDir: string;
  env: Record<string, string>;
  dashboardUrl: string;
  gatewayUrl: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** @param cluster a stopped cluster of Postgres to begin with a copy of, as if it had been started before; else its first start makes one */
export async function makeInstallation(cluster?: string): Promise<Installation> {
  const dataDir = await mkdtemp(join(tmpdir(), "switchyard-start-"));
  if (cluster !== undefined) {
    const clusterDir = join(dataDir, "postgres");
    await keepSecret(dataDir, clusterDir);
    await copyStoppedCluster(cluster, clusterDir);
  }
  const [port, gatewayPort] = [await takePort(), await takePort()];
  return {
    dataDir,
    env: { DATA_DIR: dataDir, PORT: String(port), GATEWAY_PORT: String(gatewayPort) },
    dashboardUrl: `http://127.0.0.1:${port}`,
    gatewayUrl: `http://127.0.0.1:${gatewayPort}`,
    [Symbol.asyncDispose]: () => rm(dataDir, { recursive: true, force: true }),
  };
}

export interface Start {
  child: ChildProcess;
  /** All that was printed so far. */
  output(): string;
  /** Resolves once `text` was printed (after the first `fromChar` characters); rejects with the output if the start ends before. */
  printed(text: string | RegExp, fromChar?: number): Promise<void>;
  /** Resolves once the banner was printed. */
  ready(): Promise<void>;
  /** Resolves to the exit code, or the signal's name. */
  ended: Promise<number | string>;
  /** As Ctrl-C does: asks for an orderly stop and resolves to the exit code. */
  stop(): Promise<number | string>;
  [Symbol.asyncDispose](): Promise<void>;
}

const NODE = [process.execPath, "server/start/main.ts"] as const;
/** What a person types; slower by npm's own start. */
export const NPM_START = ["npm", "start"] as const;

/** Starts an installation; `env` stands on top of its own. */
export function startSwitchyard(
  installation: Installation,
  env: Record<string, string> = {},
  [command, ...args]: readonly [string, ...string[]] = NODE,
): Start {
  const child = spawn(command, args, {
    cwd: PROJECT_ROOT,
    env: childEnv({ ...NO_SETTINGS, ...installation.env, ...env }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  let more = Promise.withResolvers<void>();
  const onOutput = (chunk: unknown) => {
    text += String(chunk);
    more.resolve();
    more = Promise.withResolvers();
  };
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", onOutput);
  const ended = once(child, "exit").then(([code, signal]: (number | string | null)[]) => signal ?? code ?? 1);
  const printed = async (wanted: string | RegExp, fromChar = 0) => {
    const isPrinted = () => {
      const rest = text.slice(fromChar);
      return typeof wanted === "string" ? rest.includes(wanted) : wanted.test(rest);
    };
    while (!isPrinted()) {
      const isOver = child.exitCode !== null || child.signalCode !== null;
      if (isOver) throw new Error(`The start ended before it printed ${wanted}:\n${text}`);
      await Promise.race([more.promise, ended]);
    }
  };
  const stop = () => {
    child.kill("SIGINT");
    return ended;
  };
  return {
    child,
    ended,
    printed,
    stop,
    output: () => text,
    ready: () => printed(BANNER_END),
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) await stop();
    },
  };
}

/** The pids of the roles that the running supervisor of `dataDir` notes, and of its Postgres. */
export async function readPids({ dataDir }: Installation): Promise<{ roles: number[]; postgres: number }> {
  const noted = JSON.parse(await readFile(join(dataDir, "supervisor.json"), "utf8")) as { roles: { pid: number }[] };
  const [postgres] = (await readFile(join(dataDir, "postgres", "postmaster.pid"), "utf8")).split("\n");
  return { roles: noted.roles.map((role) => role.pid), postgres: Number(postgres) };
}

/** Which of these still live. */
export async function findLiving(pids: number[]): Promise<number[]> {
  const found = await Promise.all(pids.map(findProcess));
  return found.filter((one) => one !== undefined).map((one) => one.pid);
}

/** Runs `npm run admin` beside an installation, and resolves to its exit code and to what it printed. */
export async function runAdmin({ env }: Installation, words: string[]): Promise<{ code: number | null; out: string }> {
  const child = spawn(process.execPath, ["server/cli/admin.ts", ...words], {
    cwd: PROJECT_ROOT,
    env: childEnv({ ...NO_SETTINGS, ...env }),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [out, [code]] = await Promise.all([text(child.stdout), once(child, "exit") as Promise<[number | null]>]);
  return { code, out };
}
