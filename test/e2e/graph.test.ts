// The wiring of a team on the screen: what is stuck is found and moved on, and what is missing is connected.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { getConnection, updateConnection } from "#server/resources/connections.ts";
import { type Branch, makeBranch } from "#test/support/branch.ts";
import { type DetailWorld, startDetailWorld } from "#test/support/detail-world.ts";
import { PHONE, WIDE } from "#test/support/gallery.ts";
import { layoutShiftOf, scrollsSideways, violationsInBothThemes } from "#test/support/page-look.ts";
import { countRenders, takeRendered } from "#test/support/render-count.ts";
import { eventually } from "#test/support/world.ts";

let on: DetailWorld;
beforeAll(async () => {
  on = await startDetailWorld();
});
afterAll(() => on?.[Symbol.asyncDispose]());

const cardOf = (page: Page, id: string) => page.locator(`[data-card="${id}"]`);

/** The graph, searched down to what the test made, when its numbers have come. */
async function openGraph(id: string, options = WIDE) {
  const opened = await on.open(`/connections?q=${id}`, options);
  await cardOf(opened.page, id).waitFor();
  return opened;
}

const pathsOf = (branch: Branch) =>
  on.receiver.receipts.filter(({ body }) => body.includes(branch.id)).map(({ body }) => JSON.parse(body.toString()).n);

test("a branch is paused under traffic, what it holds is counted as it grows, and resumed it drains in order", async () => {
  on.answers.status = 200;
  const branch = await makeBranch(on.world, { to: { url: on.receiver.url } });
  const { page, problems } = await openGraph(branch.id);
  const card = cardOf(page, branch.id);
  await branch.send({ of: branch.id, n: 1 });
  await on.endedEvents(branch, 1);

  await card.getByRole("button", { name: /^Pause / }).click();
  // The card says it at once; the toast, when the server has.
  await page
    .getByText(/is paused\. What comes is held\./)
    .first()
    .waitFor();
  await card.getByText("Paused", { exact: true }).waitFor();
  for (const n of [2, 3]) {
    await branch.send({ of: branch.id, n });
    await card
      .getByText(`${n - 1} held`)
      .first()
      .waitFor();
  }
  await card.getByRole("button", { name: /^Resume / }).click();

  await on.endedEvents(branch, 3);
  await card.getByText("held").first().waitFor({ state: "detached" });
  expect(pathsOf(branch)).toEqual([1, 2, 3]);
  expect(problems).toEqual([]);
});

test("Undo of a pause is refused with who and what, when somebody has changed the connection since", async () => {
  const branch = await makeBranch(on.world, { to: { url: on.receiver.url } });
  const { page } = await openGraph(branch.id);
  await cardOf(page, branch.id)
    .getByRole("button", { name: /^Pause / })
    .click();
  const undo = page.getByRole("button", { name: "Undo" });
  await undo.waitFor();
  await updateConnection(on.world.ctx, { id: branch.id, description: "changed by somebody else" });

  await undo.click();

  await page
    .getByText(/changed/)
    .first()
    .waitFor();
  expect((await getConnection(on.world.ctx, { id: branch.id })).paused_at).not.toBeNull();
});

test("a failing branch is the first of the graph, and is retried in two clicks", async () => {
  const { branch } = await on.brokenBranch();
  on.answers.status = 200;
  const { page, problems } = await on.open("/connections");
  const card = cardOf(page, branch.id);

  await card.getByRole("button", { name: /^Replay 1 failed/ }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^Replay 1/ })
    .click();

  await eventually(
    () => on.world.events(branch.id),
    (events) => events.every(({ status }) => status === "DELIVERED"),
  );
  await card.getByRole("button", { name: /^Replay/ }).waitFor({ state: "detached" });
  expect(problems).toEqual([]);
});

test("arrows walk along the graph, Space says what is selected, P pauses, F2 renames in place, and Esc lets go", async () => {
  const branch = await makeBranch(on.world, { to: { url: on.receiver.url } });
  const { page, problems } = await openGraph(branch.id);
  await cardOf(page, branch.sourceId).focus();
  await page.keyboard.press("ArrowRight");
  await page.locator(`[data-card="${branch.id}"]:focus`).waitFor();
  await page.keyboard.press("p");
  await cardOf(page, branch.id).getByText("Paused", { exact: true }).waitFor();
  await page.keyboard.press("ArrowRight");
  await page.locator(`[data-card="${branch.destinationId}"]:focus`).waitFor();
  await page.keyboard.press(" ");
  const selection = page.getByRole("region", { name: /^Selected/ });
  await selection.getByText("1 connection ends here, without a rate limit.").waitFor();
  await page.keyboard.press("F2");
  await page.keyboard.type(`renamed-${branch.id.slice(-6)}`);
  await page.keyboard.press("Enter");
  await cardOf(page, branch.destinationId)
    .getByText(`renamed-${branch.id.slice(-6)}`)
    .waitFor();
  await page.locator(`[data-card="${branch.destinationId}"]:focus`).waitFor();
  await page.keyboard.press("Escape");
  await selection.waitFor({ state: "detached" });
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  expect(new URL(page.url()).searchParams.get("panel")).toBe(branch.destinationId);
  expect(problems).toEqual([]);
});

test.each(["graph", "list"])("a choice in a menu of the %s does what it says, and opens no drawer", async (view) => {
  const branch = await makeBranch(on.world, { to: { url: on.receiver.url } });
  const { name } = await getConnection(on.world.ctx, { id: branch.id });
  const { page, problems } = await on.open(`/connections?q=${branch.id}&view=${view}`, WIDE);
  await page.getByRole("button", { name: `More for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  const field = page.getByRole("textbox", { name: `Name of ${name}` });
  await field.fill(`chosen-${branch.id.slice(-6)}-${view}`);
  await field.press("Enter");
  await page.getByRole("button", { name: `More for chosen-${branch.id.slice(-6)}-${view}` }).waitFor();
  expect(await page.getByRole("dialog").count()).toBe(0);
  expect(new URL(page.url()).searchParams.get("panel")).toBeNull();
  expect(problems).toEqual([]);
});

test("deleting asks for the name and says before what goes with it", async () => {
  const branch = await makeBranch(on.world, { to: { url: on.receiver.url } });
  const { page, problems } = await openGraph(branch.id);
  await cardOf(page, branch.id).focus();
  await page.keyboard.press("Delete");
  const dialog = page.getByRole("dialog");
  await dialog.getByText("No event waits on the way.").waitFor();
  const confirm = dialog.getByRole("button", { name: "Delete the connection" });
  expect(await confirm.isDisabled()).toBe(true);
  await dialog.getByRole("textbox").fill((await getConnection(on.world.ctx, { id: branch.id })).name);
  await confirm.click();
  await cardOf(page, branch.id).waitFor({ state: "detached" });
  expect(problems).toEqual([]);
});

test("news of one branch renders its own cards alone, and a wider window renders none", async () => {
  on.answers.status = 200;
  const [busy, calm] = [
    await makeBranch(on.world, { to: { url: on.receiver.url } }),
    await makeBranch(on.world, { to: { url: on.receiver.url } }),
  ];
  const { page } = await on.open("/events");
  await countRenders(page, `${on.web.url}/connections`);
  await cardOf(page, busy.id).waitFor();
  await cardOf(page, calm.id).waitFor();
  expect((await takeRendered(page)).length).toBeGreaterThan(5);
  // Branches of other tests have news of their own, as their minutes pass.
  const quiet = new Set([calm.id, calm.sourceId, calm.destinationId]);
  const quietRendered = async () => (await takeRendered(page)).filter((id) => quiet.has(id));
  // The first numbers of all cards come one kind after the other.
  let renderedAtMs = performance.now();
  const quietMs = async () => {
    if ((await quietRendered()).length > 0) renderedAtMs = performance.now();
    return performance.now() - renderedAtMs;
  };
  await expect.poll(quietMs, { interval: 100, timeout: 20_000 }).toBeGreaterThan(1_500);

  await busy.send({ of: busy.id });
  await cardOf(page, busy.id).getByText("/min").waitFor();
  const rendered = await takeRendered(page);
  expect(rendered).toContain(busy.id);
  expect(rendered.filter((id) => quiet.has(id))).toEqual([]);

  const before = await cardOf(page, calm.id).boundingBox();
  await page.setViewportSize({ width: 1700, height: 900 });
  await expect.poll(async () => (await cardOf(page, calm.id).boundingBox())?.x).not.toBe(before?.x);
  expect(await quietRendered()).toEqual([]);
});

test("who may only look sees states and numbers, and nothing to press that would change something", async () => {
  const branch = await makeBranch(on.world, { to: { url: on.receiver.url } });
  const { page } = await on.open(`/connections?q=${branch.id}`, WIDE, await on.signIn("viewer"));
  await cardOf(page, branch.id).waitFor();
  expect(
    await page
      .locator("main")
      .getByRole("button", { name: /^(New|Pause|Resume|Replay|Undo)/ })
      .count(),
  ).toBe(0);
  expect(await page.locator(".react-flow__handle").count()).toBe(0);
  await cardOf(page, branch.id).getByRole("button", { name: /^More/ }).click();
  expect(await page.getByRole("menuitem").allInnerTexts()).toEqual([expect.stringMatching(/^Open/)]);
});

describe.each([
  { view: "graph", path: "/connections", options: WIDE },
  { view: "list", path: "/connections?view=list", options: WIDE },
  { view: "lanes", path: "/connections", options: PHONE },
])("the $view", ({ path, options }) => {
  test("has no accessibility violation in either theme, sideways scroll or shift", async () => {
    const { page, problems } = await on.open(path, options);
    await page.locator("[data-card], [data-connection]").first().waitFor();
    expect(await violationsInBothThemes(page)).toEqual([]);
    expect(await scrollsSideways(page)).toBe(false);
    expect(await layoutShiftOf(page)).toBeLessThan(0.02);
    expect(problems).toEqual([]);
  });
});

test.each([
  { view: "list", path: "/connections?view=list", options: WIDE },
  { view: "lanes", path: "/connections", options: PHONE },
])("the $view keeps still while its numbers are late", async ({ path, options }) => {
  await on.brokenBranch();
  const { page } = await on.open(path, options);
  // As over a slow network.
  await page.route("**/live.changes**", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 900));
    await route.continue();
  });
  await page.reload();
  await page
    .locator("[data-connection]", { hasText: /failed|Failing/ })
    .first()
    .waitFor();
  expect(await layoutShiftOf(page)).toBeLessThan(0.02);
});
