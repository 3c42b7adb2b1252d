// The product as a run calls it: a gateway and a worker over a Postgres of their own, and somebody who receives.
import { migrate } from "#server/database/migrate.ts";
import { makePrisma } from "#server/database/prisma.ts";
import { startTemporaryPostgres } from "#test/support/embedded.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { startRolesOn } from "#test/support/system.ts";

export async function startProduct() {
  await using stack = new AsyncDisposableStack();
  const postgres = stack.use(await startTemporaryPostgres());
  await migrate(postgres.url);
  const roles = stack.use(await startRolesOn(postgres.url));
  const [gateway, worker] = await Promise.all([roles.startGateway(), roles.startWorker()]);
  const db = makePrisma(postgres.url, 2);
  stack.defer(() => db.$disconnect());
  // Gives back the challenge of an endpoint.
  const receiver = stack.use(await startReceiver((receipt) => ({ body: receipt.body.toString() })));
  const started = stack.move();
  return {
    origin: gateway.url,
    db,
    receiverUrl: receiver.url,
    /** What both have logged. */
    output: () => gateway.output() + worker.output(),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}
