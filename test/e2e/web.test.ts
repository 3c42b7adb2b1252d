import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEFAULT_TEAM } from "#server/auth/bootstrap.ts";
import { newId } from "#server/ids.ts";
import { borrowBrowser, type TestBrowser } from "#test/support/browser.ts";
import { createDatabase, type TestDatabase } from "#test/support/database.ts";
import { firstLoadBytes, staticPages } from "#test/support/first-load.ts";
import { EXPECTED, insertOverviewRows } from "#test/support/overview-rows.ts";
import { layoutShiftOf, scrollsSideways, violationsInBothThemes, violationsOn } from "#test/support/page-look.ts";
import { type SignedIn, signInAs } from "#test/support/people.ts";
import { NO_GATEWAY, startWebRole, type WebRole } from "#test/support/web-role.ts";

let database: TestDatabase;
let web: WebRole;
let browser: TestBrowser;
let signedIn: SignedIn;

beforeAll(async () => {
  database = await createDatabase();
  web = await startWebRole(database.url, NO_GATEWAY);
  signedIn = await signInAs(web.url, database.url, "member");
  browser = await borrowBrowser();
});

afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await web?.[Symbol.asyncDispose]();
  await database?.[Symbol.asyncDispose]();
});

describe("an installation that has seen nothing", () => {
  test("shows the way to a first event, and the numbers once it came, without a reload", async () => {
    const { page, problems } = await browser.open(web.url, {
      storageState: signedIn.storageState,
      viewport: { width: 360, height: 740 },
    });
    await page.getByText("Three steps to the first webhook").waitFor();
    expect(await violationsOn(page)).toEqual([]);
    expect(await scrollsSideways(page)).toBe(false);

    await insertOverviewRows(database.url, new Date());

    await page.getByRole("heading", { name: "Live tail" }).waitFor();
    expect(problems).toEqual([]);
  });
});

describe("the overview", () => {
  test("shows the day's numbers, what needs somebody, and the last events with state, type, route and answer", async () => {
    const { page, problems } = await browser.open(web.url, {
      storageState: signedIn.storageState,
      viewport: { width: 1280, height: 800 },
    });
    const table = page.getByRole("table");
    await table.waitFor();
    for (const number of Object.values(EXPECTED)) await page.getByText(number, { exact: true }).first().waitFor();
    const rows = await table.getByRole("row").allTextContents();
    expect(rows).toHaveLength(9);
    const failed = table.getByRole("row", { name: "charge.refunded" }).getByRole("cell");
    expect(await failed.allInnerTexts()).toEqual([
      "Failed",
      "charge.refunded",
      expect.stringMatching(/payments .*billing-service/s),
      "REFUSED",
      "–",
      expect.stringMatching(/^\d\d:\d\d:\d\d\.\d{3}$/),
    ]);
    const needs = page.getByRole("region", { name: /Needs you/ }).getByRole("listitem");
    expect(await needs.allInnerTexts()).toEqual([
      expect.stringMatching(/payments-to-billing has 1 failed event.*Replay 1 failed/s),
      expect.stringMatching(/payments-to-billing holds 1.*See the events/s),
    ]);
    expect(problems).toEqual([]);
  });

  test.each([360, 2560])(
    "has no accessibility violation in either theme, no sideways scroll and no shift at %i px",
    async (width) => {
      const { page, problems } = await browser.open(web.url, {
        storageState: signedIn.storageState,
        viewport: { width, height: 900 },
      });
      await page.getByRole("table").waitFor();
      expect(await violationsInBothThemes(page)).toEqual([]);
      expect(await scrollsSideways(page)).toBe(false);
      await page.getByText("1 held, 1 queued").waitFor();
      expect(await layoutShiftOf(page)).toBeLessThan(0.02);
      expect(problems).toEqual([]);
    },
  );

  test("says so when the data cannot be read, and comes back when it can", async () => {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query("alter table rollup_minute rename to rollup_minute_away");
    const { page } = await browser.open(web.url, { storageState: signedIn.storageState });
    await page.getByRole("heading", { name: "This page could not be loaded" }).waitFor();
    await client.query("alter table rollup_minute_away rename to rollup_minute");
    await client.end();

    await page.getByRole("button", { name: "Try again" }).click();

    await page.getByRole("table").waitFor();
  });

  test("is served under a policy without inline script or style", async () => {
    const answer = await fetch(web.url, { headers: { cookie: signedIn.cookie } });
    const policy = answer.headers.get("content-security-policy") ?? "";
    const nonce = /script-src [^;]*'nonce-([^']+)'/.exec(policy)?.[1];
    const scripts = (await answer.text()).match(/<script[^>]*>/g) ?? [];
    expect(policy).not.toContain("unsafe");
    expect(scripts.length).toBeGreaterThan(0);
    expect(scripts.filter((script) => !script.includes(`nonce="${nonce}"`))).toEqual([]);
  });
});

test("no page needs more than 250 kB of script before it can be used", async () => {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query<{ id: string }>("select id from event limit 1");
  const transformation = newId("transformation");
  await client.query(
    "insert into transformation (id, team_id, name, code) values ($1, $2, 'weighed', 'return request;')",
    [transformation, DEFAULT_TEAM],
  );
  await client.end();
  const paths = [
    ...(await staticPages()).filter((path) => path !== "/gallery"),
    `/events/${rows[0]?.id}`,
    `/transformations/${transformation}`,
  ];
  expect(paths).toContain("/");
  const sizes = await Promise.all(
    paths.map(async (path) => [path, await firstLoadBytes(web.url, path, { cookie: signedIn.cookie })] as const),
  );
  // Less than the framework alone would be a page whose scripts were not found.
  expect(sizes.filter(([, bytes]) => bytes < 120_000)).toEqual([]);
  expect(sizes.filter(([, bytes]) => bytes > 250_000)).toEqual([]);
});

test("a page that does not exist answers 404 and says so", async () => {
  const answer = await fetch(`${web.url}/nowhere`);
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain("There is no page here");
});
