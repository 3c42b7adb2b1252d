// Makes the sources, destinations and connections of a made-up day, and writes the day.
import { join, resolve } from "node:path";
import { makePool } from "#server/database/db.ts";
import { loadEnv } from "#server/env.ts";
import { findRunningPostgres } from "#server/start/running-postgres.ts";
import type { Api } from "./api.ts";
import { type DayBranch, makeDay } from "./day.ts";
import { writeHistory } from "./history.ts";

const EVENTS = 20_000;
const SEED = 11;
const SOURCES = { "stripe-live": "STRIPE", "shopify-store": "SHOPIFY", "github-org": "GITHUB" } as const;
/** Which source feeds which destination, and how the day goes there. */
const WIRING: [source: keyof typeof SOURCES, destination: string, kind: DayBranch["kind"]][] = [
  ["stripe-live", "billing-ledger", "outage"],
  ["stripe-live", "analytics-lake", "well"],
  ["stripe-live", "slack-alerts", "filtered"],
  ["shopify-store", "orders-api", "retrying"],
  ["shopify-store", "crm-sync", "failing"],
  ["github-org", "search-index", "paused"],
  ["github-org", "slack-alerts", "well"],
];

async function makeBranches(api: Api): Promise<DayBranch[]> {
  const branches: DayBranch[] = [];
  for (const [source, destination, kind] of WIRING) {
    const config = { auth: { secret: `whsec_${source.replaceAll("-", "")}_history` } };
    const { id: sourceId } = await api.save("sources", { name: source, type: SOURCES[source], config });
    const url = `https://${destination}.receiver.example/webhooks`;
    const { id: destinationId } = await api.save("destinations", { name: destination, config: { url } });
    const rules = kind === "filtered" ? [{ type: "filter", body: { amount: { $gte: 40_000 } } }] : [];
    const ends = { source_id: sourceId, destination_id: destinationId };
    const { id: connectionId } = await api.save("connections", { name: `${source}-to-${destination}`, ...ends, rules });
    if (kind === "paused") await api.pause(connectionId);
    branches.push({ sourceId, destinationId, connectionId, kind, provider: SOURCES[source] });
  }
  return branches;
}

/** Writes the day before now. Resolves to a sentence that says how much of it there is. */
export async function addHistory(api: Api): Promise<string> {
  const env = loadEnv();
  const databaseUrl = env.databaseUrl ?? (await findRunningPostgres(resolve(join(env.dataDir, "postgres"))));
  const startedAt = performance.now();
  const branches = await makeBranches(api);
  const pool = makePool(databaseUrl, "demo", 2);
  try {
    const nowMs = Date.now();
    const { rows } = await pool.query("select team_id from connection where id = $1", [branches[0]?.connectionId]);
    const day = makeDay(branches, EVENTS, nowMs, SEED);
    await writeHistory(pool, rows[0].team_id, day, nowMs);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    return `A day of ${day.requests.length} requests, ${day.events.length} events and ${day.ignored.length} left out was written in ${seconds} s.`;
  } finally {
    await pool.end();
  }
}
