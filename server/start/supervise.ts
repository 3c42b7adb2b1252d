// The supervisor of one process: when the process dies it is started again, later each time, until it is asked to stop.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Role } from "#server/env.ts";
import { isReadyMessage } from "#server/process/role.ts";
import { SUPERVISOR_PATIENCE_MS } from "#server/process/stop-times.ts";
import type { Say } from "./build.ts";
import { StartError } from "./start-error.ts";

const FIRST_BACKOFF_MS = 200;
const MAX_BACKOFF_MS = 10_000;
/** A process of this age is healthy, and its next death begins at the first backoff again. */
const HEALTHY_AFTER_MS = 30_000;
const MAX_DEATHS_BEFORE_READY = 5;

/** The wait before start number `deaths` + 1, where `livedMs` is the age that the process reached. Pure. */
export function nextBackoff(previousMs: number | undefined, livedMs: number): number {
  if (previousMs === undefined || livedMs >= HEALTHY_AFTER_MS) return FIRST_BACKOFF_MS;
  return Math.min(previousMs * 2, MAX_BACKOFF_MS);
}

export interface RoleCommand {
  role: Role;
  /** Arguments to Node. */
  args: string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** Called with each message of the process. */
  onMessage?: (child: ChildProcess, message: unknown) => void;
}

export interface SupervisedRole {
  role: Role;
  /** Rejects with a {@link StartError} when the role dies again and again before it was ready even once. */
  ready: Promise<void>;
  /** Asks it to finish, and ends it if it does not. */
  stop(): Promise<void>;
  /** Ends it at once. */
  kill(): void;
}

const describeExit = (code: number | null, signal: NodeJS.Signals | null) =>
  signal === null ? `exit code ${code}` : String(signal);

/** Starts one process and resolves to how it ended. A group of its own: Ctrl-C must reach the supervisor alone. */
function spawnRole({ args, env, cwd }: RoleCommand): ChildProcess {
  return spawn(process.execPath, args, { cwd, env, detached: true, stdio: ["ignore", "inherit", "inherit", "ipc"] });
}

/** `onSpawn` is told the pid of every process that is started for the role. */
export function superviseRole(command: RoleCommand, say: Say, onSpawn: (pid: number) => void): SupervisedRole {
  const { role } = command;
  const ready = Promise.withResolvers<void>();
  // The caller that awaits `ready` reports a failure; nobody awaits it once the start was given up.
  ready.promise.catch(() => undefined);
  const stopping = new AbortController();
  let child: ChildProcess | undefined;
  let isReady = false;
  let deaths = 0;

  const liveOnce = async () => {
    const spawned = spawnRole(command);
    child = spawned;
    const gone = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
    child.on("message", (message) => {
      command.onMessage?.(spawned, message);
      if (!isReadyMessage(message)) return;
      if (deaths > 0) say(`${role} is back`);
      isReady = true;
      ready.resolve();
    });
    if (child.pid !== undefined) onSpawn(child.pid);
    return describeExit(...(await gone));
  };
  const live = async () => {
    let backoffMs: number | undefined;
    while (!stopping.signal.aborted) {
      const startedAt = performance.now();
      const ending = await liveOnce();
      if (stopping.signal.aborted) return;
      deaths++;
      if (!isReady && deaths >= MAX_DEATHS_BEFORE_READY) {
        return ready.reject(new StartError(`The ${role} does not start; the reason stands above.`));
      }
      backoffMs = nextBackoff(backoffMs, performance.now() - startedAt);
      say(`${role} ended (${ending}); starting it again in ${backoffMs / 1000} s`);
      await sleep(backoffMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const living = live();

  return {
    role,
    ready: ready.promise,
    async stop() {
      stopping.abort();
      child?.kill("SIGTERM");
      const kill = setTimeout(() => {
        say(`${role} did not finish within ${SUPERVISOR_PATIENCE_MS / 1000} s and is ended`);
        child?.kill("SIGKILL");
      }, SUPERVISOR_PATIENCE_MS);
      await living;
      clearTimeout(kill);
    },
    kill() {
      stopping.abort();
      child?.kill("SIGKILL");
    },
  };
}
