// The first two minutes of a team: the demo in its own instance, loaded and gone again, and the way from nothing to a first
// delivered webhook on one page.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WIDE } from "#test/support/gallery.ts";
import { tabTo } from "#test/support/keyboard.ts";
import { layoutShiftOf, scrollsSideways, violationsInBothThemes, violationsOn } from "#test/support/page-look.ts";
import { type PageWorld, startPageWorld } from "#test/support/page-world.ts";
import type { World } from "#test/support/world.ts";

let on: PageWorld;
let world: World;

beforeAll(async () => {
  on = await startPageWorld({ withGateway: true });
  ({ world } = on);
});
afterAll(() => on?.[Symbol.asyncDispose]());

const open = (colorScheme: "light" | "dark", path = "/") => on.open(path, { ...WIDE, colorScheme });

const OF_TRAFFIC = ["source", "destination", "connection", "transformation", "request", "event", "ignored_event"];
const MORE = ["attempt", "rollup_minute", "branch_count", "provider_event", "dedupe_key", "bulk_operation", "demo"];
const rowCounts = () => {
  const counts = [...OF_TRAFFIC, ...MORE].map((table) => `(select count(*) from ${table})::int as ${table}`);
  return world.all(`select ${counts.join(", ")}`).then(([row]) => row);
};

test("whoever may only look is offered no step that would be refused, and a member not the demo", async () => {
  const openAs = async (role: "viewer" | "member") => (await on.open("/", WIDE, await on.signIn(role))).page;
  const viewers = await openAs("viewer");
  await viewers.getByRole("heading", { name: "Nothing is connected yet" }).waitFor();
  expect(await viewers.getByRole("button", { name: /^(Make a source|Load the demo)$/ }).count()).toBe(0);
  const members = await openAs("member");
  await members.getByRole("button", { name: "Make a source" }).waitFor();
  expect(await members.getByRole("button", { name: "Load the demo" }).count()).toBe(0);
});

/** Walks to the button by Tab, and presses it. */
async function pressByKeys(page: Page, name: string): Promise<void> {
  await tabTo(page, page.getByRole("button", { name, exact: true }));
  await page.keyboard.press("Enter");
}

test("the demo is loaded by one press, seen live, and gone after one more, by keys alone", async () => {
  const before = await rowCounts();
  const { page, problems } = await open("dark");
  await page.getByRole("heading", { name: "Three steps to the first webhook" }).waitFor();
  await pressByKeys(page, "Load the demo");
  await page.getByText(/^The demo sends 3 signed webhooks a second until/).waitFor();
  const tail = page.getByRole("table");
  await tail.getByText("invoice.paid").or(tail.getByText("orders/paid")).or(tail.getByText("push")).first().waitFor();
  expect(await violationsOn(page)).toEqual([]);
  await pressByKeys(page, "Remove the demo");
  await page.getByText("The demo is being removed").waitFor();
  // It takes as long as a door may still know the sources.
  await Promise.all([page.getByText("The demo is gone.").first().waitFor(), readTheDocs()]);
  await page.getByRole("heading", { name: "Three steps to the first webhook" }).waitFor();
  expect(await rowCounts()).toEqual(before);
  expect(problems).toEqual([]);
});

/** Of a team that has nothing. */
async function readTheDocs(): Promise<void> {
  const { page, problems } = await open("dark", "/docs");
  await page.getByRole("heading", { name: "The first webhook" }).waitFor();
  expect(await violationsOn(page)).toEqual([]);
  await page.keyboard.press("/");
  await page.getByPlaceholder("Find in the docs").fill("rotate secret");
  const hit = page.getByRole("option", { name: /Rotate a secret/ });
  await hit.waitFor();
  expect(await violationsOn(page, "[role='dialog']")).toEqual([]);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/docs\/sources#rotate-a-secret$/);

  await page.goto(`${new URL(page.url()).origin}/docs/signing`);
  const python = page.getByRole("radio", { name: "Python" }).first();
  await python.click();
  await page.reload();
  await expect.poll(() => python.getAttribute("aria-checked")).toBe("true");
  expect(await violationsInBothThemes(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await scrollsSideways(page)).toBe(false);
  expect(problems).toEqual([]);
  await page.context().close();
}

test("an empty team gets to its first delivered webhook without leaving the page or touching a mouse", async () => {
  const startedAt = Date.now();
  const { page, problems } = await open("light");
  await page.getByRole("heading", { name: "Three steps to the first webhook" }).waitFor();
  await pressByKeys(page, "Stripe");
  await page.getByText("Yours is ready:").waitFor();
  const command = page.locator("pre");
  await command.getByText("curl").waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);

  // As it stands there, into a shell.
  await promisify(execFile)("bash", ["-c", (await command.textContent()) ?? ""]);
  await page.getByText("Verified").waitFor();
  await pressByKeys(page, "Connect and deliver it");
  await page.getByText("Your first webhook was delivered.").waitFor();

  expect(Date.now() - startedAt).toBeLessThan(120_000);
  expect(new URL(page.url()).pathname).toBe("/");
  expect(await violationsInBothThemes(page)).toEqual([]);
  expect(await layoutShiftOf(page)).toBeLessThan(0.02);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await scrollsSideways(page)).toBe(false);
  await page.getByRole("button", { name: "Show the overview" }).click();
  await page.getByRole("heading", { name: "Live tail" }).waitFor();
  expect(problems).toEqual([]);
});

test("the docs open by F1 for what is on the page, and are filled with the team's own ids", async () => {
  const { page, problems } = await open("light", "/events");
  await page.getByRole("heading", { name: "Events" }).waitFor();
  // The heading is there before the page hears keys.
  const path = () => new URL(page.url()).pathname;
  const pressed = async () => {
    // Once it is there, the key would lead on from there.
    if (path() === "/events") await page.keyboard.press("F1");
    return path();
  };
  await expect.poll(pressed, { timeout: 15_000, interval: 500 }).toBe("/docs/replay");
  const [connection] = await world.all<{ id: string }>("select id from connection");
  await page.getByText(`"connection_id": "${connection?.id}"`).first().waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await scrollsSideways(page)).toBe(false);
  expect(problems).toEqual([]);
});
