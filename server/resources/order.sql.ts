// Looks at the lines of one destination. Each is bounded, however many events wait.
import type { Ctx } from "#server/auth/ctx.ts";
import type { OrderNow } from "#server/contracts/order-now.ts";
import { isInLine } from "#server/events/order-line.sql.ts";
import { Prisma } from "#server/generated/prisma/client.ts";
import { isShown } from "./shown-request.ts";

const MAX_KEYS = 10_000;
const MAX_EVENTS = 10_000;
const MAX_WAITING = 1_000;
const MAX_BLOCKED = 5;

const IN_LINE = Prisma.raw(isInLine("e"));

export interface LineRow {
  order_key: string;
  waiting: number;
  /** Whether the key may hold what is masked in its request. */
  is_withheld: boolean;
}
export interface BlockedRow extends LineRow {
  head: OrderNow["blocked"][number]["head"];
}
export interface OrderRow {
  keys: number;
  blocked_keys: number;
  is_at_least: boolean;
  blocked: BlockedRow[] | null;
}

const isWithheld = (ctx: Ctx, requestId: string) => Prisma.sql`exists (select from request r
  where r.team_id = ${ctx.teamId} and r.id = ${Prisma.raw(requestId)} and not ${Prisma.raw(isShown("r"))})`;

/** `is_blocked` may be a moment old, so each head is judged by its own state. */
export async function selectBlockedLines(ctx: Ctx, destinationId: string): Promise<OrderRow | undefined> {
  const [row] = await ctx.app.searches.run<OrderRow>(
    ctx,
    Prisma.sql`
    with line as materialized (
      select order_key, is_blocked, from_id from order_line where destination_id = ${destinationId} limit ${MAX_KEYS + 1}
    ), blocked as materialized (
      select line.order_key, line.from_id, head.request_id,
        json_build_object('id', head.id, 'connection_id', head.connection_id, 'status', head.status, 'hold_reason', head.hold_reason) as head from (
        select * from line where is_blocked order by from_id limit ${MAX_BLOCKED}
      ) as line cross join lateral (
        select id, request_id, connection_id, status, hold_reason from event e
        where e.team_id = ${ctx.teamId} and e.destination_id = ${destinationId} and e.order_key = line.order_key and e.id >= line.from_id and ${IN_LINE}
        order by e.request_id, e.id limit 1
      ) as head where head.status in ('FAILED', 'HOLD') and head.hold_reason is distinct from 'waits_for_order'
    )
    select least(count(*), ${MAX_KEYS})::int as keys, count(*) > ${MAX_KEYS} as is_at_least,
      (count(*) filter (where is_blocked))::int as blocked_keys,
      (select json_agg(json_build_object('order_key', b.order_key, 'head', b.head, 'is_withheld', ${isWithheld(ctx, "b.request_id")}, 'waiting', (
        select count(*) - 1 from (select from event e where e.team_id = ${ctx.teamId} and e.destination_id = ${destinationId} and e.order_key = b.order_key
          and e.id >= b.from_id and ${IN_LINE} limit ${MAX_WAITING + 1}) as counted
      )) order by b.from_id) from blocked b) as blocked
    from line`,
  );
  return row;
}

/** Among the first events of the destination's lines. */
export async function selectLongestLine(ctx: Ctx, destinationId: string): Promise<LineRow | undefined> {
  const [row] = await ctx.app.searches.run<LineRow>(
    ctx,
    Prisma.sql`
    select order_key, waiting, ${isWithheld(ctx, "longest.newest_id")} as is_withheld from (
    select order_key, least(count(*) - 1, ${MAX_WAITING})::int as waiting, max(request_id) as newest_id from (
      select e.order_key, e.request_id from event e where e.team_id = ${ctx.teamId} and e.destination_id = ${destinationId} and ${IN_LINE}
      order by e.order_key, e.request_id, e.id limit ${MAX_EVENTS}
    ) as first_ones group by order_key order by count(*) desc, order_key limit 1) as longest`,
  );
  return row;
}
