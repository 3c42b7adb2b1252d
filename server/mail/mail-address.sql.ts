// The addresses that have said yes, and the count of the notifications that a team has sent them on a day.
import type { Queryable } from "#server/database/db.ts";

/** A team that has more to tell than this in a day uses a webhook. */
export const MAX_MAILS_A_DAY = 500;

/** Those of `addresses` that have been confirmed for the team and whose readers still want its mails, in their order. */
export async function confirmedOf(db: Queryable, teamId: string, addresses: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ address: string }>({
    name: "mail-confirmed",
    text: `select address from mail_address m where team_id = $1 and address = any ($2::text[]) and confirmed_at is not null
      and not exists (select from mail_unsubscribed u where u.team_id = m.team_id and u.address = m.address)`,
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
      on conflict (day, team_id, code_to, sender) do update set sent = mail_count.sent + excluded.sent
      where mail_count.sent + excluded.sent <= ${MAX_MAILS_A_DAY}`,
    values: [teamId, now, count],
  });
  return rowCount === 1;
}
