// The page of issues in the real browser: what waits for a person first, the one action of each, and the ways to it.
import type { BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { IssueKind } from "#server/contracts/issue.ts";
import { borrowBrowser } from "#test/support/browser.ts";
import { createDatabase } from "#test/support/database.ts";
import { PHONE, WIDE } from "#test/support/gallery.ts";
import { layoutShiftOf, scrollsSideways, violationsInBothThemes } from "#test/support/page-look.ts";
import { signInAs } from "#test/support/people.ts";
import { plantedIssue, rejectingSource } from "#test/support/planted-issue.ts";
import { NO_GATEWAY, startWebRole } from "#test/support/web-role.ts";
import { createWorld, type World } from "#test/support/world.ts";

const stack = new AsyncDisposableStack();
let world: World;
let open: (path: string, options?: BrowserContextOptions) => Promise<{ page: Page; problems: string[] }>;
const ids = {} as Record<IssueKind, string>;

beforeAll(async () => {
  const database = stack.use(await createDatabase());
  // No worker: nothing ends what is planted here.
  world = stack.use(await createWorld({ databaseUrl: database.url, withWorker: false }));
  const web = stack.use(await startWebRole(database.url, NO_GATEWAY, { SWITCHYARD_SECRET: world.env.secret }));
  const browser = stack.use(await borrowBrowser());
  const { storageState } = await signInAs(web.url, database.url, "admin");
  open = (path, options = WIDE) => browser.open(web.url + path, { ...options, storageState });
  await plant();
});
afterAll(() => stack.disposeAsync());

async function plant(): Promise<void> {
  const url = "https://receiver.example.com/hook";
  const made = await world.connect({
    name: "orders-crm",
    source: { name: "shop" },
    destination: { name: "crm", config: { url } },
  });
  const at = (minutesAgo: number) => new Date(Date.now() - minutesAgo * 60_000);
  const subjects = {
    connection: { kind: "connection", id: made.id, name: "orders-crm" },
    destination: { kind: "destination", id: made.destination_id, name: "crm" },
    source: { kind: "source", id: made.source_id, name: "shop" },
  } as const;
  const { connection, destination, source } = subjects;
  const rows = [
    plantedIssue("tm_default", at(12), rejectingSource(made.source_id, "shop")),
    plantedIssue("tm_default", at(20), {
      subject: connection,
      evidence: {
        kind: "connection_failing",
        failed_attempts: 42,
        ended_failed: 3,
        last_delivered_at: at(40).toISOString(),
        destination_id: made.destination_id,
      },
    }),
    plantedIssue("tm_default", at(21), {
      subject: destination,
      evidence: { kind: "backlog", late_ms: 1_260_000, waiting_count: 4_544, threshold_ms: 900_000 },
    }),
    plantedIssue("tm_default", at(36), {
      subject: source,
      needsPerson: false,
      evidence: { kind: "source_silent", heard_at: at(47).toISOString(), period_ms: 660_000, gaps_seen: 204 },
    }),
  ];
  for (const row of rows) {
    ids[row.kind] = row.id;
    await world.ctx.app.db.issue.create({ data: row });
  }
}

const openId = (page: Page) => new URL(page.url()).searchParams.get("open");

test("is sound to people and to axe in both themes, and nothing moves", async () => {
  const { page, problems } = await open(`/issues?open=${ids.signature_failures}`, WIDE);
  await page.getByRole("heading", { name: "Probably a rotated secret" }).waitFor();
  await page.getByRole("radio", { name: "Open 4" }).waitFor();
  expect(await layoutShiftOf(page)).toBeLessThan(0.02);
  expect(await violationsInBothThemes(page)).toEqual([]);
  expect(problems).toEqual([]);
});

test("what waits for a person stands first and is counted in the rail; keys go through them", async () => {
  const { page, problems } = await open("/issues");
  const waits = page.getByRole("region", { name: "Waits for you" });
  await waits.getByRole("button").first().waitFor();
  expect(await waits.getByRole("button").count()).toBe(3);
  expect(await page.getByRole("region", { name: "Goes away by itself" }).getByRole("button").count()).toBe(1);
  await page.getByRole("link", { name: "Issues 3 need you" }).waitFor();
  await page.keyboard.press("j");
  await page.getByRole("link", { name: "Add the new secret…" }).waitFor();
  await page.keyboard.press("j");
  await page.getByRole("link", { name: "See what failed" }).waitFor();
  expect(openId(page)).toBe(ids.connection_failing);
  await page.keyboard.press("Escape");
  await expect.poll(() => openId(page)).toBeNull();
  expect(problems).toEqual([]);
});

test("one is muted, found among the muted, and brought back; another is resolved", async () => {
  const { page, problems } = await open(`/issues?open=${ids.backlog}`);
  await page.getByRole("button", { name: "Mute 1 h" }).click();
  await page.getByRole("button", { name: "Unmute" }).waitFor();
  await page.getByRole("radio", { name: "Muted 1" }).click();
  await page.getByRole("button", { name: /crm falls behind/ }).click();
  await page.getByRole("button", { name: "Unmute" }).click();
  await page.getByRole("radio", { name: "Open 4" }).waitFor();
  await page.getByRole("button", { name: "Resolve" }).click();
  await page.getByText("Closed: Resolved by hand").waitFor();
  await page.getByRole("radio", { name: "Open 3" }).waitFor();
  expect(problems).toEqual([]);
});

test("the drawer of what it is about, and the bar of the graph, lead to it", async () => {
  const { page, problems } = await open("/connections");
  await page.getByRole("link", { name: /issues$/ }).waitFor();
  // From the card to its issue, and back.
  await page.getByRole("link", { name: "Rejecting: to its issue" }).first().click();
  await page.getByRole("heading", { name: "Probably a rotated secret" }).waitFor();
  await page.getByRole("link", { name: "shop", exact: true }).click();
  await page.waitForURL(/connections\?panel=src_/);
  const [row] = await world.all<{ subject_id: string }>("select subject_id from issue where id = $1", [
    ids.signature_failures,
  ]);
  await page.goto(`${new URL(page.url()).origin}/connections?panel=${row?.subject_id}`);
  await page.getByRole("link", { name: "Rejecting: see the issue" }).click();
  await page.getByRole("heading", { name: "Probably a rotated secret" }).waitFor();
  expect(openId(page)).toBe(ids.signature_failures);
  expect(problems).toEqual([]);
});

test("on a phone nothing goes beyond the screen", async () => {
  const { page, problems } = await open("/issues", PHONE);
  await page.getByRole("button", { name: /Signatures of shop fail/ }).waitFor();
  expect(await scrollsSideways(page)).toBe(false);
  await page.getByRole("button", { name: /Signatures of shop fail/ }).click();
  await page.getByRole("link", { name: "Add the new secret…" }).waitFor();
  expect(await scrollsSideways(page)).toBe(false);
  expect(problems).toEqual([]);
});
