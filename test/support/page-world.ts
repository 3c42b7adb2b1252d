// A world with a dashboard before it, a real browser, and people who are signed in: what most tests of pages begin with.
import type { BrowserContextOptions } from "playwright-core";
import type { Role } from "#server/contracts/capability.ts";
import { borrowBrowser } from "./browser.ts";
import { createDatabase } from "./database.ts";
import { WIDE } from "./gallery.ts";
import { TEST_SECRET } from "./gateway.ts";
import { type SignedIn, signInAs } from "./people.ts";
import { NO_GATEWAY, startWebRole } from "./web-role.ts";
import { createWorld } from "./world.ts";

export type PageWorld = Awaited<ReturnType<typeof startPageWorld>>;

interface PageWorldOptions extends Omit<NonNullable<Parameters<typeof createWorld>[0]>, "databaseUrl"> {
  /** Who opens pages where the test names nobody. */
  role?: Role;
  /** Whether the dashboard reaches the world's gateway, and shows its address; else it reaches none. */
  withGateway?: boolean;
}

export async function startPageWorld({ role = "admin", withGateway = false, ...options }: PageWorldOptions = {}) {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await createDatabase());
  const worldComing = createWorld({ ...options, databaseUrl: database.url });
  const webOf = (gatewayPort: number, env = {}) =>
    startWebRole(database.url, gatewayPort, { SWITCHYARD_SECRET: TEST_SECRET, ...env });
  const webComing = withGateway
    ? worldComing.then(({ env, doorUrl }) => webOf(env.gatewayPort, { PUBLIC_GATEWAY_URL: doorUrl }))
    : webOf(NO_GATEWAY);
  // Whichever has started is disposed of where the other has not.
  for (const started of await Promise.allSettled([worldComing, webComing]))
    if (started.status === "fulfilled") stack.use(started.value);
  const [world, web] = await Promise.all([worldComing, webComing]);
  const signIn = (as: Role) => signInAs(web.url, database.url, as);
  const person = await signIn(role);
  const browser = stack.use(await borrowBrowser());
  const disposal = stack.move();
  return {
    world,
    web,
    browser,
    person,
    /** A further person, of this role. */
    signIn,
    open: (path: string, options: BrowserContextOptions = WIDE, as: Pick<SignedIn, "storageState"> = person) =>
      browser.open(`${web.url}${path}`, { storageState: as.storageState, ...options }),
    [Symbol.asyncDispose]: () => disposal.disposeAsync(),
  };
}
