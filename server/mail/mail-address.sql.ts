// The addresses that have said yes, and the counts of mails of a day.
import { ADVISORY_LOCKS } from "#server/database/advisory-locks.ts";
import type { Queryable } from "#server/database/db.ts";

/** A team that has more to tell than this in a day uses a webhook. */
export const MAX_MAILS_A_DAY = 500;

/** Those of `addresses` that have been confirmed for the team, in their order. */
export async function confirmedOf(db: Queryable, teamId: string, addresses: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ address: string }>({
    name: "mail-confirmed",
    text: "select address from mail_address where team_id = $1 and address = any ($2::text[]) and confirmed_at is not null",
    values: [teamId, addresses],
  });
  const confirmed = new Set(rows.map(({ address }) => address));
  return addresses.filter((address) => confirmed.has(address));
}

/** Takes mails of the team's share of today (UTC); false: nothing is taken, because there are not so many left. */
export async function takeMails(db: Queryable, teamId: string, count: number, now: Date): Promise<boolean> {
  const { rowCount } = await db.query({
    name: "mail-take",
    text: `insert into mail_count (day, team_id, code_to, sent) values ($2::timestamptz at time zone 'UTC', $1, '', $3)
      on conflict (day, team_id, code_to) do update set sent = mail_count.sent + excluded.sent
      where mail_count.sent + excluded.sent <= ${MAX_MAILS_A_DAY}`,
    values: [teamId, now, count],
  });
  return rowCount === 1;
}

/** Of one day (UTC). An address takes few codes from all teams, so that teams made for it cannot flood it. */
const MAX_CODES = { team: 20, address: 5 };

/** To be run before {@link takeCode}, in its transaction: who waits here then sees what the one before has taken. */
export const LOCK_CODES = `select pg_advisory_xact_lock(${ADVISORY_LOCKS.mailCodes})`;

/** Takes a code of today's share of the team and of the address; no row is changed where one of them is spent. */
export const takeCode = (teamId: string, address: string, now: Date) => ({
  text: `insert into mail_count as m (day, team_id, code_to, sent)
    select ($3::timestamptz at time zone 'UTC')::date, $1, $2, 1 from (
      select coalesce(sum(sent) filter (where team_id = $1), 0) as of_team, coalesce(sum(sent) filter (where code_to = $2), 0) as of_address
      from mail_count where day = ($3::timestamptz at time zone 'UTC')::date and code_to <> ''
    ) as asked where of_team < ${MAX_CODES.team} and of_address < ${MAX_CODES.address}
    on conflict (day, team_id, code_to) do update set sent = m.sent + 1`,
  values: [teamId, address, now],
});
