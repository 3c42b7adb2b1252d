// What a person without a mouse does: lists, their menus and dialogs, and the settings, by keys alone in the real browser.
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tabTo } from "#test/support/keyboard.ts";
import { type ListPages, startListPages } from "#test/support/list-pages.ts";
import { hasFocus, violationsOn } from "#test/support/page-look.ts";

let open: ListPages["open"];
let pages: ListPages | undefined;

beforeAll(async () => {
  pages = await startListPages(60);
  ({ open } = pages);
});
afterAll(() => pages?.[Symbol.asyncDispose]());

const rowAt = (page: Page, index: number) => page.getByRole("grid").locator(`[data-index='${index}']`);
const params = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams);
const press = async (page: Page, ...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};
const gone = (what: Locator) => what.waitFor({ state: "detached" });
const heading = (page: Page, name: string) => page.getByRole("heading", { name, level: 1 }).waitFor();

test("every list is walked, chosen from, opened and left, and Esc goes back one layer at a time", async () => {
  const { page, problems } = await open("/events");
  for (const [key, title] of [
    ["r", "Requests"],
    ["e", "Events"],
  ] as const) {
    await press(page, "g", key);
    await heading(page, title);
    await rowAt(page, 0).waitFor();
    await press(page, "j", "j", "x", "j", "Shift+X");
    await page.getByText("2 selected").waitFor();
    await press(page, "Enter");
    const panel = page.getByRole("complementary");
    await panel.waitFor();
    // The menu of filters lies over the panel, the panel over the selection.
    await press(page, "/");
    const menu = page.getByRole("menu");
    await menu.waitFor();
    await press(page, "Escape");
    await gone(menu);
    await page.getByText("2 selected").waitFor();
    expect(await panel.isVisible()).toBe(true);
    await press(page, "Escape");
    await gone(panel);
    await press(page, "Escape");
    await gone(page.getByText("2 selected"));
    await expect.poll(() => params(page)).toEqual({});
  }
  await page.getByRole("link", { name: "Attempts" }).press("Enter");
  await heading(page, "Attempts");
  await rowAt(page, 0).waitFor();
  await press(page, "j", "j", "k", "Enter");
  await page.getByRole("complementary").waitFor();
  await expect.poll(() => hasFocus(rowAt(page, 0))).toBe(true);
  await press(page, "Escape");
  await expect.poll(() => params(page)).toEqual({});
  expect(problems).toEqual([]);
});

test("the columns of a list are chosen, stand in the address, and are there the next time without it", async () => {
  const { page, problems } = await open("/events");
  const heads = () => page.getByRole("columnheader").allTextContents();
  const usual = await heads();
  const columns = page.getByRole("button", { name: "Columns" });
  await columns.press("Enter");
  const item = (name: string) => page.getByRole("menuitemcheckbox", { name, exact: true });
  await item("Destination").waitFor();
  expect(await violationsOn(page, "[role='menu']")).toEqual([]);
  await item("Destination").press("Enter");
  await item("Tries").press(" ");
  await expect.poll(() => params(page).columns).toBe("state,event,connection,destination,answer,age");
  await press(page, "Escape");
  await gone(page.getByRole("menu"));
  await expect.poll(() => hasFocus(columns)).toBe(true);
  const chosen = usual.toSpliced(usual.indexOf("Tries"), 1, "Destination");
  expect(await heads()).toEqual(chosen);

  await press(page, "g", "r");
  await heading(page, "Requests");
  await press(page, "g", "e");
  await heading(page, "Events");
  await expect.poll(heads).toEqual(chosen);
  await page.reload();
  await rowAt(page, 0).waitFor();
  // The numbers over the list have a table of their own, which may come after it.
  await expect.poll(async () => [await heads(), params(page)]).toEqual([chosen, {}]);
  await columns.press("Enter");
  await page.getByRole("menuitem", { name: "The usual columns" }).press("Enter");
  await expect.poll(heads).toEqual(usual);
  expect(problems).toEqual([]);
});

test("a key on a menu whose code is still to come opens it when it has come, and the focus is in it", async () => {
  const { page, problems } = await open("/events");
  const html = await (await page.request.get(page.url())).text();
  const gate = Promise.withResolvers<void>();
  await page.route("**/_next/static/**", async (route) => {
    const name = new URL(route.request().url()).pathname.split("/").at(-1);
    if (!name || !html.includes(name)) await gate.promise;
    await route.continue();
  });
  const isAsked = page.waitForRequest((request) => !html.includes(request.url().split("/").at(-1) ?? ""));
  await page.reload();
  await isAsked;
  await rowAt(page, 0).waitFor();
  const columns = page.getByRole("button", { name: "Columns" });
  await columns.press("ArrowDown");
  expect(await hasFocus(columns)).toBe(true);
  gate.resolve();
  await page.getByRole("menuitemcheckbox").first().waitFor();
  await press(page, "ArrowDown", "Escape");
  await gone(page.getByRole("menu"));
  await expect.poll(() => hasFocus(columns)).toBe(true);
  expect(problems).toEqual([]);
});

test("what came twice is one press away, alone and with its count", async () => {
  const { page, problems } = await open("/requests");
  const chip = (name: string) => page.getByRole("button", { name: new RegExp(`^${name}`) });
  await chip("No connection 0").waitFor();
  await chip("Rejected").press("Enter");
  await expect.poll(() => params(page)).toEqual({ status: "rejected" });
  await chip("Duplicate").press("Enter");
  await expect.poll(() => params(page)).toEqual({ duplicate: "true" });
  await page.getByRole("button", { name: "Duplicate", pressed: true }).press("Enter");
  await expect.poll(() => params(page)).toEqual({});
  expect(problems).toEqual([]);
});

test("the palette, the list of keys and the pages answer from anywhere; the settings are reached, filled in and left", async () => {
  const { page, problems } = await open("/requests");
  await press(page, "?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await press(page, "Escape");
  await gone(page.getByRole("dialog"));
  for (const [key, title] of [
    ["m", "Metrics"],
    ["c", "Connections"],
    ["o", "Overview"],
    ["s", "Settings"],
  ] as const) {
    await press(page, "g", key);
    await heading(page, title);
  }
  await tabTo(page, page.getByRole("link", { name: "API keys" }));
  await press(page, "Enter");
  await page.getByRole("heading", { name: "API keys", level: 2 }).waitFor();
  const make = page.getByRole("button", { name: "New key" });
  await tabTo(page, make);
  await press(page, "Enter");
  const form = page.getByRole("form", { name: "New key" });
  await expect.poll(() => hasFocus(form.getByLabel("Name", { exact: true }))).toBe(true);
  await page.keyboard.type("by-hand");
  await press(page, "Enter");
  await page.getByRole("region", { name: "Shown once" }).waitFor();
  const more = page.getByRole("button", { name: "More about by-hand" });
  await more.press("Enter");
  await page.getByRole("menuitem", { name: "Revoke…" }).press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  await press(page, "Escape");
  await gone(dialog);
  await expect.poll(() => hasFocus(more)).toBe(true);

  await tabTo(page, page.getByRole("link", { name: "Audit log" }));
  await press(page, "Enter");
  await page.getByRole("heading", { name: "Audit log", level: 2 }).waitFor();
  await page.getByText(/^\d+ entries$/).waitFor();
  await press(page, "j", "j");
  await expect.poll(() => params(page).open).toMatch(/^aud_/);
  await expect.poll(() => page.getByRole("button", { name: "Hide the details" }).count()).toBe(1);
  await press(page, "Escape");
  await expect.poll(() => params(page)).toEqual({});
  expect(problems).toEqual([]);
});
