import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "#server/start/embedded-postgres.ts";

export interface TemporaryPostgres extends EmbeddedPostgres {
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * A Postgres of its own in the system's temporary directory, removed when disposed.
 * `isDurable: false` (the default) turns fsync off, which a test about crashes must not do.
 */
export async function startTemporaryPostgres({ isDurable = false } = {}): Promise<TemporaryPostgres> {
  const directory = await mkdtemp(join(tmpdir(), "switchyard-test-"));
  const postgres = await startEmbeddedPostgres({ clusterDir: join(directory, "postgres"), isDurable });
  return {
    ...postgres,
    async [Symbol.asyncDispose]() {
      await postgres.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
