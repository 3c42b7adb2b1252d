// The newest attempt of each notification: what came of telling somebody last. No index leads from a connection to it, so the
// counts say in which minute it was, and only attempts of that minute are read.
import type { Ctx } from "#server/auth/ctx.ts";
import type { NotificationResult, NotificationResults } from "#server/contracts/notification.ts";
import { lowestId } from "#server/ids.ts";

const MINUTE_MS = 60_000;
/** An attempt is counted when it has ended: a minute after its id was made, or a little more. */
const UNDER_WAY_MS = 2 * MINUTE_MS;

const OF_SYSTEM =
  "select c.id from connection c join source s on s.id = c.source_id where c.team_id = $1 and s.team_id = $1 and s.is_system";

const lastMinutes = (teamId: string, keptFrom: Date) => ({
  text: `
with told as (${OF_SYSTEM}), hour as (
  select connection_id, max(bucket) as bucket from (
    select connection_id, bucket from rollup_hour
    where team_id = $1 and bucket >= $2 and attempt_count > 0 and connection_id in (select id from told)
    union all
    select connection_id, date_trunc('hour', bucket, 'UTC') from rollup_minute
    where team_id = $1 and bucket >= (select greatest(hours_until, $2) from rollup_progress where id = 1)
      and attempt_count > 0 and connection_id in (select id from told)
  ) as tried group by 1
)
select h.connection_id, max(m.bucket) as at from hour h join rollup_minute m on m.team_id = $1 and m.connection_id = h.connection_id
  and m.bucket >= h.bucket and m.bucket < h.bucket + interval '1 hour' and m.attempt_count > 0
group by 1`,
  values: [teamId, keptFrom],
});

interface LastMinute {
  connection_id: string;
  at: Date;
}
type AttemptRow = Omit<NotificationResult, "created_at"> & { created_at: Date };

const lastAttempts = (teamId: string, minutes: readonly LastMinute[]) => {
  const rangeOf = ({ at }: LastMinute) =>
    [at.getTime() - UNDER_WAY_MS, at.getTime() + MINUTE_MS].map((ms) => lowestId("attempt", ms));
  return {
    text: `
select tried.connection_id as id, a.id as attempt_id, a.event_id, coalesce(a.response_status between 200 and 299, false) and a.error_code is null as is_delivered,
  a.response_status, a.error_code, a.created_at
from unnest($2::text[], $3::text[], $4::text[]) as tried(connection_id, from_id, to_id) cross join lateral (
  select * from attempt where team_id = $1 and id >= from_id and id < to_id and connection_id = tried.connection_id order by id desc limit 1) as a`,
    values: [
      teamId,
      minutes.map((each) => each.connection_id),
      minutes.map((each) => rangeOf(each)[0]),
      minutes.map((each) => rangeOf(each)[1]),
    ],
  };
};

export async function listNotificationResults(ctx: Ctx): Promise<NotificationResults> {
  const { app, teamId } = ctx;
  const keptFrom = new Date(app.now().getTime() - app.retentionDays * 86_400_000);
  const minutes = await app.searches.run<LastMinute>(ctx, lastMinutes(teamId, keptFrom));
  if (minutes.length === 0) return { data: [] };
  const rows = await app.searches.run<AttemptRow>(ctx, lastAttempts(teamId, minutes));
  return { data: rows.map(({ created_at, ...row }) => ({ ...row, created_at: created_at.toISOString() })) };
}
