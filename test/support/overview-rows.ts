// Rows as the door, routing and delivery would have left them, for tests of what shows them.

import { Client } from "pg";
import { bucketOf, emptyHistogram } from "#server/batch/histogram.ts";
import { DEFAULT_BREAKER } from "#server/contracts/breaker.ts";
import type { HttpDestinationConfig } from "#server/contracts/destination.ts";
import { NO_ORDER } from "#server/contracts/ordering.ts";
import type { SourceConfig } from "#server/contracts/source.ts";
import { correctBranchCounts } from "#server/events/branch-counts.sql.ts";
import { newId } from "#server/ids.ts";
import { ensurePartitions } from "#server/retention/partitions.ts";
import { addRollups, minuteOf } from "./rollups.ts";

const MINUTE_MS = 60_000;
const TEAM = "tm_default";

/** What the overview must show for {@link insertOverviewRows}: sums over its hours. */
export const EXPECTED = { accepted: "1,248", delivered: "1,190", successRate: "99.1 %" };

const EVENTS: [status: string, type: string, attempts: number, response: number | null, error: string | null][] = [
  ["QUEUED", "invoice.paid", 0, null, null],
  ["DELIVERED", "pull_request.opened", 1, 200, null],
  ["RETRYING", "orders/create", 3, 503, "BAD_RESPONSE"],
  ["HOLD", "message.delivered", 0, null, null],
  ["SCHEDULED", "customer.subscription.trial_will_end", 0, null, null],
  ["FAILED", "charge.refunded", 6, null, "CONNECTION_REFUSED"],
  ["CANCELLED", "orders/updated", 2, 500, "BAD_RESPONSE"],
  ["DELIVERED", "push", 1, 204, null],
];

const SOURCE_CONFIG: SourceConfig = {
  auth_type: "NONE",
  auth: {},
  allowed_http_methods: ["POST"],
  custom_response: null,
  deduplicate_provider_events: true,
  body_limit_bytes: 1_000_000,
  rate_limit: null,
  rate_limit_period: "minute",
  masked_paths: [],
};

const DESTINATION_CONFIG: HttpDestinationConfig = {
  url: "https://billing.example.com/",
  http_method: null,
  path_forwarding_disabled: false,
  headers: {},
  timeout_ms: 15_000,
  rate_limit: null,
  rate_limit_period: "second",
  concurrency: 25,
  retry: null,
  dead_letter_destination_id: null,
  breaker: DEFAULT_BREAKER,
  maintenance_windows: [],
  ...NO_ORDER,
  groups: null,
  auth_type: "NONE",
  auth: {},
};

async function insertEnds(client: Client): Promise<{ sourceId: string; destinationId: string; connectionId: string }> {
  const [sourceId, destinationId, connectionId] = [newId("source"), newId("destination"), newId("connection")];
  await client.query("insert into team (id, name) values ($1, 'Default') on conflict do nothing", [TEAM]);
  await client.query(
    "insert into source (id, team_id, name, type, key, config) values ($1, $2, 'payments', 'STRIPE', 'k1', $3)",
    [sourceId, TEAM, SOURCE_CONFIG],
  );
  await client.query(
    "insert into destination (id, team_id, name, type, config) values ($1, $2, 'billing-service', 'HTTP', $3)",
    [destinationId, TEAM, DESTINATION_CONFIG],
  );
  await client.query(
    "insert into connection (id, team_id, name, source_id, destination_id) values ($1, $2, 'payments-to-billing', $3, $4)",
    [connectionId, TEAM, sourceId, destinationId],
  );
  return { sourceId, destinationId, connectionId };
}

/** One source, connection and destination, a day of counts, and one event of every state. */
export async function insertOverviewRows(databaseUrl: string, now: Date): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await ensurePartitions(client, now.getTime());
  const { sourceId, destinationId, connectionId } = await insertEnds(client);

  const key = { team_id: TEAM, source_id: sourceId, connection_id: connectionId, destination_id: destinationId };
  const hours = Array.from({ length: 24 }, (_, i) => ({
    i,
    bucket: minuteOf(new Date(now.getTime() - (i * 60 + 5) * MINUTE_MS)),
  }));
  await addRollups(
    client,
    hours.map(({ i, bucket }) => {
      const latency_histogram = emptyHistogram();
      latency_histogram[bucketOf(i === 3 ? 900 : 40)] = 50;
      const isLatest = i === 0;
      return {
        ...key,
        bucket,
        accepted_count: isLatest ? 98 : 50,
        delivered_count: isLatest ? 40 : 50,
        failed_count: isLatest ? 10 : 0,
        rejected_count: isLatest ? 9 : 0,
        latency_histogram,
      };
    }),
  );

  for (const [i, [status, type, attempts, response, error]] of EVENTS.entries()) {
    const createdAt = new Date(now.getTime() - i * 7 * MINUTE_MS);
    await client.query(
      `insert into event (team_id, id, request_id, source_id, connection_id, destination_id, status, event_type, attempts, trigger,
         response_status, error_code, why, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'INITIAL', $10, $11, '[]', $12)`,
      [
        TEAM,
        newId("event", createdAt.getTime()),
        newId("request", createdAt.getTime()),
        sourceId,
        connectionId,
        destinationId,
      ]
        .concat([status, type])
        .concat([attempts, response, error, createdAt] as never[]),
    );
  }
  await correctBranchCounts(client);
  await client.end();
}
