// The attempts on either side of the moment when a destination began to fail. No index leads from a destination to its attempts:
// the minutes' counts say where one lies, and only that minute is read.
import type { Ctx } from "#server/auth/ctx.ts";
import { Prisma } from "#server/generated/prisma/client.ts";
import { lowestId } from "#server/ids.ts";
import { type AttemptRow, attemptColumns } from "./attempts.sql.ts";

export type SideRow = AttemptRow & { event_type: string | null };

const MINUTE_MS = 60_000;
/** The bounds of the look back, and of the counts that are read. */
const LOOK_BACK_MS = 7 * 86_400_000;
const MAX_COUNTS = 200_000;

const COLUMNS = Prisma.sql`${attemptColumns}, (select e.event_type from event e where e.team_id = a.team_id and e.id = a.event_id)`;
const GOOD = Prisma.sql`a.error_code is null`;
/** An attempt that we broke off says nothing about the destination. */
const BAD = Prisma.sql`a.error_code is not null and a.error_code not in ('CANCELLED', 'INTERNAL')`;

/** The newest failed attempt of an event. */
export async function selectLastFailure(ctx: Ctx, eventId: string): Promise<SideRow | undefined> {
  const rows = await ctx.app.searches.run<SideRow>(
    ctx,
    Prisma.sql`select ${COLUMNS} from attempt a
      where a.team_id = ${ctx.teamId} and a.event_id = ${eventId} and ${BAD} order by a.number desc, a.id desc limit 1`,
  );
  return rows[0];
}

/** The last attempt to the same destination that was delivered before this one. */
export async function selectLastGood(ctx: Ctx, failure: SideRow): Promise<SideRow | undefined> {
  const from = new Date(failure.created_at.getTime() - LOOK_BACK_MS);
  const [minute] = await selectMinutes(ctx, failure.destination_id, { from, to: failure.created_at }, "last");
  if (!minute) return undefined;
  return selectIn(ctx, failure.destination_id, GOOD, "desc", {
    from: lowestId("attempt", minute.getTime()),
    to: least(failure.id, lowestId("attempt", minute.getTime() + MINUTE_MS)),
  });
}

/** The first failed attempt to the same destination after `good`; at the latest it is `failure` itself. */
export async function selectFirstBad(ctx: Ctx, good: SideRow, failure: SideRow): Promise<SideRow> {
  const range = { from: good.created_at, to: failure.created_at };
  for (const minute of await selectMinutes(ctx, failure.destination_id, range, "first")) {
    const found = await selectIn(ctx, failure.destination_id, BAD, "asc", {
      from: greatest(good.id, lowestId("attempt", minute.getTime())),
      to: lowestId("attempt", minute.getTime() + MINUTE_MS),
    });
    if (found) return found.id < failure.id ? found : failure;
  }
  return failure;
}

/** The last minute with a delivery, or the first two with a try that was none: what failed in the first may lie before `from`. */
async function selectMinutes(
  ctx: Ctx,
  destinationId: string,
  range: { from: Date; to: Date },
  which: "last" | "first",
): Promise<Date[]> {
  const isLast = which === "last";
  const order = Prisma.raw(isLast ? "desc" : "asc");
  const wanted = Prisma.raw(isLast ? "delivered_count > 0" : "attempt_count > delivered_count");
  const rows = await ctx.app.searches.run<{ bucket: Date }>(
    ctx,
    Prisma.sql`select distinct bucket from (
        select bucket, destination_id, attempt_count, delivered_count from rollup_minute
        where team_id = ${ctx.teamId} and bucket >= date_trunc('minute', ${range.from}::timestamptz) and bucket <= ${range.to}::timestamptz
        order by bucket ${order} limit ${MAX_COUNTS}
      ) as counts
      where destination_id = ${destinationId} and ${wanted} order by bucket ${order} limit ${isLast ? 1 : 2}`,
  );
  return rows.map(({ bucket }) => bucket);
}

async function selectIn(
  ctx: Ctx,
  destinationId: string,
  outcome: Prisma.Sql,
  order: "asc" | "desc",
  range: { from: string; to: string },
): Promise<SideRow | undefined> {
  const rows = await ctx.app.searches.run<SideRow>(
    ctx,
    Prisma.sql`select ${COLUMNS} from attempt a
      where a.team_id = ${ctx.teamId} and a.id > ${range.from} and a.id < ${range.to}
        and a.destination_id = ${destinationId} and ${outcome} order by a.id ${Prisma.raw(order)} limit 1`,
  );
  return rows[0];
}

const least = (a: string, b: string) => (a < b ? a : b);
const greatest = (a: string, b: string) => (a > b ? a : b);
