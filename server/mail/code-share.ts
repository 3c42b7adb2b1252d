// The shares of the codes that are sent on a day (UTC): of a team, of the person who asks, and of the address that gets them. None
// of them can be spent by others alone, and together they bound what an address gets. docs/decisions/064-mail-with-consent.md
import { ADVISORY_LOCKS } from "#server/database/advisory-locks.ts";

/** To all addresses. */
const MAX_OF_ONE = 20;
/** To one address. */
const MAX_TO_ADDRESS = 3;
/** To one address, from everybody. */
const MAX_FROM_ALL = 10;
/** Of these, so many are for anybody; the rest is for those who have been here for long, whom a crowd made today cannot lock out. */
const MAX_FROM_NEW = 5;
const LONG_MS = 7 * 86_400_000;

/** Whoever asks for a code. */
export interface CodeSender {
  id: string;
  since: Date;
}

/** Codes that were sent today. */
export interface SentCodes {
  of_team: number;
  of_sender: number;
  to_address_of_team: number;
  to_address_of_sender: number;
  to_address: number;
}

/** Whether one more may be sent; else a sentence that says whose share is spent. */
export function codeRefusal(sent: SentCodes, { since }: CodeSender, now: Date): string | null {
  const tomorrow = "ask again tomorrow, after midnight UTC.";
  if (sent.of_team >= MAX_OF_ONE || sent.of_sender >= MAX_OF_ONE)
    return `${sent.of_team >= MAX_OF_ONE ? "This team has" : "You have"} had ${MAX_OF_ONE} codes sent today: ${tomorrow}`;
  if (sent.to_address_of_team >= MAX_TO_ADDRESS || sent.to_address_of_sender >= MAX_TO_ADDRESS)
    return `${MAX_TO_ADDRESS} codes have been sent there today: look for the newest, or ${tomorrow}`;
  const isNew = now.getTime() - since.getTime() < LONG_MS;
  if (sent.to_address >= (isNew ? MAX_FROM_NEW : MAX_FROM_ALL))
    return `This address has had as many codes today as it gets from everybody: ${tomorrow}`;
  return null;
}

/** To be run before the others, in their transaction: who waits here then sees what the one before has taken. */
export const LOCK_CODES = `select pg_advisory_xact_lock(${ADVISORY_LOCKS.mailCodes})`;

/** The person who asks, in whatever team; for a key, the one who owns its team longest. */
export const senderOf = (teamId: string, userId: string | null) => ({
  text: `select coalesce(u.id, t.id) as id, coalesce(u.created_at, t.created_at) as since
    from team t left join "user" u on u.id = coalesce($2::text, (
      select m.user_id from member m where m.team_id = t.id and m.role = 'owner' order by m.created_at, m.user_id limit 1))
    where t.id = $1`,
  values: [teamId, userId],
});

const dayOf = (instant: string) => `(${instant}::timestamptz at time zone 'UTC')::date`;

export const sentCodes = (teamId: string, address: string, { id }: CodeSender, now: Date) => ({
  text: `select coalesce(sum(sent) filter (where team_id = $1), 0)::int as of_team,
      coalesce(sum(sent) filter (where sender = $3), 0)::int as of_sender,
      coalesce(sum(sent) filter (where code_to = $2 and team_id = $1), 0)::int as to_address_of_team,
      coalesce(sum(sent) filter (where code_to = $2 and sender = $3), 0)::int as to_address_of_sender,
      coalesce(sum(sent) filter (where code_to = $2), 0)::int as to_address
    from mail_count where day = ${dayOf("$4")} and code_to <> ''`,
  values: [teamId, address, id, now],
});

export const takeCode = (teamId: string, address: string, { id }: CodeSender, now: Date) => ({
  text: `insert into mail_count as m (day, team_id, code_to, sender, sent) values (${dayOf("$4")}, $1, $2, $3, 1)
    on conflict (day, team_id, code_to, sender) do update set sent = m.sent + 1`,
  values: [teamId, address, id, now],
});
