// One Postgres for all files of a run; each file clones the migrated template, so files run in parallel. And a stopped cluster
// with a migrated database, which tests copy that want a server of their own.
import { Client } from "pg";
import type { TestProject } from "vitest/node";
import { migrate } from "#server/database/migrate.ts";
import { copyStoppedCluster, startTemporaryPostgres, type TemporaryPostgres } from "./embedded.ts";

const TEMPLATE = "switchyard_template";

declare module "vitest" {
  export interface ProvidedContext {
    /** Connects to the maintenance database of the shared test server. */
    postgresUrl: string;
    /** Name of the migrated database to clone. */
    templateDatabase: string;
    /** Directory of a stopped cluster whose database is migrated, and whose log has no reserve. */
    migratedCluster: string;
  }
}

async function createTemplate(url: string): Promise<void> {
  const maintenance = new URL(url);
  maintenance.pathname = "/postgres";
  const client = new Client({ connectionString: maintenance.href });
  await client.connect();
  await client.query(`create database ${TEMPLATE} template switchyard`);
  // Postgres copies only a database that nobody is connected to; this keeps everybody out.
  await client.query(`alter database ${TEMPLATE} with is_template true allow_connections false`);
  await client.end();
}

/** Migrates once for both, and resolves to the directory of the stopped cluster. */
async function prepare(stack: AsyncDisposableStack, postgres: TemporaryPostgres): Promise<string> {
  await migrate(postgres.url);
  await postgres.stop();
  const stopped = `${postgres.clusterDir}.migrated`;
  await copyStoppedCluster(postgres.clusterDir, stopped);
  const running = await postgres.restart();
  stack.defer(() => running.stop());
  await createTemplate(postgres.url);
  return stopped;
}

export async function setup(project: TestProject): Promise<undefined | (() => Promise<void>)> {
  // Projects of one run share what the first of them has made.
  if ("postgresUrl" in project.getProvidedContext()) return undefined;
  await using stack = new AsyncDisposableStack();
  const postgres = stack.use(await startTemporaryPostgres());
  const { vitest } = project;
  vitest.provide("migratedCluster", await prepare(stack, postgres));
  vitest.provide("postgresUrl", postgres.url);
  vitest.provide("templateDatabase", TEMPLATE);
  const disposal = stack.move();
  return () => disposal.disposeAsync();
}
