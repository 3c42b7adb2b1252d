// Failed events by connection, destination and reason. The look is bounded, however many have failed.
import type { Ctx } from "#server/auth/ctx.ts";
import type { CountDeadLetters, DeadLetterCounts } from "#server/contracts/dead-letters.ts";
import { Prisma } from "#server/generated/prisma/client.ts";

const MAX_COUNTED = 10_000;

const oneOf = (column: string, values: string[] | undefined) =>
  values === undefined ? Prisma.empty : Prisma.sql`and ${Prisma.raw(column)} = any (${values})`;

interface Row {
  connection_id: string;
  destination_id: string;
  ended_because: DeadLetterCounts["data"][number]["ended_because"];
  count: number;
  last_attempt_at: Date | null;
}

export async function countDeadLetters(ctx: Ctx, input: CountDeadLetters): Promise<DeadLetterCounts> {
  const rows = await ctx.app.searches.run<Row>(
    ctx,
    Prisma.sql`
    select connection_id, destination_id, ended_because, count(*)::int as count, max(last_attempt_at) as last_attempt_at from (
      select connection_id, destination_id, ended_because, last_attempt_at from event
      where team_id = ${ctx.teamId} and status = 'FAILED' ${oneOf("connection_id", input.connection_id)}
        ${oneOf("destination_id", input.destination_id)} ${oneOf("ended_because", input.ended_because)}
      order by id desc limit ${MAX_COUNTED + 1}
    ) as newest group by connection_id, destination_id, ended_because order by count desc, connection_id, destination_id`,
  );
  return {
    data: rows.map((row) => ({ ...row, last_attempt_at: row.last_attempt_at?.toISOString() ?? null })),
    is_at_least: rows.reduce((sum, { count }) => sum + count, 0) > MAX_COUNTED,
  };
}
