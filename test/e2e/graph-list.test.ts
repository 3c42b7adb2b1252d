// The connections as a table, by keys alone: what the graph does for those who see it.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { getConnection } from "#server/resources/connections.ts";
import { makeBranch } from "#test/support/branch.ts";
import { type DetailWorld, startDetailWorld } from "#test/support/detail-world.ts";
import { violationsInBothThemes } from "#test/support/page-look.ts";
import { eventually } from "#test/support/world.ts";

let on: DetailWorld;
beforeAll(async () => {
  on = await startDetailWorld();
});
afterAll(() => on?.[Symbol.asyncDispose]());

const rowOf = (page: Page, id: string) => page.locator(`tr[data-connection="${id}"]`);
const focused = (page: Page, id: string) => page.locator(`tr[data-connection="${id}"]:focus`).waitFor();
const press = async (page: Page, ...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};

async function openList(query: string, firstId: string) {
  const opened = await on.open(`/connections?view=list&q=${query}`);
  await rowOf(opened.page, firstId).waitFor();
  return opened;
}

test("rows are sorted, walked, opened and left, and the keys stay in the drawer while its content comes", async () => {
  const [first, second] = [
    await makeBranch(on.world, { to: { url: on.receiver.url } }),
    await makeBranch(on.world, { to: { url: on.receiver.url } }),
  ];
  const { page, problems } = await on.open("/connections?view=list");
  await rowOf(page, second.id).waitFor();
  await page.getByRole("button", { name: "Connection", exact: true }).focus();
  await press(page, "Enter", "Enter");
  await page
    .getByRole("columnheader", { name: "Connection", exact: true })
    .and(page.locator("[aria-sort='descending']"))
    .waitFor();
  const ids = await page
    .locator("tr[data-connection]")
    .evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset.connection ?? ""));
  expect(ids).toEqual(expect.arrayContaining([first.id, second.id]));
  const [top = "", next = ""] = ids;
  await press(page, "j");
  await focused(page, top);
  await press(page, "j");
  await focused(page, next);
  await press(page, "k");
  await focused(page, top);
  await press(page, "ArrowDown");
  await focused(page, next);

  await press(page, "Enter");
  const drawer = page.getByRole("dialog");
  await drawer.getByRole("tab", { name: "Activity" }).waitFor();
  expect(new URL(page.url()).searchParams.get("panel")).toBe(next);
  expect(await page.evaluate(() => document.activeElement?.closest("[data-drawer]") !== null)).toBe(true);
  expect(await violationsInBothThemes(page)).toEqual([]);
  await press(page, "Escape");
  await drawer.waitFor({ state: "detached" });
  await focused(page, next);
  expect(problems).toEqual([]);
});

test("what a row needs is done by its keys: paused, resumed, renamed, duplicated, and deleted after its name", async () => {
  on.answers.status = 200;
  const branch = await makeBranch(on.world, { to: { url: on.receiver.url } });
  const { name } = await getConnection(on.world.ctx, { id: branch.id });
  const { page, problems } = await openList(branch.id, branch.id);
  const row = rowOf(page, branch.id);
  await press(page, "j");
  await focused(page, branch.id);
  await press(page, "p");
  await row.getByText("Paused", { exact: true }).waitFor();
  // The row says so at once; what is sent before the server has it may still go.
  await eventually(
    () => getConnection(on.world.ctx, { id: branch.id }),
    ({ paused_at }) => paused_at !== null,
  );
  await branch.send({ n: 1 });
  const waiting = () => row.getByRole("gridcell").nth(6).textContent();
  await expect.poll(waiting, { timeout: 10_000 }).toBe("1");
  await press(page, "p");
  await eventually(
    () => on.world.events(branch.id),
    ([event]) => event?.status === "DELIVERED",
  );
  await row.getByText("Paused", { exact: true }).waitFor({ state: "detached" });
  await focused(page, branch.id);

  await press(page, "F2");
  const field = page.getByRole("textbox", { name: `Name of ${name}` });
  await expect.poll(() => field.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.type(`row-${branch.id.slice(-6)}`);
  await press(page, "Enter");
  await row.getByText(`row-${branch.id.slice(-6)}`).waitFor();
  await focused(page, branch.id);

  await press(page, "d");
  const drawer = page.getByRole("dialog");
  await drawer
    .getByText(/^row-.*copy/)
    .first()
    .waitFor();
  await press(page, "Escape");
  await drawer.waitFor({ state: "detached" });
  await focused(page, branch.id);
  await press(page, "Delete");
  await drawer.getByText("No event waits on the way.").waitFor();
  await drawer.getByRole("textbox").focus();
  await page.keyboard.type(`row-${branch.id.slice(-6)}`);
  await press(page, "Enter");
  await row.waitFor({ state: "detached" });
  expect(problems).toEqual([]);
});

test("a failing row is retried, and a connection made, without a mouse", async () => {
  const { branch } = await on.brokenBranch();
  on.answers.status = 200;
  const { page, problems } = await openList(branch.id, branch.id);
  await page.getByRole("button", { name: /^Replay 1 failed/ }).waitFor();
  await press(page, "j");
  await focused(page, branch.id);
  await press(page, "r");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: /^Replay 1/ }).press("Enter");
  await eventually(
    () => on.world.events(branch.id),
    (events) => events.every(({ status }) => status === "DELIVERED"),
  );
  await press(page, "Escape");
  await dialog.waitFor({ state: "detached" });

  await press(page, "n");
  const making = page.getByRole("dialog", { name: "New connection" });
  await making.locator("[role='combobox']:focus").and(making.getByLabel("Source")).waitFor();
  for (const end of ["source", "destination"] as const) {
    const field = making.getByRole("combobox", { name: end === "source" ? "Source" : "Destination" });
    await field.focus();
    await page.keyboard.type(branch[`${end}Id`]);
    await page.getByPlaceholder(`Find a ${end}`).waitFor();
    await expect.poll(() => page.getByRole("option").count()).toBe(1);
    await press(page, "Enter");
    // It gets the focus back, which would be taken from the next one otherwise.
    await field.and(page.locator(":focus")).waitFor();
  }
  await making.getByLabel("Name", { exact: true }).focus();
  await press(page, "ControlOrMeta+A");
  await page.keyboard.type(`by-keys-${branch.id.slice(-6)}`);
  await press(page, "Enter");
  await making.waitFor({ state: "detached" });
  await page
    .getByRole("dialog")
    .getByText(`by-keys-${branch.id.slice(-6)}`)
    .first()
    .waitFor();
  expect(problems).toEqual([]);
});
