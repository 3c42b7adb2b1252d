// Connections and destinations are edited beside the graph: nothing is overwritten unseen, and what is deleted is said in numbers.
import type { BrowserContextOptions, Locator } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pauseConnection } from "#server/resources/connections.ts";
import { getDestination } from "#server/resources/destinations.ts";
import { insertFailedEvents } from "#test/support/failed-events.ts";
import { PHONE, WIDE } from "#test/support/gallery.ts";
import { tabTo } from "#test/support/keyboard.ts";
import { scrollsSideways, violationsOn } from "#test/support/page-look.ts";
import { type PageWorld, startPageWorld } from "#test/support/page-world.ts";
import type { SignedIn } from "#test/support/people.ts";
import type { World } from "#test/support/world.ts";

let on: PageWorld;
let world: World;
let owner: SignedIn;

beforeAll(async () => {
  on = await startPageWorld();
  ({ world } = on);
  owner = await on.signIn("owner");
});
afterAll(() => on?.[Symbol.asyncDispose]());

let made = 0;
/** Two sources that share a destination, one of them with 14 failed events. */
async function fanIn() {
  const name = `orders-${++made}`;
  const config = { url: "https://orders.example/hooks", rate_limit: 120, rate_limit_period: "minute" as const };
  const first = await world.connect({ name, source: { name }, destination: { name, config } });
  await world.connect({
    name: `${name}-too`,
    source: { name: `${name}-too` },
    destination_id: first.destination_id,
  });
  await insertFailedEvents(world.pool, first, 14);
  return { name, connection: first, destinationId: first.destination_id };
}

async function open(path: string, as: SignedIn = on.person, look: BrowserContextOptions = WIDE) {
  const opened = await on.open(`/connections?${path}`, look, as);
  const drawer = opened.page.getByRole("dialog");
  await drawer
    .getByRole(path.startsWith("new=") ? "textbox" : "tablist")
    .first()
    .waitFor();
  return { ...opened, drawer };
}
const save = (drawer: Locator) => drawer.getByRole("button", { name: "Save", exact: true });
const saved = (drawer: Locator) => drawer.getByText("Nothing changed.").waitFor();

test("of two people who change one destination the second is told who and what, and nothing is overwritten", async () => {
  const { destinationId } = await fanIn();
  const first = await open(`panel=${destinationId}&tab=pace`, owner);
  const second = await open(`panel=${destinationId}&tab=pace`);
  const limit = (drawer: Locator) => drawer.getByRole("textbox", { name: "Rate limit" });

  await limit(second.drawer).fill("240");
  await second.drawer.getByRole("tab", { name: "Settings" }).click();
  await second.drawer.getByRole("textbox", { name: "Description" }).fill("mine");
  // What was typed outlives a reload.
  await second.page.reload();
  await expect.poll(() => second.drawer.getByRole("textbox", { name: "Description" }).inputValue()).toBe("mine");

  await limit(first.drawer).fill("60");
  await first.drawer
    .getByText("At most 60 a minute, shared by 2 connections, and never more than 25 at once.")
    .waitFor();
  await save(first.drawer).click();
  await saved(first.drawer);

  await save(second.drawer).click();
  const panel = second.drawer.getByRole("alert", { name: "Changed meanwhile" });
  await panel.waitFor();
  expect(await panel.textContent()).toContain(`${owner.person.email} changed Rate limit`);
  expect(await panel.textContent()).toContain("Theirs60Mine240");
  expect(await violationsOn(second.page, "[role=dialog]")).toEqual([]);
  const ctx = world.ctx;
  expect(await getDestination(ctx, { id: destinationId })).toMatchObject({
    description: null,
    config: { rate_limit: 60 },
  });

  const choice = panel.getByRole("radiogroup", { name: "Rate limit: theirs or mine" });
  await choice.getByRole("radio", { name: "Theirs" }).click();
  await panel.getByRole("button", { name: "Save as chosen" }).click();
  await saved(second.drawer);
  expect(await getDestination(ctx, { id: destinationId })).toMatchObject({
    description: "mine",
    config: { rate_limit: 60 },
  });
  expect([...first.problems, ...second.problems]).toEqual([expect.stringContaining("409")]);
});

test("a wrong value is said at its field, what was typed stays, and the keyboard alone mends it", async () => {
  const { destinationId } = await fanIn();
  const { page, drawer, problems } = await open(`panel=${destinationId}`);
  const url = drawer.getByRole("textbox", { name: "URL" });
  await tabTo(page, url);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("ftp://orders.example");
  await page.keyboard.press("ControlOrMeta+s");
  await expect.poll(() => url.getAttribute("aria-invalid")).toBe("true");
  expect(await url.inputValue()).toBe("ftp://orders.example");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("https://orders.example/v2");
  await page.keyboard.press("ControlOrMeta+s");
  await saved(drawer);
  await drawer.getByRole("tab", { name: "Settings" }).focus();
  await page.keyboard.press("?");
  const keys = page.getByRole("dialog", { name: "Keys" });
  await keys.getByText("Save what is changed in the drawer").waitFor();
  await page.keyboard.press("Escape");
  await keys.waitFor({ state: "hidden" });
  await page.keyboard.press("Escape");
  await drawer.waitFor({ state: "hidden" });
  expect(new URL(page.url()).searchParams.get("panel")).toBeNull();
  expect(problems).toEqual([expect.stringContaining("422")]);
});

test("what was typed goes with whoever typed it", async () => {
  const { destinationId } = await fanIn();
  // A session of its own, as it ends.
  const leaving = await on.signIn("member");
  const { page, drawer } = await open(`panel=${destinationId}`, leaving);
  await drawer.getByRole("textbox", { name: "Description" }).fill("half a thought");
  await drawer.getByRole("button", { name: "Discard" }).waitFor();
  expect(await page.evaluate(() => JSON.stringify(sessionStorage))).toContain("half a thought");
  await page.getByRole("button", { name: leaving.person.email }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL("**/sign-in");
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
});

test("Undo takes a switch back, and says why when somebody else was there since", async () => {
  const { connection } = await fanIn();
  const { page, drawer } = await open(`panel=${connection.id}`);
  await drawer.getByRole("button", { name: "Replay 14 failed" }).waitFor();
  await drawer.getByRole("button", { name: "Pause", exact: true }).click();
  const undo = page.getByRole("button", { name: "Undo" });
  await undo.click();
  await drawer.getByRole("button", { name: "Pause", exact: true }).waitFor();
  await drawer.getByRole("switch", { name: "Enabled" }).click();
  await page.getByText("is disabled. New requests are ignored.").first().waitFor();
  await pauseConnection(world.ctx, { id: connection.id });
  await undo.last().click();
  await page
    .getByText(/not as you read it any more: the product itself paused it/)
    .first()
    .waitFor();
  await drawer.getByText("Disabled", { exact: true }).waitFor();
});

test("deleting says in numbers what goes, asks for the name, and is done by keyboard", async () => {
  const { name, connection } = await fanIn();
  const { page, drawer } = await open(`panel=${connection.id}`);
  const ask = drawer.getByRole("button", { name: "Delete…" });
  await tabTo(page, ask);
  await page.keyboard.press("Enter");
  const question = page.getByRole("dialog", { name: `Delete ${name}?` });
  await question.getByText("14 failed in 24 h can no longer be replayed.").waitFor();
  const confirm = question.getByRole("button", { name: "Delete the connection" });
  expect(await confirm.isDisabled()).toBe(true);
  await page.keyboard.type(name);
  await page.keyboard.press("Enter");
  await page.getByText(`${name} is deleted.`).first().waitFor();
  await drawer.waitFor({ state: "hidden" });
  expect(await world.all("select 1 from connection where id = $1", [connection.id])).toEqual([]);
});

test("a connection is made with both its ends in one form", async () => {
  const { page, drawer, problems } = await open("new=connection");
  for (const end of ["source", "destination"]) {
    await drawer.getByRole("combobox", { name: end === "source" ? "Source" : "Destination" }).click();
    await page.getByRole("option", { name: `A new ${end}` }).click();
    await drawer.getByRole("textbox", { name: `Name of the ${end}` }).fill(`inline-${end}`);
  }
  await drawer.getByRole("radio", { name: /MOCK/ }).check();
  await drawer.getByRole("button", { name: "Make the connection" }).click();
  await drawer.getByRole("heading", { name: "inline-source-to-inline-destination" }).waitFor();
  expect(new URL(page.url()).searchParams.get("panel")).toMatch(/^web_/);
  expect(problems).toEqual([]);
});

test("lists of ends that come late leave the focus of a new connection where the person has gone", async () => {
  const { page, problems } = await on.open("/connections", WIDE, on.person);
  const gate = Promise.withResolvers<void>();
  await page.route("**/_next/static/**/*.js", async (route) => {
    const response = await route.fetch();
    if ((await response.text()).includes("PopoverTrigger")) await gate.promise;
    await route.fulfill({ response });
  });
  await page.goto(`${on.web.url}/connections?new=connection`, { waitUntil: "commit" });
  const drawer = page.getByRole("dialog");
  const source = drawer.getByRole("combobox", { name: "Source" });
  await source.and(page.locator(":focus")).waitFor();
  const name = drawer.getByRole("textbox", { name: "Name" });
  await name.focus();
  gate.resolve();
  await source.and(page.locator("[data-state]")).waitFor();
  expect(await name.evaluate((input) => input === document.activeElement)).toBe(true);
  expect(problems).toEqual([]);
});

test("drawers have nothing that axe finds, in both themes, beside the page and as a page", async () => {
  const { name, connection, destinationId } = await fanIn();
  for (const [look, colorScheme] of [
    [WIDE, "light"],
    [PHONE, "dark"],
  ] as const) {
    const { page, drawer, problems } = await open(`panel=${connection.id}`, on.person, { ...look, colorScheme });
    const judge = async (what: string) => {
      expect(await violationsOn(page, "[role=dialog]"), `${what} ${colorScheme}`).toEqual([]);
      expect(await scrollsSideways(page), what).toBe(false);
    };
    await judge("connection");
    await drawer.getByRole("tab", { name: "Activity" }).click();
    await judge("activity of the connection");
    // The way from one drawer to the next keeps it open.
    await drawer.getByRole("button", { name }).last().click();
    await drawer.getByRole("tab", { name: "Pace and order" }).waitFor();
    expect(new URL(page.url()).searchParams.get("panel")).toBe(destinationId);
    await judge("destination");
    for (const tab of ["Pace and order", "Activity"]) {
      await drawer.getByRole("tab", { name: tab }).click();
      await judge(tab);
    }
    await page.goto(`${on.web.url}/connections?new=connection`);
    await drawer.getByRole("button", { name: "Make the connection" }).waitFor();
    await judge("new connection");
    expect(problems).toEqual([]);
    await page.close();
  }
});
