import { setTimeout as sleep } from "node:timers/promises";
import type { Say } from "./build.ts";
import { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from "./embedded-postgres.ts";
import { signalProcess } from "./process-table.ts";
import { nextBackoff } from "./supervise.ts";

export interface KeptPostgres {
  url: string;
  stop(): Promise<void>;
  /** Ends the server at once; its next start recovers from the log. */
  kill(): void;
}

/** The embedded Postgres, started again under the same URL whenever it dies. The roles reconnect by themselves. */
export async function keepPostgres(options: EmbeddedPostgresOptions & { say: Say }): Promise<KeptPostgres> {
  const { say } = options;
  let postgres: EmbeddedPostgres = await startEmbeddedPostgres(options);
  const stopping = new AbortController();

  const restart = async () => {
    postgres = await postgres.restart();
    if (stopping.signal.aborted) return postgres.stop();
    say("Postgres is back");
  };
  const live = async () => {
    let backoffMs: number | undefined;
    let startedAt = performance.now();
    for (;;) {
      const ending = await postgres.exited;
      if (stopping.signal.aborted) return;
      backoffMs = nextBackoff(backoffMs, performance.now() - startedAt);
      say(`Postgres ended (${ending}); starting it again in ${backoffMs / 1000} s`);
      await sleep(backoffMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      startedAt = performance.now();
      // A server that does not come up (a full disk, for instance) is reported and tried again: the roles answer 503
      // meanwhile.
      await restart().catch((error: unknown) => say(error instanceof Error ? error.message : String(error)));
    }
  };
  const living = live();

  return {
    url: postgres.url,
    async stop() {
      stopping.abort();
      await postgres.stop();
      await living;
    },
    kill() {
      stopping.abort();
      signalProcess(postgres.pid, "SIGQUIT");
    },
  };
}
