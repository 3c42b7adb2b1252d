// What tests of faults begin with: a durable Postgres with a migrated database, and no role yet.
import pg from "pg";
import { inject } from "vitest";
import { startTemporaryPostgres } from "./embedded.ts";
import { makePostgres, startRolesOn } from "./system.ts";

export type System = Awaited<ReturnType<typeof startSystem>>;

/** Postgres and nothing else yet: the test starts the gateways and workers that it needs. All end when it is disposed. */
export async function startSystem() {
  await using stack = new AsyncDisposableStack();
  const postgres = makePostgres(
    stack.use(await startTemporaryPostgres({ isDurable: true, from: inject("migratedCluster") })),
  );
  stack.defer(() => postgres.stop());
  const roles = stack.use(await startRolesOn(postgres.url));
  const pool = new pg.Pool({ connectionString: postgres.url, max: 2 });
  pool.on("error", () => {});
  stack.defer(() => pool.end());
  const disposal = stack.move();
  return {
    postgres,
    pool,
    startWorker: roles.startWorker,
    startGateway: roles.startGateway,
    [Symbol.asyncDispose]: () => disposal.disposeAsync(),
  };
}
