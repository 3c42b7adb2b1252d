// Another team's bytes in the browser of somebody who is signed in, on the running product.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { borrowBrowser, type TestBrowser } from "#test/support/browser.ts";
import { PASSWORD, type SignedIn, signedInState } from "#test/support/people.ts";
import { type Installation, makeInstallation, type Start, startSwitchyard } from "#test/support/start.ts";

const KEY = `sy_${"k".repeat(43)}`;
const OWNER = { email: "owner@example.com" };
const stack = new AsyncDisposableStack();
let installation: Installation;
let running: Start;
let browser: TestBrowser;
let storageState: SignedIn["storageState"];

beforeAll(async () => {
  installation = stack.use(await makeInstallation(inject("migratedCluster")));
  running = stack.use(
    startSwitchyard(installation, {
      SWITCHYARD_API_KEY: KEY,
      SWITCHYARD_OWNER_EMAIL: OWNER.email,
      SWITCHYARD_OWNER_PASSWORD: PASSWORD,
    }),
  );
  await running.ready();
  ({ storageState } = await signedInState(installation.dashboardUrl, OWNER));
  browser = stack.use(await borrowBrowser());
});
afterAll(() => stack.disposeAsync());

const READ_AND_TELL =
  "fetch('/api/trpc/sources.list?input=%7B%7D').then(r=>r.text()).then(t=>{document.title='read '+t})";
const HTML = `<!doctype html><title>mine</title><script>document.title='ran';${READ_AND_TELL}</script><img src=x onerror="document.title='ran'">`;
const SVG = `<svg xmlns="http://www.w3.org/2000/svg"><title>mine</title><script>${READ_AND_TELL}</script></svg>`;

let made = 0;
/** The path of a source that answers with this. */
async function pathOf(content_type: string, body: string): Promise<string> {
  const config = { allowed_http_methods: ["GET"], custom_response: { status: 200, content_type, body } };
  const answer = await fetch(`${installation.gatewayUrl}/v1/sources`, {
    method: "POST",
    headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
    body: JSON.stringify({ name: `own-answer-${++made}`, config }),
  });
  expect(answer.status).toBe(201);
  return new URL(((await answer.json()) as { url: string }).url).pathname;
}

/** What becomes of an element of the dashboard's own page that loads `src`. */
const loadAs = (page: Page, tag: "script" | "iframe" | "object" | "embed", src: string) =>
  page.evaluate(
    ({ tag, src }) =>
      new Promise<string>((resolve) => {
        const element = document.createElement(tag);
        element.addEventListener("error", () => resolve("refused"));
        element.addEventListener("load", () => resolve("loaded"));
        element.setAttribute(tag === "object" ? "data" : "src", src);
        document.body.append(element);
      }),
    { tag, src },
  );

describe("a script in a source's own answer", () => {
  test.each([
    ["text/html", HTML],
    ["image/svg+xml", SVG],
  ])("as %s does not run at the gateway's port", async (type, body) => {
    const { page, problems } = await browser.open(installation.gatewayUrl + (await pathOf(type, body)), {
      storageState,
    });
    expect(problems).toContainEqual(expect.stringMatching(/Blocked script execution.*sandbox/));
    expect(await page.title()).not.toMatch(/ran|read/);
  });

  test.each([
    ["text/html", HTML],
    ["image/svg+xml", SVG],
    ["application/xhtml+xml", SVG],
    ["text/html; charset=x\tq=1", HTML],
  ])("as %s is no page on the dashboard's origin, and the dashboard does not embed it", async (type, body) => {
    const path = await pathOf(type, body);
    const { page } = await browser.open(installation.dashboardUrl, { storageState });
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    const title = await page.title();
    const download = page.waitForEvent("download");
    await expect(page.goto(installation.dashboardUrl + path)).rejects.toThrow(/Download|ERR_ABORTED/);
    await (await download).cancel();
    expect([page.url(), await page.title()]).toEqual([`${installation.dashboardUrl}/`, title]);
  });

  test("is no script, worker or style of the dashboard", async () => {
    const path = await pathOf("text/javascript", "document.title = 'ran'");
    const { page } = await browser.open(installation.dashboardUrl, { storageState });
    const title = await page.title();
    expect(await loadAs(page, "script", path)).toBe("refused");
    const register = (script: string) =>
      page.evaluate(
        (url) =>
          navigator.serviceWorker.register(url).then(
            () => "registered",
            (error) => error.name,
          ),
        script,
      );
    expect(await register(path)).toBe("SecurityError");
    expect(await page.title()).toBe(title);
  });
});

test("what a page of another origin sends to tRPC is refused, what the dashboard's own page asks is answered", async () => {
  const query = `${installation.dashboardUrl}/api/trpc/sources.list?input=%7B%7D`;
  const { page } = await browser.open(`${installation.gatewayUrl}/healthz`, { storageState });
  const [form] = await Promise.all([
    page.waitForNavigation(),
    page.evaluate((action) => {
      const forged = Object.assign(document.createElement("form"), { action, method: "post", enctype: "text/plain" });
      document.body.append(forged);
      forged.submit();
    }, `${installation.dashboardUrl}/api/trpc/sources.create`),
  ]);
  expect(form?.status()).toBe(403);
  await page.goto(`${installation.gatewayUrl}/healthz`);
  const [link] = await Promise.all([page.waitForNavigation(), page.evaluate((url) => location.assign(url), query)]);
  expect(link?.status()).toBe(403);

  await page.goto(installation.dashboardUrl);
  expect(await page.evaluate((url) => fetch(url).then(({ status }) => status), query)).toBe(200);
});
