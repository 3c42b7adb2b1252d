import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { inject } from "vitest";

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
