// The page of metrics in the real browser, over a made-up day.

import pg from "pg";
import type { BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeDay } from "#test/demo/day.ts";
import { writeHistory } from "#test/demo/history.ts";
import { borrowBrowser } from "#test/support/browser.ts";
import { createDatabase } from "#test/support/database.ts";
import { PHONE, WIDE } from "#test/support/gallery.ts";
import { type ListRows, openListRows } from "#test/support/list-rows.ts";
import { layoutShiftOf, scrollsSideways, violationsInBothThemes, violationsOn } from "#test/support/page-look.ts";
import { signInAs } from "#test/support/people.ts";
import { NO_GATEWAY, startWebRole } from "#test/support/web-role.ts";

const KINDS = ["outage", "failing", "paused"] as const;
const TEAM = "tm_default";

const stack = new AsyncDisposableStack();
let rows: ListRows;
let open: (path: string, options?: BrowserContextOptions) => Promise<{ page: Page; problems: string[] }>;

beforeAll(async () => {
  const database = stack.use(await createDatabase());
  const nowMs = Date.now();
  rows = stack.use(await openListRows(database.url, new Date(nowMs)));
  const branches = rows.branches.map((branch, i) => ({ ...branch, kind: KINDS[i] ?? "outage" }));
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  await writeHistory(pool, TEAM, makeDay(branches, 2_000, nowMs, 5), nowMs);
  await pool.end();
  const web = stack.use(await startWebRole(database.url, NO_GATEWAY));
  const browser = stack.use(await borrowBrowser());
  const { storageState } = await signInAs(web.url, database.url, "owner");
  open = async (path, options = WIDE) => {
    const opened = await browser.open(web.url + path, { ...options, storageState });
    await opened.page
      .getByRole("heading", { name: "Top failing" })
      .or(opened.page.getByRole("alert"))
      .first()
      .waitFor();
    return opened;
  };
});
afterAll(() => stack.disposeAsync());

const params = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams);
const bars = (page: Page) => page.locator(".recharts-bar-rectangle path");

test("is sound to people and to axe in both themes, and nothing moves as it loads", async () => {
  const { page, problems } = await open("/metrics", WIDE);
  await bars(page).first().waitFor();
  expect(await layoutShiftOf(page)).toBeLessThan(0.02);
  expect(await violationsInBothThemes(page)).toEqual([]);
  expect(problems).toEqual([]);
});

test("the page ends where its last words end", async () => {
  const { page } = await open("/metrics", WIDE);
  await bars(page).first().waitFor();
  const beneathPx = await page.getByText(/^Times are in/).evaluate((words) => {
    const scroller = words.closest(".overflow-auto") as Element;
    const endPx = words.getBoundingClientRect().bottom - scroller.getBoundingClientRect().top + scroller.scrollTop;
    return scroller.scrollHeight - endPx;
  });
  expect(beneathPx).toBeLessThan(100);
});

test("on a phone nothing goes beyond the screen", async () => {
  const { page, problems } = await open("/metrics", PHONE);
  await bars(page).first().waitFor();
  expect(await scrollsSideways(page)).toBe(false);
  expect(await violationsOn(page)).toEqual([]);
  expect(problems).toEqual([]);
});

test("a press on a bar opens its events, a drag narrows the charts, and back undoes it", async () => {
  const { page, problems } = await open("/metrics");
  await bars(page).first().waitFor();
  const box = await page.locator(".recharts-bar").first().boundingBox();
  if (!box) throw new Error("No bar is drawn.");
  const at = (share: number) => [box.x + box.width * share, box.y + box.height - 4] as const;
  await page.mouse.move(...at(0.3));
  await page.mouse.down();
  await page.mouse.move(...at(0.4), { steps: 4 });
  await page.mouse.move(...at(0.5), { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => params(page).time).toMatch(/^\S+Z\.\.\S+Z$/);
  const [from = "", to = ""] = params(page).time?.split("..") ?? [];
  expect(Date.parse(to) - Date.parse(from)).toBeGreaterThan(3 * 3_600_000);
  await page.goBack();
  await expect.poll(() => params(page)).toEqual({});

  await page.mouse.move(...at(0.5));
  await page.mouse.move(...at(0.501));
  await page.mouse.down();
  await page.mouse.up();
  await page.waitForURL(/\/events\?time=/);
  await page.getByRole("grid", { name: "Events", exact: true }).locator("[data-index='0']").waitFor();
  expect(problems).toEqual([]);
});

test("the span, the comparison and the one that the charts are of stand in the URL", async () => {
  const { page, problems } = await open(`/metrics?by=destination&of=${rows.branches[2]?.destinationId}&compare=false`);
  await page.getByText("As a table").press("Enter");
  const table = page.getByRole("region", { name: "Events by bucket" });
  await table.waitFor();
  expect(await page.getByText("the 24 h before", { exact: true }).count()).toBe(0);
  await page.getByRole("radio", { name: "7 d" }).click();
  await expect.poll(() => params(page).time).toBe("7d");
  await page.getByText("Buckets of an hour").waitFor();
  await page.getByRole("radio", { name: "By source" }).click();
  await expect.poll(() => params(page)).toEqual({ by: "source", compare: "false", time: "7d" });
  await page.reload();
  await page.getByText("attempts that failed, by source").waitFor();
  await page.getByRole("link", { name: /Signature does not verify/ }).click();
  await page.waitForURL(/\/requests\?rejection_cause=VERIFICATION_FAILED&time=7d/);
  expect(problems).toEqual([]);
});

test("a time without anything says so, and shows zeros", async () => {
  const { page, problems } = await open("/metrics?time=2026-01-05T00:00:00.000Z..2026-01-06T00:00:00.000Z");
  await page.getByRole("heading", { name: "Nothing happened in this time" }).waitFor();
  expect(problems).toEqual([]);
});
