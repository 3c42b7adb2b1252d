// Connections to Postgres through Prisma. They stand apart from db.ts because the worker needs no client that takes memory.
import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "#server/generated/prisma/client.ts";
import { toPrimary } from "./primary-client.ts";

export type Db = PrismaClient;

/** The time that a person's click may cost. The hot statements have pools of their own. */
const STATEMENT_TIMEOUT_MS = 15_000;
const CONNECT_TIMEOUT_MS = 5_000;

/** Makes a Prisma client, for everything that a person clicks. */
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
