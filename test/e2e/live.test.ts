// Pages that stay open: what somebody else does, and a server that goes away and comes back.
import pg from "pg";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "#server/ids.ts";
import { borrowBrowser, type TestBrowser } from "#test/support/browser.ts";
import { createDatabase, type TestDatabase } from "#test/support/database.ts";
import { takePort } from "#test/support/free-port.ts";
import { insertOverviewRows } from "#test/support/overview-rows.ts";
import { violationsOn } from "#test/support/page-look.ts";
import { type SignedIn, signInAs } from "#test/support/people.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { connect, startRolesOn } from "#test/support/system.ts";
import { startWebRole, type WebRole } from "#test/support/web-role.ts";

let postgres: TestDatabase;
let port: number;
let web: WebRole;
let browser: TestBrowser;
let signedIn: SignedIn;
let database: pg.Client;

const startWeb = () => startWebRole(postgres.url, port + 1, { PORT: String(port) });

beforeAll(async () => {
  postgres = await createDatabase();
  port = await takePort();
  web = await startWeb();
  signedIn = await signInAs(web.url, postgres.url, "owner");
  await insertOverviewRows(postgres.url, new Date());
  database = new pg.Client({ connectionString: postgres.url });
  await database.connect();
  // What has no request any more cannot be sent again.
  await database.query(
    `insert into request (team_id, id, source_id, status, verified, method, path, query, headers, body, content_type, body_bytes, remote_ip, created_at)
     select team_id, request_id, source_id, 'accepted', true, 'POST', '/', '', '[]', '{}', 'application/json', 2, '127.0.0.1', created_at
     from event where status = 'FAILED'`,
  );
  browser = await borrowBrowser();
});

afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await web?.[Symbol.asyncDispose]();
  await database?.end();
  await postgres?.[Symbol.asyncDispose]();
});

async function openOverview(): Promise<{ page: Page; problems: string[] }> {
  const opened = await browser.open(web.url, { ...signedIn, viewport: { width: 1280, height: 900 } });
  await opened.page.getByText(/^Live · /).waitFor();
  await opened.page.getByText(/^1 held, /).waitFor();
  return opened;
}

/** An event as routing makes it, of the one connection that there is. */
async function insertEvent(eventType: string): Promise<void> {
  await database.query(
    `insert into event (team_id, id, request_id, source_id, connection_id, destination_id, status, event_type, attempts, trigger, why, created_at)
     select team_id, $1, $2, source_id, id, destination_id, 'QUEUED', $3, 0, 'INITIAL', '[]', now() from connection`,
    [newId("event"), newId("request"), eventType],
  );
}

test("what one browser changes another shows within two seconds, and events as they come", async () => {
  const [one, other] = [await openOverview(), await openOverview()];
  const needs = other.page.getByRole("region", { name: /Needs you/ });
  await needs.getByText("payments-to-billing has 1 failed event").waitFor();

  const status = await one.page.evaluate(async () => {
    const list = await (await fetch("/api/trpc/connections.list?input=%7B%7D")).json();
    const answer = await fetch("/api/trpc/connections.update", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ id: list.result.data.data[0].id, name: "renamed-elsewhere" }),
    });
    return answer.status;
  });
  expect(status).toBe(200);
  const changedAtMs = performance.now();
  await needs.getByText("renamed-elsewhere has 1 failed event").waitFor({ timeout: 5_000 });
  expect(performance.now() - changedAtMs).toBeLessThan(2_000);

  await insertEvent("came.while.open");
  for (const { page } of [one, other]) await page.getByRole("link", { name: "came.while.open" }).waitFor();
  await other.page.getByRole("button", { name: "Hold still" }).click();
  await insertEvent("came.while.held");
  await other.page.getByText("1 new", { exact: true }).waitFor();
  expect(await other.page.getByText("came.while.held").count()).toBe(0);
  await one.page.getByText("came.while.held").waitFor();
  await other.page.getByRole("button", { name: "Go on" }).click();
  await other.page.getByText("came.while.held").waitFor();
  expect([...one.problems, ...other.problems]).toEqual([]);
});

test("failed events are replayed from the overview in two presses", async () => {
  const { page, problems } = await openOverview();
  await page.getByRole("button", { name: "Replay 1 failed" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: /^Replay 1 event/ }).click();
  await expect
    .poll(async () => (await database.query("select count(*)::int as n from bulk_operation")).rows, { timeout: 10_000 })
    .toEqual([{ n: 1 }]);
  expect(problems).toEqual([]);
});

test("a page says that the server is away and since when, and has caught up by itself when it is back", async () => {
  const { page } = await openOverview();
  await web.kill();
  await page.getByText(/No answer from the server\. Last update \d+ s ago\./).waitFor();
  await page.getByText(/^From \d\d:\d\d:\d\d UTC/).waitFor();
  expect(await violationsOn(page)).toEqual([]);
  await insertEvent("came.while.away");
  web = await startWeb();
  await page.getByRole("link", { name: "came.while.away" }).waitFor();
  await page.getByText(/^Live · /).waitFor();
  expect(await page.getByText("No answer from the server").count()).toBe(0);
});

test("a gateway is killed while a page watches: the page stays, and shows what comes to the next one as it comes", async () => {
  await using receiver = await startReceiver();
  await using roles = await startRolesOn(postgres.url);
  let gateway = await roles.startGateway();
  await roles.startWorker();
  const to = { name: "watched-destination", config: { url: receiver.url } };
  const { path } = await connect(gateway, { name: "watched", destination: to });
  const send = async (type: string) => {
    const headers = { "content-type": "application/json" };
    return (await fetch(gateway.url + path, { method: "POST", headers, body: JSON.stringify({ type }) })).status;
  };
  const { page, problems } = await browser.open(web.url, { ...signedIn, viewport: { width: 1280, height: 900 } });
  await page.getByText(/^Live · /).waitFor();
  expect(await send("came.before.the.kill")).toBe(200);
  await page.getByRole("link", { name: "came.before.the.kill" }).waitFor();
  await gateway.kill();
  await expect(send("came.to.nobody")).rejects.toThrow();
  gateway = await roles.startGateway(gateway.url);
  expect(await send("came.after.the.kill")).toBe(200);
  await page.getByRole("link", { name: "came.after.the.kill" }).waitFor();
  await page.getByText(/^Live · /).waitFor();
  expect(problems).toEqual([]);
});
