// The traffic of a demo. Each run of its job sends the webhooks that are due since the last one, so a restart loses at most
// a second of it, and it ends by the clock.
import { request as requestPlain } from "node:http";
import { request as requestTls } from "node:https";
import type { CachedSource, ConfigCache } from "#server/config/config-cache.ts";
import { DEMO_RATE } from "#server/contracts/demo-size.ts";
import type { Pool } from "#server/database/db.ts";
import { addJobStatement } from "#server/jobs.ts";
import { DEMO_PROVIDERS, type DemoProviderName, spoilSignature, type Webhook } from "./providers.ts";

/** Every n-th webhook comes twice, or carries a signature that is wrong. */
const TWICE_EVERY = 11;
const BAD_SIGNATURE_EVERY = 13;
const EVERY_MS = 1_000;
/** After a pause, such as a restart, the demo does not make up for it. */
const MOST_AT_ONCE = 2 * DEMO_RATE;
const PATIENCE_MS = 2_000;

export interface DemoTools {
  pool: Pool;
  config: Pick<ConfigCache, "upToDate">;
  /** As the producers know it: part of what Twilio signs. */
  publicGatewayUrl: string;
  /** Where the door may be reached from here; the first that answers is taken. */
  doorUrls: readonly string[];
  now: () => Date;
}

interface Running {
  source_ids: string[];
  sent_count: number;
  last_sent_at: Date | null;
}

const RUNNING = `select source_ids, sent_count, last_sent_at from demo
  where team_id = $1 and removed_at is null and sends_until > $2::timestamptz`;
const NOTE = `update demo set sent_count = sent_count + $2, last_sent_at = $3, problem = $4 where team_id = $1 and removed_at is null`;

/** Sends what is due of a team's demo, and adds the next run. Nothing once its time is over or it was removed. */
export async function sendDemo(tools: DemoTools, { teamId }: { teamId: string }): Promise<void> {
  const now = tools.now();
  const { rows } = await tools.pool.query<Running>(RUNNING, [teamId, now]);
  const running = rows[0];
  if (!running) return;
  const { sources } = await tools.config.upToDate();
  const own = running.source_ids.flatMap((id) => sources.get(id) ?? []).filter((source) => source.teamId === teamId);
  const sinceMs = running.last_sent_at === null ? EVERY_MS : now.getTime() - running.last_sent_at.getTime();
  const count = Math.min(MOST_AT_ONCE, Math.max(1, Math.round((sinceMs / 1000) * DEMO_RATE)));
  const numbers = own.length === 0 ? [] : Array.from({ length: count }, (_, index) => running.sent_count + index + 1);
  const answers = await Promise.all(numbers.map((n) => sendOne(tools, own[n % own.length], n)));
  const problem = answers.find((answer) => answer !== null) ?? null;
  await tools.pool.query(NOTE, [teamId, count, now, problem]);
  const next = addJobStatement("send-demo", { teamId }, new Date(now.getTime() + EVERY_MS));
  await tools.pool.query(next.text, next.values);
}

const nameOf = (source: CachedSource) => source.type.toLowerCase() as DemoProviderName;

/** Why a webhook did not arrive, in a sentence; null where it did. */
async function sendOne(tools: DemoTools, source: CachedSource | undefined, n: number): Promise<string | null> {
  const provider = source && DEMO_PROVIDERS[nameOf(source)];
  const secret = source?.config.auth.secret;
  // Somebody may have changed the source's type: it sends nothing then.
  if (!source || !provider || typeof secret !== "string") return null;
  const path = `/e/${source.key}`;
  const webhook = provider
    .of(secret)
    .make()
    .deliver(tools.publicGatewayUrl + path, tools.now());
  if (n % BAD_SIGNATURE_EVERY === 0) return post(tools.doorUrls, path, spoilSignature(webhook));
  const problem = await post(tools.doorUrls, path, webhook);
  return n % TWICE_EVERY === 0 && problem === null ? post(tools.doorUrls, path, webhook) : problem;
}

async function post(doorUrls: readonly string[], path: string, webhook: Webhook): Promise<string | null> {
  for (const url of doorUrls) if (await isAnswered(url + path, webhook)) return null;
  return `No gateway answers at ${doorUrls.join(" or ")}: start one, or set PUBLIC_GATEWAY_URL to where it is.`;
}

/** Any answer will do: a signature that is wrong is refused, as it must be. The address is the installation's own. */
function isAnswered(url: string, { headers, body }: Webhook): Promise<boolean> {
  const request = url.startsWith("https:") ? requestTls : requestPlain;
  return new Promise((resolve) => {
    const sent = request(url, { method: "POST", headers, signal: AbortSignal.timeout(PATIENCE_MS) });
    sent.on("response", (answer) => {
      answer.resume();
      answer.on("close", () => resolve(true));
    });
    sent.on("error", () => resolve(false));
    sent.end(body);
  });
}
