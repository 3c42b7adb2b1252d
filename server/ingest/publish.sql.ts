// The statements of a publish: its idempotency key is claimed, its events are accepted as the door's are, and the answer is
// noted, in one transaction. docs/decisions/065-publish.md
import { z } from "zod";
import { inTransaction, type Pool, type Queryable } from "#server/database/db.ts";
import { acceptBatch } from "./accept.sql.ts";
import type { Arrival } from "./arrival.ts";
import { type RateQuestion, takeOfRates } from "./source-rate.sql.ts";

export interface PublishInput {
  teamId: string;
  /** Null where the caller gave none. */
  key: { text: string; digest: Buffer } | null;
  /** Null where the source has no limit. */
  rate: RateQuestion | null;
  arrivals: Arrival[];
  now: Date;
}

/** By the id of each arrival that repeats an event, the request that brought the event first. */
type Duplicates = ReadonlyMap<string, string>;

/** `answer` is what was noted with the key's first use. */
export type PublishOutcome<A> =
  | { kind: "published"; answer: A }
  | { kind: "repeated"; answer: unknown }
  | { kind: "other_events" }
  | { kind: "limited"; waitMs: number };

// A key whose time is over is taken anew. A rival with the same key waits here for the other's commit.
const CLAIM = `
insert into publish_key as k (team_id, key, digest, created_at) values ($1, $2, $3, $4)
on conflict (team_id, key) do update set digest = excluded.digest, answer = null, created_at = excluded.created_at
  where k.created_at < excluded.created_at - interval '24 hours'
returning key`;
const READ = "select digest, answer from publish_key where team_id = $1 and key = $2";
const NOTE = "update publish_key set answer = $3::json where team_id = $1 and key = $2";

const Kept = z.object({ digest: z.instanceof(Buffer), answer: z.unknown() });

/** Rolls the transaction back, and is the outcome. */
class Refused extends Error {
  readonly outcome: PublishOutcome<never>;
  constructor(outcome: PublishOutcome<never>) {
    super("Nothing was published.");
    this.outcome = outcome;
  }
}

async function claim(db: Queryable, { teamId, key, now }: PublishInput): Promise<PublishOutcome<never> | null> {
  if (key === null) return null;
  const { rows } = await db.query({
    name: "claim-publish-key",
    text: CLAIM,
    values: [teamId, key.text, key.digest, now],
  });
  if (rows.length > 0) return null;
  const { rows: found } = await db.query({ name: "read-publish-key", text: READ, values: [teamId, key.text] });
  const { digest, answer } = Kept.parse(found[0]);
  return digest.equals(key.digest) ? { kind: "repeated", answer } : { kind: "other_events" };
}

/** Commits all of the arrivals or none. */
export function publishBatch<A>(
  pool: Pool,
  input: PublishInput,
  answerOf: (duplicates: Duplicates) => A,
): Promise<PublishOutcome<A>> {
  const work = async (db: Queryable): Promise<PublishOutcome<A>> => {
    const earlier = await claim(db, input);
    if (earlier) return earlier;
    if (input.rate) {
      const taken = (await takeOfRates(db, [input.rate])).get(input.rate.sourceId);
      if (taken && taken.granted < input.rate.wanted) throw new Refused({ kind: "limited", waitMs: taken.waitMs });
    }
    const answer = answerOf(await acceptBatch(db, input.arrivals, { isRepeat: false }));
    if (input.key) {
      await db.query({
        name: "note-publish-answer",
        text: NOTE,
        values: [input.teamId, input.key.text, JSON.stringify(answer)],
      });
    }
    return { kind: "published", answer };
  };
  return inTransaction(pool, work).catch((error: unknown) => {
    if (error instanceof Refused) return error.outcome;
    throw error;
  });
}
