// The door before its configuration is read, as when the database is away at the start: every sender is asked to come again.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ConfigCache } from "#server/config/config-cache.ts";
import { untilDatabaseAnswers } from "#server/database/until-database.ts";
import { answerBusy } from "#server/ingest/answers.ts";
import type { Door } from "#server/ingest/door.ts";
import type { Log } from "#server/process/log.ts";

const FIRST_TRY_MS = 2_000;

export interface LateDoor {
  handle(request: IncomingMessage, response: ServerResponse): void;
  isOpen(): boolean;
  /**
   * Resolves once the door is open, or has to wait for the database, which is away or has not answered for two seconds. Rejects
   * when the door can never open. To listen before would turn senders away who find another gateway during a restart.
   */
  tried: Promise<void>;
  /** Resolves to the configuration once the door is open, and to null when it is closed before. */
  opened: Promise<ConfigCache | null>;
  /** Resolves when every request that came in has been answered; the door opens no more. */
  close(): Promise<void>;
}

export interface LateDoorOptions {
  log: Log;
  /** Reads what the door needs; tried again while the database is away. */
  loadConfig: () => Promise<ConfigCache>;
  makeDoor: (config: ConfigCache) => Door;
  /** Called with the status of each answer before it is open. */
  onAnswer: (status: number) => void;
}

export function makeLateDoor({ log, loadConfig, makeDoor, onAnswer }: LateDoorOptions): LateDoor {
  const closing = new AbortController();
  let open: { config: ConfigCache; door: Door } | undefined;
  const waits = Promise.withResolvers<"waits">();
  const onAway = () => waits.resolve("waits");
  setTimeout(onAway, FIRST_TRY_MS);
  const opened = untilDatabaseAnswers(loadConfig, { log, signal: closing.signal, onAway }).then(
    (config) => {
      open = { config, door: makeDoor(config) };
      return config;
    },
    (error: unknown) => {
      if (!closing.signal.aborted) throw error;
      return null;
    },
  );
  const tried = Promise.race([opened, waits.promise]).then((outcome) => {
    // Nobody awaits the door any more: an error that keeps it shut for good is unhandled, and ends the process.
    if (outcome === "waits") opened.then(() => {});
  });
  return {
    tried,
    opened,
    isOpen: () => open !== undefined,
    handle(request, response) {
      if (open) return open.door.handle(request, response);
      answerBusy(response);
      onAnswer(response.statusCode);
    },
    async close() {
      closing.abort();
      await opened.catch(() => {});
      await open?.door.idle();
      await open?.config.close();
    },
  };
}
