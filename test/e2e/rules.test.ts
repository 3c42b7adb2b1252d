// Rules are changed in the browser, tried on what came before, and hold for what comes next.
import { createHmac } from "node:crypto";
import type { BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Rule } from "#server/contracts/rule.ts";
import { getConnection, updateConnection } from "#server/resources/connections.ts";
import { type Branch, makeBranch } from "#test/support/branch.ts";
import { PHONE, WIDE } from "#test/support/gallery.ts";
import { tabTo } from "#test/support/keyboard.ts";
import { scrollsSideways, violationsInBothThemes } from "#test/support/page-look.ts";
import { type PageWorld, startPageWorld } from "#test/support/page-world.ts";
import { type Receiver, startReceiver } from "#test/support/receiver.ts";
import { eventually, type World } from "#test/support/world.ts";

const SECRET = "a secret of the producer";
let on: PageWorld;
let world: World;
let receiver: Receiver;
let branch: Branch;

const atLeast = (amount: number): Rule[] => [{ type: "filter", body: { data: { amount: { $gte: amount } } } }];

async function send(amount: number): Promise<void> {
  const body = JSON.stringify({ type: "payment.paid", data: { amount, currency: "eur" } });
  const signature = createHmac("sha256", SECRET).update(body).digest("hex");
  expect((await branch.post(body, { "x-signature": signature })).status).toBe(200);
}

beforeAll(async () => {
  on = await startPageWorld({ role: "member", withGateway: true });
  ({ world } = on);
  receiver = await startReceiver();
  const auth = { secret: SECRET, signature_header: "x-signature" };
  branch = await makeBranch(world, {
    source: { config: { auth_type: "HMAC", auth } },
    to: { url: receiver.url },
    rules: atLeast(1_000),
  });
  for (const amount of [500, 1_200, 1_200, 4_000, 6_000, 8_000]) await send(amount);
  await receiver.received(5);
});

afterAll(async () => {
  await receiver?.[Symbol.asyncDispose]();
  await on?.[Symbol.asyncDispose]();
});

const openAt = (query: string, options: BrowserContextOptions = WIDE) =>
  on.open(`/connections?panel=${branch.id}&tab=rules${query}`, options);

/** A run that is not waited for any more is let go of, and what the server refuses is an answer of 422. */
const unexpected = (problems: readonly string[]) =>
  problems.filter((problem) => !/dryRun net::ERR_ABORTED|status of 422/.test(problem));
const rulesOf = async () => (await getConnection(world.ctx, { id: branch.id })).rules;
const dryRunOf = (page: Page, words: string) => page.getByRole("img", { name: words });

test("a clause is edited by keyboard, tried on what is stored, saved, and holds for the next signed webhook", async () => {
  const { page, problems } = await openAt("");
  await tabTo(page, page.getByRole("dialog").getByRole("button", { name: /^Filter/ }));
  await page.keyboard.press("Enter");
  const editor = page.getByRole("dialog", { name: /Filter/ });
  await dryRunOf(page, "5 still pass, 1 still ignored, 0 newly filtered, 0 newly delivered").waitFor();
  const save = editor.getByRole("button", { name: "Save" });
  expect(await save.isDisabled()).toBe(true);

  await tabTo(page, editor.getByLabel("Value"));
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("9000");
  // The newest request has 8,000: the row, the JSON and the payload say so before anything was asked of the server.
  await editor.getByText("expected ≥ 9000, got 8000").waitFor();
  await editor.locator(".cm-problem").getByText("9000").waitFor();
  await editor.getByText("Ignored by this filter").waitFor();
  expect(await save.isDisabled()).toBe(true);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("5000");
  await dryRunOf(page, "2 still pass, 1 still ignored, 3 newly filtered, 0 newly delivered").waitFor();
  await editor.getByText("Passes this filter").waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
  await page.keyboard.press("ControlOrMeta+s");
  await page
    .getByText(/is saved: it holds for the next request/)
    .first()
    .waitFor();
  expect(await rulesOf()).toEqual(atLeast(5_000));

  await send(1_200);
  await send(7_000);
  await receiver.received(6);
  expect(receiver.receipts.at(-1)?.body.toString()).toContain("7000");
  const ignored = await eventually(
    () => world.ignored(branch.id),
    ({ length }) => length === 2,
  );
  expect(ignored.at(-1)?.detail).toContain("must be at least 5000 but is 1200");

  // The toast is the layer on top for as long as it is there.
  const closeTopmost = async () => {
    await page.keyboard.press("Escape");
    return editor.isVisible();
  };
  await expect.poll(closeTopmost).toBe(false);
  await page.getByText("body.data.amount ≥ 5000").waitFor();
  expect(unexpected(problems)).toEqual([]);
});

test("a draft survives a reload, keeps its rows while the JSON is none, and never overwrites what somebody else saved", async () => {
  await updateConnection(world.ctx, { id: branch.id, rules: atLeast(1_000) });
  const { page, problems } = await openAt("&rule=filter");
  const editor = page.getByRole("dialog", { name: /Filter/ });
  await editor.getByLabel("Value").fill("2000");
  await dryRunOf(page, "4 still pass").waitFor();
  await page.reload();
  await editor.getByText("unsaved").waitFor();
  expect(await editor.getByLabel("Value").inputValue()).toBe("2000");

  const json = editor.getByRole("textbox", { name: "The filter as JSON" });
  await json.fill('{\n  "body": {"data": {"amount": }}\n}');
  await editor
    .getByText(/^Line 2, column \d+: a value should stand/)
    .first()
    .waitFor();
  expect(await editor.getByLabel("Value").inputValue()).toBe("2000");
  await json.fill('{\n  "body": {"data": {"amount": {"$gt": null}}}\n}');
  await editor.getByText("$gt takes a number or a string", { exact: false }).first().waitFor();
  expect(await editor.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
  await json.fill('{"body": {"data": {"amount": {"$gt": 1999}}}}');
  await expect.poll(() => editor.getByLabel("Value").inputValue()).toBe("1999");

  await updateConnection(world.ctx, { id: branch.id, rules: atLeast(100) });
  await editor.getByText("The saved rule has changed since you began").waitFor();
  await editor.getByRole("button", { name: "Take theirs" }).click();
  await expect.poll(() => editor.getByLabel("Value").inputValue()).toBe("100");
  expect(await rulesOf()).toEqual(atLeast(100));

  await editor.getByRole("button", { name: "Remove", exact: true }).click();
  await page.getByText("Every request passes.").waitFor();
  expect(await rulesOf()).toEqual([]);
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("body.data.amount ≥ 100").waitFor();
  expect(await rulesOf()).toEqual(atLeast(100));
  expect(unexpected(problems)).toEqual([]);
});

test("deduplication is picked from a real request, with the number of duplicates before it is saved", async () => {
  const { page, problems } = await openAt("&rule=deduplicate", { ...WIDE, colorScheme: "dark" });
  const editor = page.getByRole("dialog", { name: /Deduplicate/ });
  await editor.getByRole("checkbox", { name: "body.data.amount", exact: true }).click();
  await editor.getByText(/Tried on the last 8 requests: \d that go on today would be dropped/).waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
  await editor.getByRole("button", { name: "Save" }).click();
  await page
    .getByText(/is saved/)
    .first()
    .waitFor();
  expect((await rulesOf())[0]).toEqual({ type: "deduplicate", window: 60_000, include_fields: ["body.data.amount"] });
  expect(unexpected(problems)).toEqual([]);
});

test.each(["filter", "retry", "delay", "transform"])("the editor of a %s rule fits a phone", async (rule) => {
  const { page, problems } = await openAt(`&rule=${rule}`, PHONE);
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
  expect(await scrollsSideways(page)).toBe(false);
  expect(unexpected(problems)).toEqual([]);
});
