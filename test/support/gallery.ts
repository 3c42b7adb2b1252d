// The gallery of components, built and served as the product serves its pages.
import type { BrowserContextOptions, Page } from "playwright-core";
import { migrate } from "#server/database/migrate.ts";
import { buildDashboard } from "#server/start/build.ts";
import { findFreePort } from "#server/start/free-port.ts";
import { launchBrowser } from "./browser.ts";
import { startTemporaryPostgres } from "./embedded.ts";
import { signInAs } from "./people.ts";
import { startWebRole } from "./web-role.ts";

export const WIDE = { viewport: { width: 1440, height: 900 } };
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

export interface Gallery {
  databaseUrl: string;
  /** The gallery in a context of its own, when React answers to presses. */
  open(options?: BrowserContextOptions): Promise<{ page: Page; problems: string[] }>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startGallery(): Promise<Gallery> {
  await using stack = new AsyncDisposableStack();
  await buildDashboard(() => {});
  const postgres = stack.use(await startTemporaryPostgres());
  await migrate(postgres.url);
  const web = stack.use(await startWebRole(postgres.url, await findFreePort("127.0.0.1"), { SWITCHYARD_GALLERY: "1" }));
  const { storageState } = await signInAs(web.url, postgres.url, "owner");
  const browser = stack.use(await launchBrowser());
  const disposal = stack.move();
  return {
    databaseUrl: postgres.url,
    async open(options = WIDE) {
      const opened = await browser.open(`${web.url}/gallery`, { ...options, storageState });
      await opened.page.getByRole("heading", { name: "Components", level: 1 }).waitFor({ state: "attached" });
      await opened.page.waitForLoadState("networkidle");
      return opened;
    },
    [Symbol.asyncDispose]: () => disposal.disposeAsync(),
  };
}
