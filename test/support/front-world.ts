// The dashboard's port over a world of its own, in this process, and a page of it that calls: what tests of people begin with.
import type { RoleEnv } from "#server/env.ts";
import { startFront } from "./front.ts";
import { pageAt } from "./person-calls.ts";
import { createWorld, type World } from "./world.ts";

export type FrontWorld = Awaited<ReturnType<typeof startFrontWorld>>;

/** @param providerOf the company's own log-in, for a world */
export async function startFrontWorld(providerOf?: (world: World) => Promise<RoleEnv["loginProvider"]>) {
  await using stack = new AsyncDisposableStack();
  const world = stack.use(await createWorld());
  const loginProvider = await providerOf?.(world);
  const front = stack.use(
    await startFront("http://127.0.0.1:1", { app: world.ctx.app, ...(loginProvider && { loginProvider }) }),
  );
  const disposal = stack.move();
  return {
    world,
    front,
    page: pageAt(front.url),
    /** Forgets the guesses of before, and keeps which challenges were used. */
    forgetTries: () => world.all("delete from sign_in_try where key not like 'challenge:%'"),
    [Symbol.asyncDispose]: () => disposal.disposeAsync(),
  };
}
