// Routes by globs of source and event type: they become connections with a filter, all in one transaction.
// docs/decisions/070-routes-are-connections.md
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { Connection } from "#server/contracts/connection.ts";
import { MAX_ROUTED, type PutRoutes, type Route, type SavedRoutes } from "#server/contracts/route.ts";
import { below, wrongField } from "#server/errors/field-issues.ts";
import { matchesGlob } from "#server/rules/event-type-glob.ts";
import { readRules } from "./connection-rules.sql.ts";
import { saveConnection } from "./connections.ts";
import { saveDestination } from "./destinations.ts";
import { withEventTypes } from "./event-type-rules.ts";
import { findByName, type Tx, transactUpsert } from "./transact.ts";

interface RoutedSource {
  id: string;
  name: string;
  type: string;
}

const fits = ({ source: glob }: Route, { name, type }: RoutedSource) =>
  [name, type].some((text) => matchesGlob(glob.toLowerCase(), text.toLowerCase()));

const MAX_NAME = 155;
const nameOf = (route: Route, source: RoutedSource) => `${route.name}-${source.name}`.slice(0, MAX_NAME);

/** Two connections of one name would be one, which leads from the second source. */
function requireNames(found: readonly { route: Route; sources: readonly RoutedSource[] }[]): void {
  const seen = new Set<string>();
  for (const [index, { route, sources }] of found.entries()) {
    for (const name of sources.map((source) => nameOf(route, source))) {
      if (seen.has(name))
        throw wrongField(
          `routes[${index}].name`,
          `Two of these connections would be called ${name}: choose another name.`,
        );
      seen.add(name);
    }
  }
}

async function saveRoute(tx: Tx, ctx: Ctx, route: Route, sources: readonly RoutedSource[]) {
  const { destination } = route;
  if (destination) requireCan(ctx, "destination.write");
  const destinationId = destination
    ? (await below("destination", () => saveDestination(tx, ctx, destination))).row.id
    : (route.destination_id ?? "");
  const connections: Connection[] = [];
  for (const source of sources) {
    const name = nameOf(route, source);
    const known = await findByName(tx, ctx, "connection", name);
    const rules = known === undefined ? [] : ((await readRules(tx, ctx, [known])).get(known) ?? []);
    connections.push(
      await saveConnection(tx, ctx, {
        name,
        source_id: source.id,
        destination_id: destinationId,
        rules: withEventTypes(rules, route.event_type),
      }),
    );
  }
  return { name: route.name, destination_id: destinationId, connections };
}

/** Idempotent: another call covers the sources that were made since. */
export async function putRoutes(ctx: Ctx, { routes }: PutRoutes): Promise<SavedRoutes> {
  requireCan(ctx, "connection.write");
  const saved = await transactUpsert(ctx, async (tx) => {
    const sources = await tx.source.findMany({
      where: { team_id: ctx.teamId, is_system: false },
      orderBy: { id: "asc" },
      select: { id: true, name: true, type: true },
    });
    const found = routes.map((route) => ({ route, sources: sources.filter((source) => fits(route, source)) }));
    const count = found.reduce((sum, each) => sum + each.sources.length, 0);
    if (count > MAX_ROUTED)
      throw wrongField(
        "routes",
        `These make ${count} connections: name fewer sources, at most ${MAX_ROUTED} at a time.`,
      );
    requireNames(found);
    const all: SavedRoutes["routes"] = [];
    for (const [index, { route, sources: fitting }] of found.entries()) {
      if (fitting.length === 0)
        throw wrongField(`routes[${index}].source`, `No source's name or type fits ${route.source}: see GET /sources.`);
      all.push(await below(`routes[${index}]`, () => saveRoute(tx, ctx, route, fitting)));
    }
    return all;
  });
  return { routes: saved };
}
