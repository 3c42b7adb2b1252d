// The dashboard over the rows of list-rows.ts, in the real browser, with its owner signed in.
import type { BrowserContextOptions, Page } from "playwright-core";
import { migrate } from "#server/database/migrate.ts";
import { buildDashboard } from "#server/start/build.ts";
import { launchBrowser } from "./browser.ts";
import { startTemporaryPostgres } from "./embedded.ts";
import { WIDE } from "./gallery.ts";
import { insertListRows, type ListRows, openListRows } from "./list-rows.ts";
import { signInAs } from "./people.ts";
import { startWebRole } from "./web-role.ts";

export interface ListPages {
  rows: ListRows;
  /** A page in a context of its own, when it shows rows or says that it has none. */
  open(path: string, options?: BrowserContextOptions): Promise<{ page: Page; problems: string[] }>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startListPages(count: number): Promise<ListPages> {
  await using stack = new AsyncDisposableStack();
  await buildDashboard(() => {});
  const postgres = stack.use(await startTemporaryPostgres());
  await migrate(postgres.url);
  const now = new Date();
  const rows = stack.use(await openListRows(postgres.url, now));
  await insertListRows(rows, now, count);
  const web = stack.use(await startWebRole(postgres.url, 1));
  const browser = stack.use(await launchBrowser());
  const { storageState } = await signInAs(web.url, postgres.url, "owner");
  const disposal = stack.move();
  return {
    rows,
    async open(path, options = WIDE) {
      const opened = await browser.open(web.url + path, { ...options, storageState });
      // Rows are drawn in the browser alone: when there are some, the page answers to presses.
      await opened.page.locator("main [data-index], main h2, main [role='status']").first().waitFor();
      return opened;
    },
    [Symbol.asyncDispose]: () => disposal.disposeAsync(),
  };
}
