// Deliveries and failures at the resources that a version changed, in the time before and after it.
import type { Ctx } from "#server/auth/ctx.ts";
import { QueryMetrics } from "#server/contracts/metrics.ts";
import type { Followed, FollowedMinute, GetFollowed, VersionedKind } from "#server/contracts/version.ts";
import { queryMetrics } from "#server/metrics/query-metrics.ts";
import { type ChangeRow, selectChanges } from "./versions.sql.ts";
import { findVersion, parsedState } from "./versions.ts";

const WINDOW_MINUTES = 45;
const WINDOW_MS = WINDOW_MINUTES * 60_000;
/** More resources would be more charts than anybody reads. */
const MAX_RESOURCES = 3;

const HAS_TRAFFIC: ReadonlySet<VersionedKind> = new Set(["source", "destination", "connection"]);

const sumOf = (minutes: readonly FollowedMinute[]) => ({
  delivered: minutes.reduce((sum, { delivered }) => sum + delivered, 0),
  failed: minutes.reduce((sum, { failed }) => sum + failed, 0),
});

/** Attempts by minute: a failed one counts, also where a retry delivers the event. */
async function minutesOf(ctx: Ctx, kind: VersionedKind, id: string, atMs: number): Promise<FollowedMinute[]> {
  const endMs = Math.min(atMs + WINDOW_MS, ctx.app.now().getTime());
  const range = { start: new Date(atMs - WINDOW_MS).toISOString(), end: new Date(endMs).toISOString() };
  const input = QueryMetrics.parse({ date_range: range, granularity: "1m", [`${kind}_id`]: [id] });
  const { data } = await queryMetrics(ctx, "attempts", input);
  return data
    .map(({ time_bucket, metrics }) => ({
      at: time_bucket,
      delivered: metrics.delivered_count ?? 0,
      failed: metrics.failed_count ?? 0,
    }))
    .filter(({ delivered, failed }) => delivered + failed > 0);
}

export async function getFollowed(ctx: Ctx, { number }: GetFollowed): Promise<Followed> {
  const { created_at: createdAt } = await findVersion(ctx, number);
  const rows = await ctx.app.searches.run<ChangeRow>(ctx, selectChanges(ctx.teamId, [number], 100, false));
  const changed = rows.filter(({ resource_kind: kind }) => HAS_TRAFFIC.has(kind)).slice(0, MAX_RESOURCES);
  const atMs = createdAt.getTime();
  const resources: Followed["resources"] = [];
  for (const { resource_kind, resource_id, before, after } of changed) {
    const minutes = await minutesOf(ctx, resource_kind, resource_id, atMs);
    const [earlier, later] = [true, false].map((isBefore) =>
      sumOf(minutes.filter(({ at }) => Date.parse(at) + 60_000 <= atMs === isBefore)),
    );
    const name = (parsedState(after) ?? parsedState(before))?.name ?? resource_id;
    if (!earlier || !later) continue;
    resources.push({ resource_kind, resource_id, resource_name: name, before: earlier, after: later, minutes });
  }
  return { window_minutes: WINDOW_MINUTES, resources };
}
