// The dashboard over the rows of list-rows.ts, in the real browser, with its owner signed in.
import type { BrowserContextOptions, Page } from "playwright-core";
import { borrowBrowser } from "./browser.ts";
import { createDatabase } from "./database.ts";
import { WIDE } from "./gallery.ts";
import { insertListRows, type ListRows, openListRows } from "./list-rows.ts";
import { signInAs } from "./people.ts";
import { NO_GATEWAY, startWebRole } from "./web-role.ts";

export interface ListPages {
  rows: ListRows;
  /** A page in a context of its own, when it shows rows or says that it has none. */
  open(path: string, options?: BrowserContextOptions): Promise<{ page: Page; problems: string[] }>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startListPages(count: number): Promise<ListPages> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await createDatabase());
  const now = new Date();
  const rows = stack.use(await openListRows(database.url, now));
  await insertListRows(rows, now, count);
  const web = stack.use(await startWebRole(database.url, NO_GATEWAY));
  const browser = stack.use(await borrowBrowser());
  const { storageState } = await signInAs(web.url, database.url, "owner");
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
