// An open breaker is seen on the graph, and its settings and dead letters are edited in the drawer of its destination.
import { afterAll, beforeAll, expect, test } from "vitest";
import { DEFAULT_BREAKER } from "#server/contracts/breaker.ts";
import type { CreateConnection } from "#server/contracts/connection.ts";
import { createDestination, getDestination } from "#server/resources/destinations.ts";
import { makeBranch } from "#test/support/branch.ts";
import { PHONE, WIDE } from "#test/support/gallery.ts";
import { scrollsSideways, violationsOn } from "#test/support/page-look.ts";
import { type PageWorld, startPageWorld } from "#test/support/page-world.ts";
import { type Receiver, startReceiver } from "#test/support/receiver.ts";

let on: PageWorld;
let receiver: Receiver;
let destinationId: string;

beforeAll(async () => {
  on = await startPageWorld();
  receiver = await startReceiver({ status: 503 });
  const breaker = { ...DEFAULT_BREAKER, consecutive_failures: 3, probe_min_ms: 600_000, probe_max_ms: 600_000 };
  const branch = await makeBranch(on.world, { to: { url: receiver.url, concurrency: 1, breaker } });
  destinationId = branch.destinationId;
  await createDestination(on.world.ctx, { name: "letters", type: "MOCK" });
  for (let n = 0; n < 6; n++) await branch.send({ n });
  await receiver.received(3);
});
afterAll(async () => {
  await receiver?.[Symbol.asyncDispose]();
  await on?.[Symbol.asyncDispose]();
});

const breakerOf = async () => (await getDestination(on.world.ctx, { id: destinationId })).config.breaker;

test("an open breaker says why and since when on its card, and is set, closed and given a place for dead letters", async () => {
  const { page, problems } = await on.open(`/connections?panel=${destinationId}&tab=trouble`, WIDE);
  const drawer = page.getByRole("dialog");
  await drawer.getByText("Breaker open after 3 × 503").waitFor();
  await drawer.getByText(/Holding since \d\d:\d\d, probe in \d+:\d\d/).waitFor();
  await page.getByText("Held by breaker").first().waitFor();
  expect(await violationsOn(page, "[role=dialog]")).toEqual([]);

  await drawer.getByRole("textbox", { name: "Failures in a row" }).fill("10");
  await drawer.getByRole("textbox", { name: "Share of failures" }).fill("60 %");
  await drawer.getByRole("switch", { name: "Count a time-out as a failure" }).click();
  await drawer.getByRole("button", { name: "Save", exact: true }).click();
  await drawer.getByText("Nothing changed.").waitFor();
  expect(await breakerOf()).toMatchObject({ consecutive_failures: 10, failure_share: 0.6, count_timeouts: false });

  await drawer.getByRole("button", { name: "Close now" }).click();
  await drawer.getByRole("button", { name: "Leave it to itself" }).waitFor();
  expect(await breakerOf()).toMatchObject({ mode: "closed", consecutive_failures: 10 });
  expect(problems).toEqual([]);
});

test("the tab fits a phone", async () => {
  const { page } = await on.open(`/connections?panel=${destinationId}&tab=trouble`, PHONE);
  await page.getByRole("dialog").getByText("Dead letters").first().waitFor();
  expect(await scrollsSideways(page)).toBe(false);
});

test("the key of an order is picked in a real request, and the event that blocks it is retried where it is named", async () => {
  let status = 500;
  await using strict = await startReceiver(() => ({ status }));
  const rules: CreateConnection["rules"] = [
    { type: "retry", strategy: "linear", interval: 1_000, count: 1, response_status_codes: ["599"] },
  ];
  const branch = await makeBranch(on.world, { to: { url: strict.url, ordering: "fifo" }, rules });
  for (let n = 0; n < 3; n++) await branch.send({ data: { id: "user_7" }, n });
  const { page, problems } = await on.open(`/connections?panel=${branch.destinationId}&tab=pace`, WIDE);
  const drawer = page.getByRole("dialog");
  await drawer.getByText("All of it is blocked by an event that has failed. 2 wait behind it.").waitFor();

  await drawer.getByRole("radio", { name: /^By key/ }).click();
  await drawer.getByRole("radio", { name: "body.data.id" }).click();
  await drawer.getByText("1 different in the last 3").waitFor();
  await drawer.getByText("2 waiting ones are sorted again, nothing is sent twice.").waitFor();
  expect(await violationsOn(page, "[role=dialog]")).toEqual([]);
  await drawer.getByRole("button", { name: "Save", exact: true }).click();
  await drawer.getByText("user_7 is blocked by an event that has failed. 2 wait behind it.").waitFor();

  status = 200;
  await drawer.getByRole("button", { name: "Retry it" }).click();
  await drawer.getByText("is blocked").waitFor({ state: "hidden" });
  expect((await strict.received(4)).length).toBe(4);
  expect(problems).toEqual([]);
});

test("single groups get limits of their own: what is wrong is said beside them, and what is saved is there again", async () => {
  const groups = { key: "body.customer_id", rate_limit: 5 };
  const branch = await makeBranch(on.world, { to: { url: receiver.url, groups } });
  const { page, problems } = await on.open(`/connections?panel=${branch.destinationId}&tab=pace`, WIDE);
  const drawer = page.getByRole("dialog");
  const field = (name: string) => drawer.getByRole("textbox", { name });
  const save = () => drawer.getByRole("button", { name: "Save", exact: true }).click();
  const add = drawer.getByRole("button", { name: "Group", exact: true });
  await add.click();
  await field("Value of group 1").fill("acme");
  await field("Rate limit of group 1").fill("0");
  await save();
  await drawer
    .getByText(/at least 1/)
    .first()
    .waitFor();

  await field("Rate limit of group 1").fill("any");
  await field("At once of group 1").fill("2");
  await add.click();
  await field("Value of group 2").fill("acme");
  await drawer.getByText("Two rows are of acme").waitFor();
  expect(await violationsOn(page, "[role=dialog]")).toEqual([]);
  await drawer.getByRole("button", { name: "Remove the limits of acme" }).last().click();
  await save();
  await drawer.getByText("Nothing changed.").waitFor();

  const { config } = await getDestination(on.world.ctx, { id: branch.destinationId });
  expect(config).toMatchObject({ groups: { ...groups, overrides: { acme: { rate_limit: null, concurrency: 2 } } } });
  await page.reload();
  await expect.poll(() => field("Rate limit of group 1").inputValue()).toBe("any");
  expect(problems).toEqual([expect.stringContaining("422")]);
});
