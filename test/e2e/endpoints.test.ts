// The page of endpoints as a person uses it: what is registered, how long its lease lasts, and one registered by hand.
import { afterAll, beforeAll, expect, test } from "vitest";
import { lapseEndpoints } from "#server/endpoints/lapse-endpoints.ts";
import { createEndpoint } from "#server/resources/endpoint-registration.ts";
import { deleteEndpoint } from "#server/resources/endpoints.ts";
import { createSource } from "#server/resources/sources.ts";
import { PHONE } from "#test/support/gallery.ts";
import { scrollsSideways, violationsInBothThemes, violationsOn } from "#test/support/page-look.ts";
import { type PageWorld, startPageWorld } from "#test/support/page-world.ts";
import type { World } from "#test/support/world.ts";

let on: PageWorld;
let world: World;
let open: PageWorld["open"];

beforeAll(async () => {
  on = await startPageWorld();
  ({ world, open } = on);
});
afterAll(() => on?.[Symbol.asyncDispose]());

const register = (agent: string, input: object = {}) =>
  createEndpoint(world.ctx, {
    url: `http://127.0.0.1:1024/${agent}`,
    eventTypes: ["order.*"],
    source: "*",
    verify: false,
    ...input,
  });

test("what is registered stands with its lease, what is gone below it; a panel keeps and removes one, a dialog makes one", async () => {
  const { page, problems } = await open("/connections/endpoints");
  await page.getByText("Nothing has registered itself yet").waitFor();
  expect(await violationsOn(page)).toEqual([]);
  await createSource(world.ctx, { name: "orders" });
  const worker = await register("worker", { ttl: 3_600 });
  const late = await register("late", { ttl: 60 });
  const gone = await register("gone");
  await deleteEndpoint(world.ctx, { id: gone.id });
  await lapseEndpoints(world.pool, new Date(Date.now() + 61_000));
  const row = page.getByRole("row", { name: /1024\/worker/ });
  await row.getByText("of 1 h").first().waitFor();
  await page
    .getByRole("row", { name: /1024\/late/ })
    .getByText("run out")
    .first()
    .waitFor();
  await page.getByRole("table", { name: "Gone today" }).getByText("removed by hand").first().waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);

  await row.getByRole("button").first().click();
  const panel = page.getByRole("complementary", { name: "Endpoint" });
  await panel.getByText('"ttl": 3600').waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
  await panel.getByRole("button", { name: "Renew for 1 h" }).click();
  await panel.getByText("once", { exact: true }).waitFor();
  await panel.getByRole("button", { name: "Keep it", exact: true }).click();
  await row.getByText("no lease").first().waitFor();
  await page.keyboard.press("j");
  await page.waitForURL(`**?open=${worker.id}`);
  await page.keyboard.press("k");
  await page.waitForURL(`**?open=${late.id}`);
  await panel.getByText("Its lease has run out", { exact: false }).waitFor();
  await panel.getByRole("button", { name: "Remove…" }).click();
  await page.getByRole("button", { name: "Remove it" }).click();
  await page.getByRole("row", { name: /1024\/late.*removed by hand/ }).waitFor();

  await page.getByRole("button", { name: "Register by hand" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("URL", { exact: true }).fill("https://agents.example.com/by-hand");
  await dialog.getByRole("button", { name: "Register", exact: true }).click();
  await dialog.getByText(/^sy_/).waitFor();
  expect(await violationsOn(page, "[role='dialog']")).toEqual([]);
  await dialog.getByRole("button", { name: "I have both" }).click();
  await page.getByRole("row", { name: /example.com\/by-hand/ }).waitFor();
  expect(problems).toEqual([]);
});

test("a phone shows cards, and nothing scrolls sideways", async () => {
  await register("phone", { ttl: 600 });
  const { page, problems } = await open("/connections/endpoints", PHONE);
  await page
    .getByRole("row", { name: /1024\/phone/ })
    .getByText("of 10 min")
    .last()
    .waitFor();
  expect(await scrollsSideways(page)).toBe(false);
  expect(await violationsInBothThemes(page)).toEqual([]);
  expect(problems).toEqual([]);
});
