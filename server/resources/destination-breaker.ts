// The breaker of a destination as its lane last wrote it down, beside what its owner has set.
import type { Ctx } from "#server/auth/ctx.ts";
import type { BreakerReading } from "#server/contracts/breaker.ts";
import type { Destination, DestinationSettings } from "#server/contracts/destination.ts";
import { type BreakerRecord, readBreaker } from "#server/events/breaker-record.ts";
import { addJobStatement } from "#server/jobs.ts";
import type { Tx } from "./transact.ts";

/** A destination without what its lane knows. */
export type DescribedDestination = Destination extends infer One ? Omit<One, "breaker"> : never;

interface LaneRow {
  destination_id: string;
  breaker: BreakerRecord | null;
  breaker_holds: boolean;
}

/** @param rows destinations of the asking team */
export async function readBreakers(
  ctx: Ctx,
  rows: readonly { id: string; config: unknown }[],
): Promise<Map<string, BreakerReading>> {
  const ids = rows.map(({ id }) => id);
  const lanes = await ctx.app.db.$queryRaw<LaneRow[]>`
    select destination_id, breaker, breaker_holds from lane join destination d on d.id = destination_id
    where d.team_id = ${ctx.teamId} and d.id = any (${ids})`;
  const lanesById = new Map(lanes.map((lane) => [lane.destination_id, lane]));
  const nowMs = ctx.app.now().getTime();
  return new Map(
    rows.map(({ id, config }) => {
      const lane = lanesById.get(id);
      const settings = (config as Partial<DestinationSettings["config"]>).breaker;
      return [id, readBreaker(lane?.breaker ?? null, settings, { holds: lane?.breaker_holds ?? false, nowMs })];
    }),
  );
}

export function withBreaker(breakers: Map<string, BreakerReading>, described: DescribedDestination): Destination {
  return { ...described, breaker: breakers.get(described.id) } as Destination;
}

/** Gives the lane a turn after the commit: it may hold events that it is now to let go. */
export async function wakeLane(tx: Tx, destinationId: string): Promise<void> {
  const job = addJobStatement("deliver", { destinationId });
  await tx.$executeRawUnsafe(job.text, ...job.values);
}

/** Puts the events of groups that are not paused any more back in line, after the commit. */
export async function releaseGroups(tx: Tx, destinationId: string): Promise<void> {
  const job = addJobStatement("release-groups", { destinationId });
  await tx.$executeRawUnsafe(job.text, ...job.values);
}
