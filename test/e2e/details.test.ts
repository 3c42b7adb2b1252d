// What is done and read in the panels and pages of one event and one request, in the real browser before a real worker.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "#server/ids.ts";
import { pauseConnection } from "#server/resources/connections.ts";
import { createTransformation } from "#server/resources/transformations.ts";
import { makeBranch } from "#test/support/branch.ts";
import { type DetailWorld, startDetailWorld } from "#test/support/detail-world.ts";
import { WIDE } from "#test/support/gallery.ts";
import { eventually } from "#test/support/world.ts";

let on: DetailWorld;
beforeAll(async () => {
  on = await startDetailWorld();
});
afterAll(() => on?.[Symbol.asyncDispose]());

const panelOf = (page: Page, name: string) => page.getByRole("complementary", { name, exact: true });

test("a failed event is retried from its panel and seen delivered, without a reload", async () => {
  const { branch, bad } = await on.brokenBranch();
  on.answers.status = 200;
  const { page, problems } = await on.open(`/events?connection_id=${branch.id}&open=${bad.id}`);
  const panel = panelOf(page, "Event");
  await panel.getByText("All retries are spent, so nothing moves until you retry.").waitFor();
  await panel.getByRole("button", { name: "Retry now" }).click();
  await panel.getByText("Delivered", { exact: true }).first().waitFor();
  await panel.getByRole("tab", { name: /^Attempts/ }).click();
  expect(await panel.getByRole("link", { name: /^Attempt \d/ }).count()).toBe(2);
  expect(problems).toEqual([]);
});

test("a held event goes when its connection is resumed from its panel, and another is cancelled for good", async () => {
  on.answers.status = 200;
  const branch = await makeBranch(on.world, { to: { url: on.receiver.url } });
  await pauseConnection(on.world.ctx, { id: branch.id });
  await branch.send({ type: "first" });
  await branch.send({ type: "second" });
  const [first, second] = await eventually(
    () => on.world.events(branch.id),
    (events) => events.length === 2 && events.every((event) => event.status === "HOLD"),
  );
  const { page, problems } = await on.open(`/events/${second?.id}`);
  await page.getByText("Resuming sends the 2 events that the connection holds, in order.").waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByText("Cancelled, so it is not sent.").waitFor();
  const held = await on.open(`/events/${first?.id}`);
  await held.page.getByRole("button", { name: /^Resume connection-/ }).click();
  await held.page.getByText("Delivered, nothing is left to do.").waitFor();
  expect((await on.world.events(branch.id)).map((event) => event.status)).toEqual(["DELIVERED", "CANCELLED"]);
  expect([...problems, ...held.problems]).toEqual([]);
});

test("who may only look is told so when they press, and sees what is so", async () => {
  const { bad } = await on.brokenBranch();
  const { page } = await on.open(`/events/${bad.id}`, WIDE, await on.signIn("viewer"));
  await page.getByRole("button", { name: "Retry now" }).click();
  await page.getByText("This needs the capability events.retry").first().waitFor();
  await page.getByText("All retries are spent, so nothing moves until you retry.").waitFor();
});

test("the failure diff sets the last good attempt against the first bad one", async () => {
  const { bad } = await on.brokenBranch();
  const { page, problems } = await on.open(`/events/${bad.id}`);
  await page.getByRole("tab", { name: "What changed" }).click();
  await page.getByRole("link", { name: "Last good" }).waitFor();
  const answers = page.getByRole("region", { name: "Responses, good and bad" });
  await answers.getByText("x-node: n200").waitFor();
  await answers.getByText("x-node: n503").waitFor();
  await page.getByRole("region", { name: "Payloads, good and bad" }).getByText('"amount": 2').waitFor();
  await expect.poll(() => new URL(page.url()).searchParams.get("tab")).toBe("changed");
  expect(problems).toEqual([]);
});

test("a filtered branch's clause is read from the request, and it is sent anyway", async () => {
  on.answers.status = 200;
  const branch = await makeBranch(on.world, {
    to: { url: on.receiver.url },
    rules: [{ type: "filter", body: { kind: "invoice" } }],
  });
  const requestId = await branch.send({ kind: "order" });
  await eventually(
    () => on.world.ignored(branch.id),
    (ignored) => ignored.length === 1,
  );
  const { page, problems } = await on.open(`/requests/${requestId}`);
  await page.getByText('Filtered. body.kind: expected = "invoice", got "order"').waitFor();
  const clause = page.getByRole("row", { name: /body\.kind/ });
  expect(await clause.getByRole("cell").allInnerTexts()).toContain('"order"');
  await page.getByRole("button", { name: "Send anyway" }).click();
  await page.getByText(/^Delivered after 1 try/).waitFor();
  await page.getByRole("link", { name: "Open event" }).first().click();
  await page.waitForURL(/\/events\/evt_/);
  await page.getByRole("heading", { name: "Timeline" }).waitFor();
  expect(problems).toEqual([]);
});

test("a rejected request has its evidence as a checklist, and a sentence of what is likely", async () => {
  const config = { auth_type: "HMAC" as const, auth: { secret: "a secret of the sender", signature_header: "x-sig" } };
  const branch = await makeBranch(on.world, { source: { config } });
  expect((await branch.post("{}", { "x-sig": "0".repeat(64) })).status).toBe(401);
  const [request] = await eventually(
    () => on.world.requests(branch.sourceId),
    (requests) => requests.length === 1,
  );
  const { page, problems } = await on.open(`/requests/${String(request?.id)}`);
  const checks = page.getByRole("list", { name: "Checks of the sender" }).getByRole("listitem");
  await checks.first().waitFor();
  expect(await checks.allTextContents()).toEqual([
    expect.stringMatching(/^Header passed:x-sig: 000/),
    expect.stringMatching(/^Form passed:/),
    expect.stringMatching(/^Value failed:.*no secret/),
  ]);
  await page.getByText("Probably the secret is another one").waitFor();
  expect(problems).toEqual([]);
});

test("what a transformation changed is shown as a difference, with every digit", async () => {
  on.answers.status = 200;
  const { id } = await createTransformation(on.world.ctx, {
    name: `t-${newId("event").slice(-6)}`,
    code: "request.body.kind = 'b'; return request;",
  });
  const branch = await makeBranch(on.world, {
    to: { url: on.receiver.url },
    rules: [{ type: "transform", transformation_id: id }],
  });
  const answer = await branch.post('{"n": 12345678901234567890.10, "kind": "a"}');
  expect(answer.status).toBe(200);
  const [event] = await on.endedEvents(branch, 1);
  const { page, problems } = await on.open(`/events/${event?.id}?view=changes`);
  const diff = page.getByRole("region", { name: "Original and delivered" });
  await diff.getByText('"kind": "b"').waitFor();
  expect(await diff.textContent()).toContain("12345678901234567890.10");
  await page.getByRole("radio", { name: "Delivered" }).click();
  await page.getByRole("region", { name: "Delivered payload" }).getByText("12345678901234567890.10").waitFor();
  expect(problems).toEqual([]);
});

test("the neighbours in the list are those of the filter in the address, and Esc leads back to it", async () => {
  const { branch, good, bad } = await on.brokenBranch();
  await makeBranch(on.world, { to: { url: on.receiver.url } }).then(({ send }) => send({ type: "other" }));
  const { page, problems } = await on.open(`/events/${bad.id}?connection_id=${branch.id}`);
  await page.getByRole("heading", { name: "Timeline" }).waitFor();
  const previous = page.getByRole("button", { name: "Previous" });
  const next = page.getByRole("button", { name: "Next" });
  await expect.poll(() => next.isEnabled()).toBe(true);
  expect(await previous.isEnabled()).toBe(false);
  await page.getByText("1 of 2 with these filters").waitFor();
  await page.keyboard.press("j");
  await page.waitForURL(`**/events/${good.id}?connection_id=${branch.id}`);
  await expect.poll(() => previous.isEnabled()).toBe(true);
  expect(await next.isEnabled()).toBe(false);
  await page.keyboard.press("Escape");
  await page.waitForURL(`**/events?connection_id=${branch.id}&open=${good.id}`);
  await panelOf(page, "Event").getByRole("heading", { name: "Timeline" }).waitFor();
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog", { name: "Find or do" }).getByRole("combobox").fill(`see ${bad.id}`);
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/events/${bad.id}`);
  expect(problems).toEqual([]);
});
