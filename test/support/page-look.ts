// What a page in the real browser looks like to a person.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "playwright-core";

const nearBuilder = createRequire(createRequire(import.meta.url).resolve("@axe-core/playwright"));
const AXE = readFileSync(nearBuilder.resolve("axe-core/axe.min.js"), "utf8");
/** In place of axe for the builder, which brings 1.3 MB of it into the page twice for each look. No page of ours has frames. */
const AXE_IS_THERE = "void 0";

/** One line per rule of axe that the page breaks, with the elements that break it. `within`: the layer that is open on top. */
export async function violationsOn(page: Page, within = "html", rules?: readonly string[]): Promise<string[]> {
  // Axe judges no colour on its way: what slides in is there at once.
  await page.emulateMedia({ reducedMotion: "reduce" });
  // The same rules in a fifth of the time: of what passes nothing is described, and the results need no page of their own.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  const axe = new AxeBuilder({ page, axeSource: AXE_IS_THERE })
    .options({ resultTypes: ["violations"] })
    .setLegacyMode();
  if (rules) axe.withRules([...rules]);
  const { violations } = await axe.include(within).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`);
}

/**
 * {@link violationsOn} in light and in dark: the page goes from one to the other as when the machine does. A theme changes
 * colours alone (app/tokens.css), so in dark only the rules about colours are asked again.
 */
export async function violationsInBothThemes(page: Page, within?: string): Promise<string[]> {
  const found: string[] = [];
  for (const [colorScheme, rules] of [
    ["light", undefined],
    ["dark", ["color-contrast", "link-in-text-block"]],
  ] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    found.push(...(await violationsOn(page, within, rules)).map((violation) => `${colorScheme}: ${violation}`));
  }
  return found;
}

/** Another page in the same tab, after a look in both themes. A tab of its own would fetch and compile all code anew. */
export async function goOn(page: Page, url: string): Promise<void> {
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  await page.goto(url);
}

/** Of each page that the tab goes to from now on everything is fetched, as by somebody who comes for the first time. */
export async function fetchAnew(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.setCacheDisabled", { cacheDisabled: true });
}

/** What the page has taken out of the browser's cache. */
export const cachedOn = (page: Page) =>
  page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .filter((entry) => "deliveryType" in entry && entry.deliveryType === "cache")
      .map(({ name }) => name),
  );

export const scrollsSideways = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);

// In whole pixels: what slides in is a fraction narrower on its way.
export const heightOf = async (what: Locator) => Math.round((await what.boundingBox())?.height ?? 0);
export const widthOf = async (what: Locator) => Math.round((await what.boundingBox())?.width ?? 0);

export const backgroundOf = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

export const hasFocus = (what: Locator) => what.evaluate((element) => element === document.activeElement);

/** The sum of the shifts since the page was opened that no press caused, as browsers measure them. */
export const layoutShiftOf = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let sum = 0;
        type Shift = PerformanceEntry & { value: number; hadRecentInput: boolean };
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries() as Shift[]) if (!entry.hadRecentInput) sum += entry.value;
        }).observe({ type: "layout-shift", buffered: true });
        // What was buffered is handed over before the next frame but one.
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
      }),
  );
