// The dashboard in a real browser over a gateway and a database of its own, with rows of many days.
import type { BrowserContextOptions, Page } from "playwright-core";
import { DEFAULT_TEAM } from "#server/auth/bootstrap.ts";
import type { Ctx } from "#server/auth/ctx.ts";
import { EVERYTHING } from "#server/auth/roles.ts";
import type { Role } from "#server/contracts/capability.ts";
import { makePool } from "#server/database/db.ts";
import { newId } from "#server/ids.ts";
import { makeLog } from "#server/process/log.ts";
import { ensurePartitions } from "#server/retention/partitions.ts";
import { borrowBrowser } from "./browser.ts";
import { createDatabase } from "./database.ts";
import { startGateway } from "./gateway.ts";
import { cookieOf, type SignedIn, signInAs } from "./people.ts";
import { startWebRole } from "./web-role.ts";

const DAY_MS = 86_400_000;

export interface SettingsWorld {
  /** What the product itself may do, for planting. */
  ctx: Ctx;
  dashboardUrl: string;
  /** A page of the settings as a person of this role sees it, when React answers to presses. */
  open(role: Role, section: string, options?: BrowserContextOptions): Promise<{ page: Page; problems: string[] }>;
  /** The header `cookie` of a further session of the person of this role. */
  signInAgain(role: Role): Promise<string>;
  /** Events of days past, finished. */
  plantOld(daysAgo: readonly number[]): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Until a section has its data, and React answers to presses. The page is never idle: it listens for what changes. */
export async function untilItAnswers(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const heading = document.querySelector("main h2");
    const isLoading = document.querySelector("main [role='status'][aria-label='Loading']") !== null;
    return !isLoading && heading !== null && Object.keys(heading).some((key) => key.startsWith("__reactFiber"));
  });
}

export async function startSettingsWorld(): Promise<SettingsWorld> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await createDatabase());
  const log = makeLog("test", "warn");
  const gateway = stack.use(await startGateway({ databaseUrl: database.url, egressAllow: "127.0.0.0/8", log }));
  const web = stack.use(
    await startWebRole(database.url, gateway.env.gatewayPort, { SWITCHYARD_SECRET: gateway.env.secret }),
  );
  const browser = stack.use(await borrowBrowser());
  const people = new Map<Role, SignedIn>();
  const personOf = async (role: Role) => {
    const known = people.get(role) ?? (await signInAs(web.url, database.url, role));
    people.set(role, known);
    return known;
  };
  // Makes the team.
  await personOf("owner");
  const ctx: Ctx = {
    app: gateway.app,
    teamId: DEFAULT_TEAM,
    actor: { kind: "system", id: "test" },
    can: EVERYTHING,
  };
  const disposal = stack.move();
  return {
    ctx,
    dashboardUrl: web.url,
    async open(role, section, options = { viewport: { width: 1440, height: 900 } }) {
      const { storageState } = await personOf(role);
      const opened = await browser.open(`${web.url}/settings/${section}`, { ...options, storageState });
      await untilItAnswers(opened.page);
      return opened;
    },
    signInAgain: async (role) => cookieOf(web.url, (await personOf(role)).person),
    async plantOld(daysAgo) {
      const pool = makePool(database.url, "test", 1);
      await ensurePartitions(pool, Date.now(), Math.ceil(Math.max(...daysAgo)) + 1);
      await pool.end();
      for (const days of daysAgo) {
        const at = new Date(Date.now() - days * DAY_MS);
        const base = { team_id: DEFAULT_TEAM, created_at: at, source_id: "s" };
        const event = { id: newId("event", at.getTime()), request_id: newId("request", at.getTime()) };
        const branch = { connection_id: "c", destination_id: "d", status: "FAILED", trigger: "INITIAL", why: [] };
        await gateway.app.db.event.create({ data: { ...base, ...branch, ...event } });
        const request = { status: "accepted", verified: false, method: "POST", path: "/", query: "", headers: [] };
        const body = { body: Buffer.from("{}"), body_bytes: 2, remote_ip: "127.0.0.1" };
        await gateway.app.db.request.create({ data: { ...base, ...request, ...body, id: event.request_id } });
      }
    },
    [Symbol.asyncDispose]: () => disposal.disposeAsync(),
  };
}
