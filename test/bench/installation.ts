// `npm start` as a person runs it, with an installation of the bench's own.
import { join } from "node:path";
import pg from "pg";
import { findRunningPostgres } from "#server/start/running-postgres.ts";
import { type Installation, type Start, startSwitchyard } from "#test/support/start.ts";

const API_KEY = `sy_${"m".repeat(40)}`;
/** The script `start` of package.json. */
const COMMAND = [process.execPath, "--expose-gc", "server/start/main.ts"] as const;
const ENV = { SWITCHYARD_API_KEY: API_KEY, LOG_LEVEL: "warn", NODE_COMPILE_CACHE: join(".next", "cache", "node") };

export const startInstalled = (installation: Installation): Start => startSwitchyard(installation, ENV, COMMAND);

/** A connection to the embedded Postgres of an installation that runs. The caller ends it. */
export async function openDatabase({ dataDir }: Installation): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: await findRunningPostgres(join(dataDir, "postgres")) });
  await client.connect();
  return client;
}

async function callApi({ gatewayUrl }: Installation, method: string, path: string, body?: object) {
  const answer = await fetch(`${gatewayUrl}/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${API_KEY}`, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** Starts the installation, makes a source with one destination, and stops it. Returns the source's path at the door. */
export async function configure(installation: Installation, receiverPort: number): Promise<string> {
  await using start = startInstalled(installation);
  await start.ready();
  const made = await callApi(installation, "POST", "/connections", {
    name: "one",
    source: { name: "one-source" },
    destination: { name: "one-destination", config: { url: `http://127.0.0.1:${receiverPort}/one-0` } },
  });
  const { url } = await callApi(installation, "GET", `/sources/${made.source_id}`);
  return new URL(url).pathname;
}
