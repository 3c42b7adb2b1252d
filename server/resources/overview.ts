// The overview: the first page in one answer, all of the same moment.
import type { Ctx } from "#server/auth/ctx.ts";
import { ListEvents } from "#server/contracts/event.ts";
import type { GetOverview, LatestEvent, Overview } from "#server/contracts/overview.ts";
import { countWindow } from "#server/metrics/overview.ts";
import { listEvents } from "./events.ts";

const LATEST_EVENTS = 20;

async function latestEvents(ctx: Ctx): Promise<LatestEvent[]> {
  const { data: events } = await listEvents(ctx, ListEvents.parse({ limit: LATEST_EVENTS }));
  const named = (ids: string[]) => ({
    where: { team_id: ctx.teamId, id: { in: [...new Set(ids)] } },
    select: { id: true, name: true },
  });
  const [sources, destinations] = await Promise.all([
    ctx.app.db.source.findMany(named(events.map((event) => event.source_id))),
    ctx.app.db.destination.findMany(named(events.map((event) => event.destination_id))),
  ]);
  const names = new Map([...sources, ...destinations].map(({ id, name }) => [id, name]));
  return events.map((event) => ({
    ...event,
    source_name: names.get(event.source_id) ?? null,
    destination_name: names.get(event.destination_id) ?? null,
  }));
}

/** The URL to which a first webhook can be sent with curl: that of the newest enabled source that asks for no signature. */
async function openSourceUrl(ctx: Ctx): Promise<string | null> {
  const source = await ctx.app.db.source.findFirst({
    where: {
      team_id: ctx.teamId,
      disabled_at: null,
      // Those without a door ask for no signature either.
      is_system: false,
      type: { not: "PUBLISH" },
      config: { path: ["auth_type"], equals: "NONE" },
    },
    orderBy: { id: "desc" },
    select: { key: true },
  });
  return source && `${ctx.app.publicGatewayUrl}/e/${source.key}`;
}

/** Counts of a span of time and of the one before, the number of each resource, and the last 20 events with their names. */
export async function getOverview(ctx: Ctx, { window }: GetOverview): Promise<Overview> {
  const now = ctx.app.now();
  const { db } = ctx.app;
  const ofTeam = { where: { team_id: ctx.teamId } };
  const [counts, sources, connections, destinations, events, openUrl] = await Promise.all([
    countWindow(ctx, window, now),
    db.source.count(ofTeam),
    db.connection.count(ofTeam),
    db.destination.count(ofTeam),
    latestEvents(ctx),
    openSourceUrl(ctx),
  ]);
  return {
    now: now.toISOString(),
    window,
    ...counts,
    sources_count: sources,
    connections_count: connections,
    destinations_count: destinations,
    latest_events: events,
    gateway_url: ctx.app.publicGatewayUrl,
    open_source_url: openUrl,
  };
}
