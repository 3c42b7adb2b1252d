import type { Ctx } from "#server/auth/ctx.ts";
import type { Attention, AttentionItem } from "#server/contracts/attention.ts";
import {
  type FailingRow,
  failingDestinations,
  type HeldRow,
  heldConnections,
  rejectionSpikes,
  type SilentRow,
  type SpikeRow,
  silentSources,
} from "./attention.sql.ts";

/**
 * The things that a team should look at now: failing destinations, held events, silent sources, unusual rejections. The
 * worst of each come first.
 */
export async function getAttention(ctx: Ctx): Promise<Attention> {
  const now = ctx.app.now();
  const { searches } = ctx.app;
  const [failing, held, silent, spikes] = await Promise.all([
    searches.run<FailingRow>(ctx, failingDestinations(ctx.teamId, now)),
    searches.run<HeldRow>(ctx, heldConnections(ctx.teamId)),
    searches.run<SilentRow>(ctx, silentSources(ctx.teamId, now)),
    searches.run<SpikeRow>(ctx, rejectionSpikes(ctx.teamId, now)),
  ]);
  const items: AttentionItem[] = [
    ...failing.map((row) => ({ kind: "destination_failing" as const, ...row })),
    ...held.map((row) => ({ ...row, kind: "connection_held" as const, oldest_at: row.oldest_at.toISOString() })),
    ...silent.map((row) => ({ ...row, kind: "source_silent" as const, last_at: row.last_at.toISOString() })),
    ...spikes.map((row) => ({ kind: "rejections_spike" as const, ...row })),
  ];
  return { now: now.toISOString(), items };
}
