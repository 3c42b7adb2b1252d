import type { Ctx } from "#server/auth/ctx.ts";
import { MASK } from "#server/contracts/mask.ts";
import type { OrderNow } from "#server/contracts/order-now.ts";
import type { ById } from "#server/contracts/resource-fields.ts";
import { shownOrderValue } from "#server/rules/order-key.ts";
import { getDestination } from "./destinations.ts";
import { type LineRow, selectBlockedLines, selectLongestLine } from "./order.sql.ts";

function shown<Line extends LineRow>({ order_key, is_withheld, ...line }: Line) {
  const value = shownOrderValue(order_key);
  return { order_value: is_withheld && value !== null ? MASK : value, ...line };
}

/** How the order of a destination stands. All is zero where it keeps none. */
export async function getOrder(ctx: Ctx, { id }: ById): Promise<OrderNow> {
  // Refuses the destination of another team: events are looked up by the destination alone.
  await getDestination(ctx, { id });
  const row = await selectBlockedLines(ctx, id);
  if (!row || row.keys === 0) return { keys: 0, longest: null, blocked_keys: 0, blocked: [], is_at_least: false };
  const longest = await selectLongestLine(ctx, id);
  return { ...row, longest: longest ? shown(longest) : null, blocked: (row.blocked ?? []).map(shown) };
}
