// What people do by hand for a while: pause until a time, hold for maintenance, cancel what matches, look at a copy elsewhere.
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { getConnection, pauseConnection } from "#server/resources/connections.ts";
import { getDestination, updateDestination } from "#server/resources/destinations.ts";
import { makeBranch } from "#test/support/branch.ts";
import { insertFailedEvents } from "#test/support/failed-events.ts";
import { PHONE } from "#test/support/gallery.ts";
import { scrollsSideways, violationsInBothThemes } from "#test/support/page-look.ts";
import { type PageWorld, startPageWorld } from "#test/support/page-world.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { eventually, type World } from "#test/support/world.ts";

let on: PageWorld;
let world: World;
let open: PageWorld["open"];

beforeAll(async () => {
  on = await startPageWorld();
  ({ world, open } = on);
});
afterAll(() => on?.[Symbol.asyncDispose]());

/** What the page says of a time to come: in the last minutes of a day, the end is named with its day ("Fri 00:10"). */
const CLOCK = String.raw`(?:[A-Z][a-z]{2} )?\d\d:\d\d`;
const untilWords = new RegExp(`until ${CLOCK}, in 14 min`);

test("a connection is paused until a time from its card, which says until when, and from its drawer until another", async () => {
  const { id } = await makeBranch(world, {});
  const { name } = await getConnection(world.ctx, { id });
  const { page, problems } = await open("/connections");
  await page.getByRole("button", { name: `More for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Pause until…" }).click();
  const dialog = page.getByRole("dialog", { name: `Pause ${name} until` });
  await dialog.getByText(new RegExp(`It resumes by itself at ${CLOCK}`)).waitFor();
  expect(await violationsInBothThemes(page, "[role='dialog']")).toEqual([]);
  await dialog.getByRole("radio", { name: "Own time" }).click();
  await dialog.getByRole("textbox").fill("2020-01-01 08:00");
  await dialog.getByText("That time has passed: give one to come.").waitFor();
  expect(await dialog.getByRole("button", { name: "Pause", exact: true }).isDisabled()).toBe(true);
  await dialog.getByRole("radio", { name: "15 min" }).click();
  await dialog.getByRole("button", { name: new RegExp(`^Pause until ${CLOCK}$`) }).click();
  await page.getByText(`${name} is paused. It resumes by itself.`, { exact: true }).waitFor();
  const awayMs = Date.parse((await getConnection(world.ctx, { id })).paused_until ?? "") - Date.now();
  expect(Math.abs(awayMs - 15 * 60_000)).toBeLessThan(20_000);
  await page.getByText(new RegExp(`^Paused\\s*until ${CLOCK}$`)).waitFor();
  // The press on the card's menu was no press on the card.
  expect(new URL(page.url()).searchParams.get("panel")).toBeNull();

  await page.goto(`${on.web.url}/connections?view=list&panel=${id}`);
  const drawer = page.getByRole("dialog");
  await drawer.getByText(untilWords).waitFor();
  await drawer.getByRole("button", { name: "Resume at…" }).click();
  const again = page.getByRole("dialog", { name: `Pause ${name} until` });
  await again.getByRole("radio", { name: "1 h" }).click();
  await again.getByRole("button", { name: /^Pause until/ }).click();
  await drawer.getByText(/in (59 min|1 h)/).waitFor();
  await page.keyboard.press("Escape");
  await page
    .getByRole("row", { name: new RegExp(name) })
    .getByText(new RegExp(`until ${CLOCK}`))
    .waitFor();
  expect(problems).toEqual([]);
});

test("a maintenance window is made in the drawer with its next times, refused where it overlaps, and shown while it lasts", async () => {
  const { destinationId } = await makeBranch(world, {});
  const { page, problems } = await open(`/connections?panel=${destinationId}&tab=pace`);
  const drawer = page.getByRole("dialog");
  const section = drawer.getByRole("region", { name: "Maintenance" });
  await section.getByRole("button", { name: "Weekly window" }).click();
  await section.getByRole("textbox", { name: "Time zone of window 1" }).fill("Europe/Berlin");
  await section.getByText("Every Sunday 02:00–04:00 Europe/Berlin").waitFor();
  await expect
    .poll(() => section.getByRole("list", { name: "Next maintenance" }).getByRole("listitem").count())
    .toBe(3);
  await section.getByRole("button", { name: "Weekly window" }).click();
  const save = drawer.getByRole("button", { name: "Save", exact: true });
  await save.click();
  await section.getByRole("alert").filter({ hasText: "It overlaps with another window" }).waitFor();
  expect((await getDestination(world.ctx, { id: destinationId })).config.maintenance_windows).toEqual([]);
  await section.getByRole("button", { name: "Remove window 2" }).click();
  await save.click();
  await drawer.getByText("Nothing changed.").waitFor();
  expect((await getDestination(world.ctx, { id: destinationId })).config.maintenance_windows).toEqual([
    { kind: "weekly", days: ["sun"], start: "02:00", end: "04:00", time_zone: "Europe/Berlin" },
  ]);
  await drawer.getByText(/^Next maintenance /).waitFor();
  expect(await violationsInBothThemes(page, "[role='dialog']")).toEqual([]);
  const minute = (ms: number) => new Date(Date.now() + ms).toISOString();
  const lasting = { kind: "once" as const, from: minute(-60_000), until: minute(14.5 * 60_000) };
  await updateDestination(world.ctx, { id: destinationId, config: { maintenance_windows: [lasting] } });
  await page.keyboard.press("Escape");
  const { name } = await getDestination(world.ctx, { id: destinationId });
  await page
    .getByRole("group", { name: new RegExp(name) })
    .or(page.locator(`[data-id="${destinationId}"]`))
    .first()
    .getByText(untilWords)
    .waitFor();
  expect(problems).toEqual([expect.stringContaining("422")]);
});

test("all events that match are cancelled by their filter, counted first", async () => {
  const branch = await makeBranch(world, {});
  const connection = await getConnection(world.ctx, { id: branch.id });
  await insertFailedEvents(world.pool, connection, 60);
  await pauseConnection(world.ctx, { id: branch.id });
  await world.all("update event set status = 'HOLD', hold_reason = 'connection_paused' where connection_id = $1", [
    branch.id,
  ]);
  const { page, problems } = await open(`/events?status=HOLD&connection_id=${branch.id}`);
  await page.getByText("60 match").waitFor();
  await page.getByRole("checkbox", { name: "Choose all rows" }).check();
  const all = page.getByRole("button", { name: "Select all 60 that match" });
  if (await all.isVisible()) await all.click();
  await page.getByRole("button", { name: "Cancel 60" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Cancel 60 events" }).click();
  await dialog.getByRole("heading", { name: "Cancelled 60 events" }).waitFor();
  expect(new Set((await world.events(branch.id)).map(({ status }) => status))).toEqual(new Set(["CANCELLED"]));
  await page.goto(`${on.web.url}/replays`);
  await page
    .getByText(/^Cancel/)
    .first()
    .waitFor();
  expect(problems).toEqual([]);
});

test.each([
  ["a press", async (choice: Locator) => choice.click()],
  ["letters", async (choice: Locator) => choice.pressSequentially("nobody's ")],
  ["the focus", async (choice: Locator) => choice.focus()],
])("%s on a choice whose code is still to come is kept until it has come", async (what, act) => {
  await using receiver = await startReceiver();
  const branch = await makeBranch(world, { to: { url: receiver.url } });
  await branch.send({ n: 1 });
  const [event] = await eventually(
    () => world.events(branch.id),
    (events) => events.length === 1,
  );
  const { page, problems } = await open(`/events/${event?.id}`);
  await page.getByRole("button", { name: "Send a copy…" }).waitFor();
  await page.waitForLoadState("networkidle");
  const gate = Promise.withResolvers<void>();
  await page.route("**/_next/static/**", async (route) => {
    await gate.promise;
    await route.continue();
  });
  await page.getByRole("button", { name: "Send a copy…" }).click();
  const choice = page.getByRole("dialog").getByRole("combobox", { name: "Destination" });
  await act(choice);
  const before = await choice.elementHandle();
  gate.resolve();
  // Another button takes its place as the code comes.
  await expect.poll(() => before?.evaluate((button) => button.isConnected)).toBe(false);
  const search = page.getByPlaceholder("Find a destination");
  if (what === "the focus") await page.keyboard.press("ArrowDown");
  await search.waitFor({ timeout: 5_000 });
  await page.keyboard.type("receiver");
  expect(await search.inputValue()).toBe(what === "letters" ? "nobody's receiver" : "receiver");
  await page.keyboard.press("Escape");
  await expect.poll(() => choice.getAttribute("aria-expanded")).toBe("false");
  expect(problems).toEqual([]);
});

test("a debug copy of an event goes to another destination, is marked in page and list, and offers no retry", async () => {
  await using receiver = await startReceiver();
  await using debug = await startReceiver();
  const branch = await makeBranch(world, { to: { url: receiver.url } });
  const other = await makeBranch(world, { to: { url: debug.url } });
  const { name } = await getDestination(world.ctx, { id: other.destinationId });
  await branch.send({ n: 1 });
  const [event] = await eventually(
    () => world.events(branch.id),
    (events) => events[0]?.status === "DELIVERED",
  );
  const { page, problems } = await open(`/events/${event?.id}`);
  await page.getByRole("button", { name: "Send a copy…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: "Destination" }).waitFor();
  expect(await violationsInBothThemes(page, "[role='dialog']")).toEqual([]);
  await dialog.getByRole("combobox", { name: "Destination" }).click();
  await page.getByPlaceholder("Find a destination").fill(name);
  await page.getByRole("option", { name, exact: true }).click();
  await dialog.getByRole("button", { name: "Send the copy" }).click();
  await debug.received(1);
  await page.getByRole("button", { name: "Open it" }).click();
  await page.getByText("Debug copy of").first().waitFor();
  await page.getByText("A debug copy is sent once").waitFor();
  expect(await page.getByRole("button", { name: /Deliver again|Send a copy/ }).count()).toBe(0);
  await page.goto(`${on.web.url}/events?destination_id=${other.destinationId}`);
  await page
    .getByText(/^Debug copy of evt_/)
    .first()
    .waitFor();
  expect(problems).toEqual([]);

  const phone = await open(`/events/${event?.id}`, PHONE);
  await phone.page.getByRole("button", { name: "Send a copy…" }).waitFor();
  expect(await scrollsSideways(phone.page)).toBe(false);
});
