// The way in for a team's own services: the same statement as the door's, and the same words to routing and to open pages.
import { askIdentity } from "#server/database/database-identity.sql.ts";
import { makePool } from "#server/database/db.ts";
import { makeLiveAnnouncer } from "#server/live/announcer.ts";
import { type Telling, tellLocally } from "#server/process/local-line.ts";
import { PUBLISHES_AT_ONCE } from "#server/shares/team-shares.ts";
import { PATIENCE_MS } from "./accept-writer.ts";
import { makeAnnouncer } from "./announcer.ts";
import type { CommitTrouble } from "./commit-trouble.ts";
import { type PublishInput, type PublishOutcome, publishBatch } from "./publish.sql.ts";

export interface Publisher {
  publish<A>(input: PublishInput, answerOf: (duplicates: ReadonlyMap<string, string>) => A): Promise<PublishOutcome<A>>;
  close(): Promise<void>;
}

export function makePublisher(databaseUrl: string): Publisher {
  const pool = makePool(databaseUrl, "publishes", PUBLISHES_AT_ONCE, { timeoutMs: PATIENCE_MS });
  // Made by the first publish, of which workers hear by Postgres: most processes with this way in publish nothing.
  let line: Telling | undefined;
  const tell = () => {
    line ??= tellLocally({ identify: () => askIdentity(pool) });
    return line.tell();
  };
  const announcer = makeAnnouncer(pool, { tell });
  const live = makeLiveAnnouncer(pool);
  return {
    async publish(input, answerOf) {
      const outcome = await publishBatch(pool, input, answerOf);
      if (outcome.kind === "published") {
        announcer.announce();
        live.changed(input.teamId);
      }
      return outcome;
    },
    async close() {
      await announcer.idle();
      line?.stop();
      await live.stop();
      await pool.end();
    },
  };
}

/** Has `trouble` hear of each publish, which is a commit of its own and is tried once. */
export function hearPublishes(publisher: Publisher, trouble: Pick<CommitTrouble, "stored" | "failed">): Publisher {
  return {
    ...publisher,
    async publish(input, answerOf) {
      const outcome = await publisher.publish(input, answerOf).catch((error) => {
        trouble.failed(error);
        throw error;
      });
      if (outcome.kind === "published") trouble.stored();
      return outcome;
    },
  };
}
