import type { Log } from "./log.ts";
import { giveBackSpareMemory } from "./spare-memory.ts";
import { ROLE_STOP_MS } from "./stop-times.ts";
import { within } from "./within.ts";

export interface RunningRole {
  /** Where the role can be reached, if it listens. */
  url?: string;
  /** Finishes what is in hand and resolves; called once. What it has not done after `ROLE_STOP_MS` ends with the process. */
  stop(): Promise<void>;
  /** After that: a sentence about what somebody will see done twice because it could not be finished; null where nothing is. */
  unfinished?(): string | null;
}

export interface RoleOptions {
  name: string;
  log: Log;
  start(): Promise<RunningRole>;
  /** Whether the role goes on after a rejection that nobody handled, because its effects are known. */
  survives?: (rejection: unknown) => boolean;
}

/** The message of a role to its supervisor over the IPC channel. */
export interface ReadyMessage {
  ready: true;
  url?: string;
}

export const isReadyMessage = (message: unknown): message is ReadyMessage =>
  typeof message === "object" && message !== null && "ready" in message && message.ready === true;

// Config mistakes and refusals to start carry their sentence; only our own bugs are worth a stack.
const isPlainSentence = (error: unknown) =>
  error instanceof Error && ["EnvError", "AppError", "MigrationError", "StartError"].includes(error.name);

/**
 * Runs one role as this process until SIGTERM, SIGINT or the end of its supervisor (the IPC channel closes, also when
 * the supervisor is killed), then stops it and exits 0, or 1 where the role says that something is unfinished. An exception that nobody caught is a bug whose effects are
 * unknown: the process logs it in one line and exits 1, and whoever supervises starts it afresh.
 */
export async function runRole({ name, log, start, survives }: RoleOptions): Promise<void> {
  let role: RunningRole | undefined;
  let isStopping = false;

  const die = (error: unknown, what: string): never => {
    if (isPlainSentence(error)) log.fatal(`${name} ${what}: ${(error as Error).message}`);
    else log.fatal({ err: error }, `${name} ${what}`);
    process.exit(1);
  };
  const stop = async (reason: string) => {
    if (isStopping) return;
    isStopping = true;
    log.info({ reason }, `${name} is stopping`);
    if (role) await end(role);
    process.exit(0);
  };
  const end = async (running: RunningRole) => {
    const isDone = await within(ROLE_STOP_MS, running.stop());
    const unfinished = running.unfinished?.();
    if (unfinished) {
      log.error(`${name} stopped: ${unfinished}`);
      process.exit(1);
    }
    if (!isDone) log.warn(`${name} was still tidying up after ${ROLE_STOP_MS} ms, which ends here.`);
  };

  // The reader of our output may end before us; that is no reason to leave work unfinished.
  for (const output of [process.stdout, process.stderr]) output.on("error", () => undefined);
  process.on("uncaughtException", (error) => die(error, "crashed"));
  process.on("unhandledRejection", (error) => (survives?.(error) ? undefined : die(error, "crashed")));
  // Ctrl-C reaches the whole process group: under a supervisor the order of stopping is the supervisor's to say.
  process.on("SIGINT", () => (process.channel ? undefined : void stop("SIGINT")));
  process.on("SIGTERM", () => void stop("SIGTERM"));
  process.on("disconnect", () => void stop("the supervisor is gone"));

  role = await start().catch((error: unknown) => die(error, "could not start"));
  if (isStopping) return void (await end(role).finally(() => process.exit(0)));
  log.info({ url: role.url }, `${name} is ready`);
  const message: ReadyMessage = role.url === undefined ? { ready: true } : { ready: true, url: role.url };
  process.send?.(message);
  giveBackSpareMemory();
}
