// One Postgres for all files of the project "db"; each file clones the migrated template, so files run in parallel.
import { Client } from "pg";
import type { TestProject } from "vitest/node";
import { migrate } from "#server/database/migrate.ts";
import { startTemporaryPostgres } from "./embedded.ts";

const TEMPLATE = "switchyard_template";

declare module "vitest" {
  export interface ProvidedContext {
    /** Connects to the maintenance database of the shared test server. */
    postgresUrl: string;
    /** Name of the migrated database to clone. */
    templateDatabase: string;
  }
}

async function createTemplate(maintenanceUrl: string): Promise<void> {
  const client = new Client({ connectionString: maintenanceUrl });
  await client.connect();
  await client.query(`create database ${TEMPLATE}`);
  const templateUrl = new URL(maintenanceUrl);
  templateUrl.pathname = `/${TEMPLATE}`;
  await migrate(templateUrl.href);
  // Postgres copies only a database that nobody is connected to; this keeps everybody out.
  await client.query(`alter database ${TEMPLATE} with is_template true allow_connections false`);
  await client.end();
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await startTemporaryPostgres();
  try {
    await createTemplate(postgres.url);
  } catch (error) {
    await postgres[Symbol.asyncDispose]();
    throw error;
  }
  project.provide("postgresUrl", postgres.url);
  project.provide("templateDatabase", TEMPLATE);
  return () => postgres[Symbol.asyncDispose]();
}
