// Connections to Postgres by way of Prisma. Apart from db.ts, because the worker has no use for a client that takes memory.
import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "#server/generated/prisma/client.ts";
import { toPrimary } from "./primary-client.ts";

export type Db = PrismaClient;

/** What a person's click may cost; the hot statements have pools of their own. */
const STATEMENT_TIMEOUT_MS = 15_000;
const CONNECT_TIMEOUT_MS = 5_000;

/** Prisma for everything a person clicks. */
export function makePrisma(databaseUrl: string, connections = 5): Db {
  const adapter = new PrismaPg({
    ...toPrimary,
    connectionString: databaseUrl,
    max: connections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
  });
  // Its usual messages quote our source around the call.
  return new PrismaClient({ adapter, errorFormat: "minimal" });
}
