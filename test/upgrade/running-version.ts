// A version as its operator runs it: `npm start`'s own program over a database that others use too, a door and a worker.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { childEnv } from "#server/env.ts";
import { takePort } from "#test/support/free-port.ts";
import { runIn } from "#test/support/other-version.ts";
import { API_KEY } from "#test/support/system.ts";

const SECRET = "a secret of at least thirty-two characters";
const RUNNING = "Switchyard is running";
const START_PATIENCE_MS = 180_000;
const STOP_PATIENCE_MS = 30_000;

export interface Version {
  /** For people: a tag, or a commit. */
  name: string;
  /** Where its code is. */
  dir: string;
}

export interface RunningVersion {
  version: Version;
  url: string;
  output(): string;
  /** How long it took from its start to its first ready role, in ms. */
  startMs: number;
  /** SIGTERM; resolves to the exit code, or the signal that ended it. */
  stop(): Promise<number | string>;
  kill(): void;
}

const settingsOf = (databaseUrl: string) => ({
  DATABASE_URL: databaseUrl,
  SWITCHYARD_SECRET: SECRET,
  EGRESS_ALLOW: "127.0.0.0/8,::1",
  LOG_LEVEL: "warn",
  HOST: "127.0.0.1",
});

/** Starts it, which migrates; resolves when its roles are ready. */
export async function startVersion(version: Version, databaseUrl: string): Promise<RunningVersion> {
  const port = await takePort();
  const startedAt = performance.now();
  const child = spawn(process.execPath, ["--expose-gc", "server/start/main.ts"], {
    cwd: version.dir,
    env: childEnv({
      ...settingsOf(databaseUrl),
      SWITCHYARD_ROLES: "gateway,worker",
      SWITCHYARD_API_KEY: API_KEY,
      GATEWAY_PORT: String(port),
      // One address for all, as behind a load balancer.
      PUBLIC_GATEWAY_URL: "http://127.0.0.1:3001",
    }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { output, ended, ready } = watch(child, version.name);
  try {
    await ready;
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
  return {
    version,
    url: `http://127.0.0.1:${port}`,
    output,
    startMs: performance.now() - startedAt,
    kill: () => void child.kill("SIGKILL"),
    async stop() {
      child.kill("SIGTERM");
      const code = await Promise.race([ended, sleep(STOP_PATIENCE_MS, "no answer", { ref: false })]);
      if (code === "no answer") child.kill("SIGKILL");
      return code;
    },
  };
}

function watch(child: ChildProcess, name: string) {
  let text = "";
  const running = Promise.withResolvers<void>();
  const fail = (why: string) => running.reject(new Error(`Version ${name} ${why}:\n${text}`));
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk) => {
      text += String(chunk);
      if (text.includes(RUNNING)) running.resolve();
    });
  const ended = once(child, "exit").then(([code, signal]: (number | string | null)[]) => signal ?? code ?? 1);
  const patience = setTimeout(() => fail("did not start"), START_PATIENCE_MS);
  ended.then(() => fail("ended"));
  running.promise.finally(() => clearTimeout(patience)).catch(() => undefined);
  return { output: () => text, ended, ready: running.promise };
}

/** What `npm run admin` of that version prints. */
export async function admin({ dir }: Version, databaseUrl: string, ...words: string[]): Promise<string> {
  const env = Object.entries(settingsOf(databaseUrl)).map(([name, value]) => `${name}=${value}`);
  const { stdout } = await runIn(dir, "env", ...env, "npm", "run", "-s", "admin", "--", ...words);
  return stdout.trim();
}
