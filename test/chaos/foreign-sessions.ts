// Sessions of somebody else on the same Postgres: all that it has room for, and one that does not end its transaction.
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";

/** Connected, or undefined where Postgres is away or has no room. */
async function open(url: string): Promise<Client | undefined> {
  const client = new Client({ connectionString: url });
  // It may be killed together with its server.
  client.on("error", () => {});
  return client.connect().then(
    () => client,
    () => undefined,
  );
}

const close = (client: Client) => client.end().catch(() => {});

/** Takes all connections that Postgres still gives, for so long. */
export async function takeConnections(url: string, ms: number): Promise<void> {
  const taken: Client[] = [];
  for (let client = await open(url); client; client = await open(url)) taken.push(client);
  await sleep(ms);
  await Promise.all(taken.map(close));
}

/** Has seen a row of everything that is hot, and stays as it is for so long. */
export async function openTransaction(url: string, ms: number): Promise<void> {
  const client = await open(url);
  if (!client) return;
  await client
    .query("begin isolation level repeatable read; select 1 from event limit 1; select 1 from request limit 1")
    .catch(() => {});
  await sleep(ms);
  await close(client);
}
