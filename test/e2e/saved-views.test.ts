// The views of a list in the real browser, by keys alone.
import type { BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Role } from "#server/contracts/capability.ts";
import { borrowBrowser, type TestBrowser } from "#test/support/browser.ts";
import { createDatabase } from "#test/support/database.ts";
import { PHONE, WIDE } from "#test/support/gallery.ts";
import { scrollsSideways, violationsOn } from "#test/support/page-look.ts";
import { signInAs } from "#test/support/people.ts";
import { untilItAnswers } from "#test/support/settings-world.ts";
import { NO_GATEWAY, startWebRole } from "#test/support/web-role.ts";

const stack = new AsyncDisposableStack();
let databaseUrl: string;
let url: string;
let browser: TestBrowser;

beforeAll(async () => {
  ({ url: databaseUrl } = stack.use(await createDatabase()));
  ({ url } = stack.use(await startWebRole(databaseUrl, NO_GATEWAY)));
  browser = stack.use(await borrowBrowser());
});
afterAll(() => stack.disposeAsync());

async function open(role: Role, path: string, look: BrowserContextOptions = WIDE) {
  const { storageState } = await signInAs(url, databaseUrl, role);
  const opened = await browser.open(url + path, { ...look, storageState });
  await untilItAnswers(opened.page);
  return opened;
}
const params = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams);

test("a view is saved under a name, found again, changed, renamed and deleted, by keys; undo brings it back", async () => {
  const { page, problems } = await open("owner", "/events?status=FAILED");
  const views = page.getByRole("button", { name: "Views of events" });
  const press = async (item: string | RegExp) => {
    await views.press("Enter");
    await page.getByRole("menuitem", { name: item }).press("Enter");
  };
  await press("Save as a new view…");
  const dialog = page.getByRole("dialog", { name: "Save these filters as a view" });
  await dialog.getByLabel("Name").fill("  ");
  await page.keyboard.press("Enter");
  await dialog.getByText("Give the view a name.").waitFor();
  expect(await violationsOn(page)).toEqual([]);
  await dialog.getByLabel("Name").fill("On call");
  await page.keyboard.press("Enter");
  await views.getByText("On call", { exact: true }).waitFor();

  await page.getByRole("button", { name: /^Remove the filter State/ }).click();
  await views.getByText("On call, changed").waitFor();
  await page.goto(`${url}/events`);
  await untilItAnswers(page);
  await press("On call");
  await expect.poll(() => params(page)).toMatchObject({ status: "FAILED", view: expect.stringMatching(/^viw_/) });

  await page.getByRole("button", { name: /^Held/ }).click();
  await press("Save into “On call”");
  await page.getByText("“On call” shows these filters now.", { exact: true }).waitFor();
  await page.getByRole("button", { name: /^Remove the filter State/ }).click();
  await views.getByText("On call, changed").waitFor();
  await press("Rename “On call”…");
  await page.getByRole("dialog", { name: "Rename the view “On call”" }).getByLabel("Name").fill("Held");
  await page.keyboard.press("Enter");
  await views.getByText("Held, changed", { exact: true }).waitFor();
  expect(params(page).status).toBeUndefined();
  await press("Held changed");
  await expect.poll(() => params(page).status).toBe("HOLD");
  await press("Delete “Held”");
  await views.getByText("Views", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Undo" }).last().click();
  await views.press("Enter");
  await page.getByRole("menuitem", { name: "Held", exact: true }).waitFor();
  expect(await violationsOn(page, "[role='menu']")).toEqual([]);
  expect(problems.filter((problem) => !/status of 422/.test(problem))).toEqual([]);
});

test("whoever may not write finds the views of the others, and nothing that writes, on a phone too", async () => {
  const { page, problems } = await open("viewer", "/events?status=FAILED", PHONE);
  await page.getByRole("button", { name: "Views of events" }).press("Enter");
  const held = page.getByRole("menuitem", { name: "Held", exact: true });
  await held.waitFor();
  expect(await page.getByRole("menuitem").count()).toBe(1);
  expect(await violationsOn(page, "[role='menu']")).toEqual([]);
  await held.press("Enter");
  await expect.poll(() => params(page).status).toBe("HOLD");
  expect(await scrollsSideways(page)).toBe(false);
  expect(problems).toEqual([]);
});
