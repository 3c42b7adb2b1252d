// Limits on log-in tries: five times a minute for each account and from each address, whichever process is asked. The reader of a
// mail is held to the same with its link.
import { createHash } from "node:crypto";
import type { App } from "#server/auth/ctx.ts";

const MAX_TRIES = 5;
const WINDOW_MS = 60_000;
/** Rows that say nothing any more, taken out with each try. */
const MAX_FORGOTTEN = 50;

/** The account is a name that somebody typed: it is kept as a hash, so that the table lists no addresses of people. */
export const tryKey = (
  kind: "address" | "email" | "token" | "cookie" | "code" | "challenge" | "failed" | "mail",
  text: string,
): string => `${kind}:${createHash("sha256").update(text).digest("base64url")}`;

export type Try =
  /** Counted. `forgive` takes it back: it was no guess. */
  { kind: "allowed"; forgive(): Promise<void> } | { kind: "limited"; retryAfterS: number };

/** Counts a try for each key, in their order, before it is known whether it succeeds; the first that is spent ends it. */
export async function countTry({ db, now }: Pick<App, "db" | "now">, keys: string[]): Promise<Try> {
  const at = now();
  const since = new Date(at.getTime() - WINDOW_MS);
  await db.$executeRaw`
    delete from sign_in_try where key in (
      select key from sign_in_try where tried_at[cardinality(tried_at)] <= ${since} limit ${MAX_FORGOTTEN}
      for update skip locked)`;
  const counted: string[] = [];
  const forgive = async () => {
    // One of them: others of the same millisecond were guesses.
    await db.$executeRaw`
      update sign_in_try set tried_at = tried_at[:array_position(tried_at, ${at}::timestamptz(3)) - 1]
        || tried_at[array_position(tried_at, ${at}::timestamptz(3)) + 1:]
      where key = any (${counted}) and ${at}::timestamptz(3) = any (tried_at)`;
  };
  for (const key of keys) {
    const rows = await db.$queryRaw<unknown[]>`
      insert into sign_in_try as known (key, tried_at) values (${key}, array[${at}::timestamptz(3)])
      on conflict (key) do update set tried_at =
        array(select tried from unnest(known.tried_at) tried where tried > ${since}) || excluded.tried_at
      where (select count(*) from unnest(known.tried_at) tried where tried > ${since}) < ${MAX_TRIES}
      returning key`;
    if (rows.length === 0) return { kind: "limited", retryAfterS: WINDOW_MS / 1000 };
    counted.push(key);
  }
  return { kind: "allowed", forgive };
}

/** True the first time within `forMs`, of all processes. */
export async function noteOnce({ db, now }: Pick<App, "db" | "now">, key: string, forMs: number): Promise<boolean> {
  // Rows are forgotten a window after their time.
  const at = new Date(now().getTime() + forMs - WINDOW_MS);
  const rows = await db.$queryRaw<unknown[]>`
    insert into sign_in_try (key, tried_at) values (${key}, array[${at}::timestamptz(3)])
    on conflict (key) do nothing returning key`;
  return rows.length > 0;
}
