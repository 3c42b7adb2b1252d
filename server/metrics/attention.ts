import type { Ctx } from "#server/auth/ctx.ts";
import type { Attention, AttentionItem } from "#server/contracts/attention.ts";
import { lowestId } from "#server/ids.ts";
import {
  type FailedRow,
  type FailingRow,
  failedEvents,
  failingDestinations,
  type HeldRow,
  heldConnections,
  rejectionSpikes,
  type SilentRow,
  type SpikeRow,
  silentSources,
} from "./attention.sql.ts";

const DAY_MS = 86_400_000;

/**
 * The things that a team should look at now: failing destinations, failed and held events, silent sources, unusual
 * rejections. The worst of each come first.
 */
export async function getAttention(ctx: Ctx): Promise<Attention> {
  const now = ctx.app.now();
  const { searches } = ctx.app;
  const [failing, failed, held, silent, spikes] = await Promise.all([
    searches.run<FailingRow>(ctx, failingDestinations(ctx.teamId, now)),
    searches.run<FailedRow>(ctx, failedEvents(ctx.teamId, lowestId("event", now.getTime() - DAY_MS))),
    searches.run<HeldRow>(ctx, heldConnections(ctx.teamId)),
    searches.run<SilentRow>(ctx, silentSources(ctx.teamId, now)),
    searches.run<SpikeRow>(ctx, rejectionSpikes(ctx.teamId, now)),
  ]);
  const items: AttentionItem[] = [
    ...failing.map((row) => ({ kind: "destination_failing" as const, ...row })),
    ...failed.map((row) => ({
      ...row,
      kind: "events_failed" as const,
      first_at: row.first_at.toISOString(),
      last_at: row.last_at.toISOString(),
    })),
    ...held.map((row) => ({ ...row, kind: "connection_held" as const, oldest_at: row.oldest_at.toISOString() })),
    ...silent.map((row) => ({ ...row, kind: "source_silent" as const, last_at: row.last_at.toISOString() })),
    ...spikes.map((row) => ({ kind: "rejections_spike" as const, ...row })),
  ];
  return { now: now.toISOString(), items };
}
