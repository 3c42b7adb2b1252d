// What somebody without a mouse does.
import type { Locator, Page } from "playwright-core";
import { hasFocus } from "./page-look.ts";

const MAX_PRESSES = 60;

/** Presses Tab until the control has the focus. */
export async function tabTo(page: Page, what: Locator): Promise<void> {
  await what.waitFor();
  for (let presses = 0; presses < MAX_PRESSES; presses++) {
    if (await hasFocus(what)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${MAX_PRESSES} presses of Tab do not lead there.`);
}
