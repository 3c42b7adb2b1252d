import type { Ctx } from "#server/auth/ctx.ts";
import type { FailureDiff } from "#server/contracts/failure-diff.ts";
import type { ById } from "#server/contracts/resource-fields.ts";
import { toAttempt } from "./attempts.ts";
import { requireEvent } from "./events.ts";
import { type SideRow, selectFirstBad, selectLastFailure, selectLastGood } from "./failure-diff.sql.ts";

const toSide = (row: SideRow): FailureDiff["bad"] => ({ ...toAttempt(row), event_type: row.event_type });

/**
 * When the destination of a failed event broke: the last attempt to it that was delivered before, and the first that was not,
 * which may be another event's.
 */
export async function getFailureDiff(ctx: Ctx, { id }: ById): Promise<FailureDiff> {
  await requireEvent(ctx, id);
  const failure = await selectLastFailure(ctx, id);
  if (!failure) return { good: null, bad: null };
  const good = await selectLastGood(ctx, failure);
  if (!good) return { good: null, bad: toSide(failure) };
  return { good: toSide(good), bad: toSide(await selectFirstBad(ctx, good, failure)) };
}
