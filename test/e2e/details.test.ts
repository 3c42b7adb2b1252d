// The panels and pages of one event, one request and one attempt, in the real browser before a real worker.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { migrate } from "#server/database/migrate.ts";
import { newId } from "#server/ids.ts";
import { createTransformation } from "#server/resources/transformations.ts";
import { buildDashboard } from "#server/start/build.ts";
import { findFreePort } from "#server/start/free-port.ts";
import { type Branch, makeBranch } from "#test/support/branch.ts";
import { launchBrowser, type TestBrowser } from "#test/support/browser.ts";
import { startTemporaryPostgres } from "#test/support/embedded.ts";
import { PHONE, WIDE } from "#test/support/gallery.ts";
import { scrollsSideways, violationsOn } from "#test/support/page-look.ts";
import { type SignedIn, signInAs } from "#test/support/people.ts";
import { type Receiver, startReceiver } from "#test/support/receiver.ts";
import { startWebRole, type WebRole } from "#test/support/web-role.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

const stack = new AsyncDisposableStack();
let world: World;
let web: WebRole;
let browser: TestBrowser;
let owner: SignedIn;
let receiver: Receiver;
let status = 200;

beforeAll(async () => {
  await buildDashboard(() => {});
  const postgres = stack.use(await startTemporaryPostgres());
  await migrate(postgres.url);
  world = stack.use(await createWorld({ databaseUrl: postgres.url }));
  const { databaseUrl, secret } = world.env;
  web = stack.use(await startWebRole(databaseUrl, await findFreePort("127.0.0.1"), { SWITCHYARD_SECRET: secret }));
  owner = await signInAs(web.url, databaseUrl, "owner");
  browser = stack.use(await launchBrowser());
  receiver = stack.use(
    await startReceiver(() => ({ status, headers: { "x-node": `n${status}` }, body: `{"s":${status}}` })),
  );
});
afterAll(() => stack.disposeAsync());

const open = (path: string, options = WIDE) =>
  browser.open(`${web.url}${path}`, { ...options, storageState: owner.storageState });
const NO_RETRY = [{ type: "retry" as const, strategy: "linear" as const, interval: 1000, count: 0 }];
const TYPED = (type: string, more = {}) => ({ type, id: newId("event"), ...more });

async function endedEvents(branch: Branch, count: number) {
  return eventually(
    () => world.events(branch.id),
    (events) => events.length === count && events.every((event) => ["DELIVERED", "FAILED"].includes(event.status)),
  );
}

/** A branch whose last event failed after one that was delivered. */
async function brokenBranch() {
  const branch = await makeBranch(world, { to: { url: receiver.url }, rules: NO_RETRY });
  status = 200;
  await branch.send(TYPED("invoice.paid", { amount: 1 }));
  await endedEvents(branch, 1);
  status = 503;
  await branch.send(TYPED("invoice.paid", { amount: 2 }));
  const [good, bad] = await endedEvents(branch, 2);
  if (!good || !bad) throw new Error("There are not two events.");
  return { branch, good, bad };
}

const panelOf = (page: Page, name: string) => page.getByRole("complementary", { name, exact: true });

test("a failed event is retried from its panel and seen delivered, without a reload", async () => {
  const { branch, bad } = await brokenBranch();
  status = 200;
  const { page, problems } = await open(`/events?connection_id=${branch.id}&open=${bad.id}`);
  const panel = panelOf(page, "Event");
  await panel.getByText("All retries are spent, so nothing moves until you retry.").waitFor();
  await panel.getByRole("button", { name: "Retry now" }).click();
  await panel.getByText("Delivered", { exact: true }).first().waitFor();
  await panel.getByRole("tab", { name: /^Attempts/ }).click();
  expect(await panel.getByRole("link", { name: /^Attempt \d/ }).count()).toBe(2);
  expect(problems).toEqual([]);
});

test("the failure diff sets the last good attempt against the first bad one", async () => {
  const { bad } = await brokenBranch();
  const { page, problems } = await open(`/events/${bad.id}`);
  await page.getByRole("tab", { name: "What changed" }).click();
  await page.getByRole("link", { name: "Last good" }).waitFor();
  const answers = page.getByRole("region", { name: "Responses, good and bad" });
  await answers.getByText("x-node: n200").waitFor();
  await answers.getByText("x-node: n503").waitFor();
  await page.getByRole("region", { name: "Payloads, good and bad" }).getByText('"amount": 2').waitFor();
  expect(new URL(page.url()).searchParams.get("tab")).toBe("changed");
  expect(problems).toEqual([]);
});

test("a filtered branch's clause is read from the request, and it is sent anyway", async () => {
  status = 200;
  const branch = await makeBranch(world, {
    to: { url: receiver.url },
    rules: [{ type: "filter", body: { kind: "invoice" } }],
  });
  const requestId = await branch.send({ kind: "order" });
  await eventually(
    () => world.ignored(branch.id),
    (ignored) => ignored.length === 1,
  );
  const { page, problems } = await open(`/requests/${requestId}`);
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
  const branch = await makeBranch(world, { source: { config } });
  expect((await branch.post("{}", { "x-sig": "0".repeat(64) })).status).toBe(401);
  const [request] = await eventually(
    () => world.requests(branch.sourceId),
    (requests) => requests.length === 1,
  );
  const { page, problems } = await open(`/requests/${String(request?.id)}`);
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
  status = 200;
  const { id } = await createTransformation(world.ctx, {
    name: `t-${newId("event").slice(-6)}`,
    code: "request.body.kind = 'b'; return request;",
  });
  const branch = await makeBranch(world, {
    to: { url: receiver.url },
    rules: [{ type: "transform", transformation_id: id }],
  });
  const answer = await branch.post('{"n": 12345678901234567890.10, "kind": "a"}');
  expect(answer.status).toBe(200);
  const [event] = await endedEvents(branch, 1);
  const { page, problems } = await open(`/events/${event?.id}?view=changes`);
  const diff = page.getByRole("region", { name: "Original and delivered" });
  await diff.getByText('"kind": "b"').waitFor();
  expect(await diff.textContent()).toContain("12345678901234567890.10");
  await page.getByRole("radio", { name: "Delivered" }).click();
  await page.getByRole("region", { name: "Delivered payload" }).getByText("12345678901234567890.10").waitFor();
  expect(problems).toEqual([]);
});

test("a stranger's text is text: nothing of it runs, and what turns letters is written out", async () => {
  status = 200;
  const branch = await makeBranch(world, { to: { url: receiver.url } });
  const evil = {
    type: "<img src=x onerror=alert(1)>\u202egnp.exe",
    "k\u2066": "<script>document.title='ran'</script>",
  };
  const requestId = await branch.send(evil, { "x-odd": "<b>bold</b>" });
  const [event] = await endedEvents(branch, 1);
  for (const path of [`/requests/${requestId}`, `/events/${event?.id}`]) {
    const { page, problems } = await open(path);
    await page.getByRole("heading", { level: 1, name: "<img src=x onerror=alert(1)>⟨U+202E⟩gnp.exe" }).waitFor();
    await page.getByText('"k⟨U+2066⟩"').waitFor();
    expect(await page.title()).not.toBe("ran");
    expect(await page.locator("img, b:has-text('bold')").count()).toBe(0);
    expect(problems).toEqual([]);
  }
});

test("a large body waits for a press that says its size, does not hold up the page, and is saved byte for byte", async () => {
  status = 200;
  const branch = await makeBranch(world, { to: { url: receiver.url } });
  const body = `{"list":[${Array.from({ length: 120_000 }, (_, i) => `{"i":${i},"text":"some words of item ${i}"}`).join(",")}]}`;
  const { request_id: id } = await (await branch.post(body)).json();
  const { page, problems } = await open(`/requests/${id}`);
  const show = page.getByRole("button", { name: /^Show \d\.\d MB$/ });
  await show.click();
  await page.getByRole("region", { name: "Payload" }).getByText('"list"').waitFor();
  expect(await page.getByRole("region", { name: "Payload" }).locator(".relative").count()).toBeLessThan(100);
  const longest = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let [last, worst] = [performance.now(), 0];
        const step = (now: number) => {
          worst = Math.max(worst, now - last);
          last = now;
          if (now - start < 500) requestAnimationFrame(step);
          else resolve(worst);
        };
        const start = last;
        requestAnimationFrame(step);
      }),
  );
  expect(longest).toBeLessThan(400);
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download" }).click(),
  ]);
  expect(file.suggestedFilename()).toBe(`${id}.bin`);
  const saved = await fetch(`${web.url}/requests/${id}/raw`, { headers: { cookie: owner.cookie } });
  expect(saved.headers.get("content-type")).toBe("application/octet-stream");
  expect(saved.headers.get("content-security-policy")).toContain("sandbox");
  expect(await saved.text()).toBe(body);
  expect((await fetch(`${web.url}/requests/${id}/raw`)).status).toBe(401);
  expect(problems).toEqual([]);
});

describe("an id that names nothing", () => {
  test.each(["events", "requests", "attempts"])("of %s answers 404 within the frame and says so", async (kind) => {
    const one = { events: "event", requests: "request", attempts: "attempt" }[kind] ?? "";
    const path = `/${kind}/${newId(one as "event")}`;
    const answer = await fetch(`${web.url}${path}`, { headers: { cookie: owner.cookie } });
    expect(answer.status).toBe(404);
    const { page } = await open(path);
    await page
      .locator("[data-frame]")
      .getByRole("heading", { name: `There is no such ${one}`, level: 1 })
      .waitFor();
  });
});

test("the neighbours in the list are those of the filter in the address, and Esc leads back to it", async () => {
  const { branch, good, bad } = await brokenBranch();
  await makeBranch(world, { to: { url: receiver.url } }).then(({ send }) => send(TYPED("other")));
  const { page, problems } = await open(`/events/${bad.id}?connection_id=${branch.id}`);
  await page.getByRole("heading", { name: "Timeline" }).waitFor();
  const previous = page.getByRole("button", { name: "Previous" });
  const next = page.getByRole("button", { name: "Next" });
  await expect.poll(() => next.isEnabled()).toBe(true);
  expect(await previous.isEnabled()).toBe(false);
  await page.keyboard.press("j");
  await page.waitForURL(`**/events/${good.id}?connection_id=${branch.id}`);
  await expect.poll(() => previous.isEnabled()).toBe(true);
  expect(await next.isEnabled()).toBe(false);
  await page.keyboard.press("Escape");
  await page.waitForURL(`**/events?connection_id=${branch.id}&open=${good.id}`);
  await panelOf(page, "Event").getByRole("heading", { name: "Timeline" }).waitFor();
  expect(problems).toEqual([]);
});

describe("every detail", () => {
  test.each([
    { name: "1440 px, light", options: { ...WIDE, colorScheme: "light" as const } },
    { name: "1440 px, dark", options: { ...WIDE, colorScheme: "dark" as const } },
    { name: "390 px, light", options: { ...PHONE, colorScheme: "light" as const } },
    { name: "390 px, dark", options: { ...PHONE, colorScheme: "dark" as const } },
  ])("has no accessibility violation and no sideways scroll at $name", async ({ options }) => {
    const { branch, bad } = await brokenBranch();
    const [attempt] = await world.attempts(bad.id);
    const paths = [
      `/events/${bad.id}`,
      `/events/${bad.id}?tab=changed`,
      `/requests/${bad.request_id}`,
      `/attempts/${attempt?.id}`,
      `/events?connection_id=${branch.id}&open=${bad.id}`,
    ];
    for (const path of paths) {
      const { page, problems } = await open(path, options);
      await page.getByRole("tab").first().waitFor();
      await page.waitForLoadState("networkidle");
      expect(await violationsOn(page), path).toEqual([]);
      expect(await scrollsSideways(page), path).toBe(false);
      expect(problems).toEqual([]);
    }
  });
});
