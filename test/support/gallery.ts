// The gallery of components, built and served as the product serves its pages.
import type { BrowserContextOptions, Page } from "playwright-core";
import { borrowBrowser } from "./browser.ts";
import { createDatabase } from "./database.ts";
import { signInAs } from "./people.ts";
import { NO_GATEWAY, startWebRole } from "./web-role.ts";

export const WIDE = { viewport: { width: 1440, height: 900 } };
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

export interface Gallery {
  databaseUrl: string;
  /** The gallery in a context of its own, when React answers to presses. */
  open(options?: BrowserContextOptions): Promise<{ page: Page; problems: string[] }>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Until React answers to presses, and the code that no page begins with has come: then menus and choices have a state. */
export async function untilComplete(page: Page): Promise<void> {
  for (const sign of ["[data-index]", "[aria-haspopup='menu'][data-state]", "[role='combobox'][data-state]"])
    await page.locator(sign).first().waitFor({ state: "attached" });
}

export async function startGallery(): Promise<Gallery> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await createDatabase());
  const web = stack.use(await startWebRole(database.url, NO_GATEWAY, { SWITCHYARD_GALLERY: "1" }));
  const { storageState } = await signInAs(web.url, database.url, "owner");
  const browser = stack.use(await borrowBrowser());
  const disposal = stack.move();
  return {
    databaseUrl: database.url,
    async open(options = WIDE) {
      const opened = await browser.open(`${web.url}/gallery`, { ...options, storageState });
      await untilComplete(opened.page);
      return opened;
    },
    [Symbol.asyncDispose]: () => disposal.disposeAsync(),
  };
}
