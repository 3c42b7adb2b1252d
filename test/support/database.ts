import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import { inject } from "vitest";
import type { Queryable } from "#server/database/db.ts";

export interface TestDatabase {
  url: string;
  [Symbol.asyncDispose](): Promise<void>;
}

async function asMaintainer(statement: string): Promise<void> {
  const client = new Client({ connectionString: inject("postgresUrl") });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function create(options: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString("hex")}`;
  await asMaintainer(`create database ${name} ${options}`);
  const url = new URL(inject("postgresUrl"));
  url.pathname = `/${name}`;
  return {
    url: url.href,
    [Symbol.asyncDispose]: () => asMaintainer(`drop database if exists ${name} with (force)`),
  };
}

/** A migrated database of one's own, in some 50 ms; dropped when disposed, whoever is still connected. */
export const createDatabase = (): Promise<TestDatabase> => create(`template ${inject("templateDatabase")}`);

/** A database without any table, for tests about migrations themselves. */
export const createEmptyDatabase = (): Promise<TestDatabase> => create("template template0");

/** Resolves once a statement in this database waits for the end of another transaction. */
export async function someoneWaits(db: Queryable): Promise<void> {
  const waiting = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  while ((await db.query(waiting)).rowCount === 0) await pause(10);
}
