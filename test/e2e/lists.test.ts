// The pages of requests, events and attempts in the real browser.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PHONE, WIDE } from "#test/support/gallery.ts";
import { type ListPages, startListPages } from "#test/support/list-pages.ts";
import { insertOldRequests, type ListRows } from "#test/support/list-rows.ts";
import {
  hasFocus,
  heightOf,
  layoutShiftOf,
  scrollsSideways,
  violationsInBothThemes,
  violationsOn,
  widthOf,
} from "#test/support/page-look.ts";

const REQUESTS = 720;
/** Each twelfth request is rejected, and of ten fates one is FAILED. */
const EVENTS = 660;

let rows: ListRows;
let open: ListPages["open"];
let pages: ListPages | undefined;

beforeAll(async () => {
  pages = await startListPages(REQUESTS);
  ({ rows, open } = pages);
});
afterAll(() => pages?.[Symbol.asyncDispose]());

const grid = (page: Page, name = "Events") => page.getByRole("grid", { name, exact: true });
const row = (page: Page, index: number, name = "Events") => grid(page, name).locator(`[data-index='${index}']`);
const matching = (page: Page) => page.getByText(/^(at least )?[\d,]+ match$/);
const params = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams);
const addFilter = async (page: Page, name: string) => {
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByRole("menuitem", { name, exact: true }).click();
};

describe("a filter", () => {
  test("goes into the URL and back, and so does each step of the history", async () => {
    const { page, problems } = await open("/events");
    await expect.poll(() => matching(page).textContent()).toBe(`${EVENTS} match`);
    await addFilter(page, "Destination");
    const popover = page.getByRole("dialog", { name: "Filter: Destination" });
    await popover.getByText("billing-ledger").click();
    await popover.getByRole("button", { name: "Apply" }).click();
    await page.getByRole("button", { name: "Destination is billing-ledger" }).waitFor();
    await expect.poll(() => params(page)).toEqual({ destination_id: rows.branches[0]?.destinationId });
    await addFilter(page, "Answer");
    await page.getByRole("textbox", { name: "Answer" }).fill("500-599");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Answer 500 to 599" }).waitFor();
    await expect.poll(() => grid(page).getByText("503").count()).toBeGreaterThan(5);
    expect(await grid(page).getByText("200", { exact: true }).count()).toBe(0);
    await page.reload();
    await row(page, 0).waitFor();
    page.on("request", (request) => void (request.url().includes("_rsc=") && problems.push(request.url())));
    await page.goBack();
    await page.getByRole("button", { name: "Answer 500 to 599" }).waitFor({ state: "detached" });
    await expect.poll(() => params(page)).toEqual({ destination_id: rows.branches[0]?.destinationId });
    await page.goBack();
    await expect.poll(() => params(page)).toEqual({});
    await page.getByText(`${EVENTS} match`, { exact: true }).waitFor();
    expect(problems).toEqual([]);
  });

  test("that nothing matches says so and can be cleared; one that is nonsense is none", async () => {
    const { page, problems } = await open("/events?event_type=no.such&status=EVIL&time=yesterday");
    await page.getByRole("heading", { name: "No event matches" }).waitFor();
    expect(await page.getByRole("button", { name: "Time last 24 h" }).count()).toBe(1);
    await page.getByRole("button", { name: "Clear the filters" }).click();
    await row(page, 0).waitFor();
    await expect.poll(() => new URL(page.url()).search).toBe("");
    expect(problems).toEqual([]);
  });

  test("that the server does not take is answered with its sentence, and the list can be tried again", async () => {
    const { page, problems } = await open(`/events?body=${encodeURIComponent('{"n":1e20000}')}`);
    const alert = page.getByRole("alert");
    await alert.getByText("Search for numbers of at most 10000 digits").waitFor();
    await alert.getByRole("button", { name: "Try again" }).click();
    await alert.getByText("Deliveries go on").waitFor();
    await page.getByRole("button", { name: "Remove the filter Payload has" }).click();
    await row(page, 0).waitFor();
    expect(problems.filter((problem) => !problem.includes("422"))).toEqual([]);
  });

  test("on the payload is typed as path and value, counts what it finds, and is no search for what is no JSON", async () => {
    const { page, problems } = await open("/requests");
    const search = page.getByRole("textbox", { name: "Payload contains, or paste an id" });
    await search.fill("cus_3");
    await search.press("Enter");
    await page.getByRole("alert").getByText("customer: cus_1").waitFor();
    await search.fill("customer: cus_3");
    await search.press("Enter");
    await page.getByRole("button", { name: 'Payload has {"customer":"cus_3"}' }).waitFor();
    const expected = Array.from({ length: REQUESTS }, (_, i) => i).filter((i) => i % 7 === 3).length;
    await expect.poll(() => matching(page).textContent()).toBe(`${expected} match`);
    await expect.poll(() => params(page)).toEqual({ body: '{"customer":"cus_3"}' });
    expect(problems).toEqual([]);
  });
});

test("a search that hardly anything matches looks for a while, stops, says how far it came, and goes on when it is asked to", async () => {
  const at = new Date(Date.now() - 30 * 3_600_000);
  await insertOldRequests(rows, at, 54_000);
  const { page, problems } = await open(`/requests?time=7d&body=${encodeURIComponent('{"customer":"nobody"}')}`);
  const looked = page.getByText(`Looked back to ${at.toISOString().replace("T", " ").replace("Z", " UTC")}`);
  await looked.waitFor();
  await page.getByRole("button", { name: "Look further" }).click();
  await page.getByRole("heading", { name: "No request matches" }).waitFor();
  expect(problems).toEqual([]);
});

test("an id that is pasted into the palette or the search opens its page", async () => {
  const { page, problems } = await open("/events?status=FAILED");
  const newest = "select id from event where status = 'FAILED' order by id desc limit 1";
  const { id } = (await rows.client.query(newest)).rows[0];
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog", { name: "Find or do" }).getByRole("combobox").fill(`see ${id}`);
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/events/${id}`);
  await page.goBack();
  await row(page, 0).waitFor();
  await expect.poll(() => params(page)).toEqual({ status: "FAILED" });
  await page.getByRole("textbox", { name: "Payload contains, or paste an id" }).fill(id);
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/events/${id}`);
  expect(problems).toEqual([]);
});

test("a brush over the histogram narrows the list to its bars, which stay, and back undoes it", async () => {
  const { page, problems } = await open("/requests?time=1h");
  const bars = page.getByRole("figure", { name: "Requests over time by state" }).locator("svg").first();
  const box = await bars.boundingBox();
  if (!box) throw new Error("The histogram is not drawn.");
  const all = Number((await matching(page).textContent())?.replace(/\D/g, ""));
  await page.mouse.move(box.x + box.width * 0.752, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.99, box.y + 20, { steps: 5 });
  await page.mouse.up();
  await expect.poll(() => Object.keys(params(page))).toEqual(["time", "axis"]);
  const { time = "", axis = "" } = params(page);
  const [[from = "", to = ""], [start = "", end = ""]] = [time.split(".."), axis.split("..")];
  expect((Date.parse(to) - Date.parse(from)) / (Date.parse(end) - Date.parse(start))).toBeCloseTo(0.25, 1);
  const inRange = await rows.client.query(
    "select count(*)::int as count from request where created_at between $1 and $2",
    [from, to],
  );
  await expect.poll(() => matching(page).textContent()).toBe(`${inRange.rows[0].count} match`);
  expect(inRange.rows[0].count).toBeLessThan(all / 2);
  expect(await page.getByRole("slider", { name: "Time from" }).getAttribute("aria-valuenow")).toBe("45");
  await page.goBack();
  await expect.poll(() => params(page)).toEqual({ time: "1h" });
  expect(problems).toEqual([]);
});

describe("the rows", () => {
  test("are moved through, chosen and opened by keys from anywhere on the page; Esc goes back one layer", async () => {
    const { page, problems } = await open("/events");
    await row(page, 0).waitFor();
    for (const key of ["j", "j", "j", "k", "x", "j", "j", "Shift+X"]) await page.keyboard.press(key);
    await page.getByText("3 selected").waitFor();
    await expect.poll(() => hasFocus(row(page, 3))).toBe(true);
    const stop = grid(page).locator("tr[tabindex='0']");
    await expect
      .poll(
        async () => {
          await page.keyboard.press("End");
          return Number(await stop.getAttribute("data-index"));
        },
        { timeout: 20_000 },
      )
      .toBeGreaterThan(280);
    await page.keyboard.press("Shift+X");
    await page.getByText("At most 255 rows at once").waitFor();
    await page.getByRole("button", { name: `Select all ${EVENTS} that match` }).click();
    await page.getByText(`${EVENTS} selected`).waitFor();
    for (const key of ["k", "Home"]) await page.keyboard.press(key);
    await expect.poll(() => hasFocus(row(page, 0))).toBe(true);
    for (const key of ["j", "j", "j", "Enter"]) await page.keyboard.press(key);
    const panel = page.getByRole("complementary", { name: "Event", exact: true });
    await panel.waitFor();
    await expect.poll(() => params(page).open).toMatch(/^evt_/);
    const opened = params(page).open;
    await panel.getByRole("button", { name: "Next" }).click();
    await expect.poll(() => row(page, 4).getAttribute("aria-current")).toBe("true");
    await expect.poll(() => params(page).open).not.toBe(opened);
    await page.keyboard.press("Escape");
    await panel.waitFor({ state: "detached" });
    await expect.poll(() => params(page)).toEqual({});
    await page.keyboard.press("Escape");
    await page.getByText(`${EVENTS} selected`).waitFor({ state: "detached" });
    expect(problems).toEqual([]);
  });

  test("get their new state in place, also far from the newest", async () => {
    const { page, problems } = await open("/events");
    await row(page, 0).focus();
    await page.keyboard.press("End");
    const last = row(page, 99);
    await expect.poll(() => hasFocus(last)).toBe(true);
    const far = "(select id from event order by id desc offset 99 limit 1)";
    const moved = await rows.client.query(
      `update event set status = 'CANCELLED' where id = ${far} returning (select status from event as e where e.id = event.id)`,
    );
    await last.getByText("Cancelled").waitFor();
    await rows.client.query(`update event set status = $1 where id = ${far}`, [moved.rows[0].status]);
    expect(problems).toEqual([]);
  });

  test("are paged to the end, each once", async () => {
    const { page, problems } = await open("/requests");
    const seen: string[] = [];
    page.on("response", async (response) => {
      // Other calls look at the newest rows again, and at those in sight.
      if (!response.url().includes("requests.list") || !response.url().includes("%22limit%22%3A100")) return;
      const answer = (await response.json()) as { result: { data: { data: { id: string }[] } } };
      seen.push(...answer.result.data.data.map(({ id }) => id));
    });
    await page.reload();
    await row(page, 0, "Requests").focus();
    await expect
      .poll(
        async () => {
          await page.keyboard.press("End");
          return grid(page, "Requests").getAttribute("aria-rowcount");
        },
        { timeout: 30_000 },
      )
      .toBe(String(REQUESTS + 1));
    // The page may draw an answer before the test has read it.
    await expect.poll(() => new Set(seen).size).toBe(REQUESTS);
    expect(seen.length).toBe(REQUESTS);
    expect(await grid(page, "Requests").locator("[data-index]").count()).toBeLessThan(80);
    expect(problems).toEqual([]);
  });

  test("that come meanwhile wait behind a number, and nothing moves until it is pressed", async () => {
    const { page, problems } = await open("/attempts");
    // An id stands there until the names have come.
    await row(page, 0, "Attempts").getByText("billing-ledger").waitFor();
    const before = await row(page, 0, "Attempts").textContent();
    const at = Date.now();
    for (let i = 0; i < 3; i++) await rows.add(new Date(at + i), 0);
    const pill = page.getByRole("button", { name: "3 new" });
    await pill.waitFor();
    expect((await row(page, 0, "Attempts").textContent())?.slice(0, 30)).toBe(before?.slice(0, 30));
    await pill.click();
    await pill.waitFor({ state: "detached" });
    await grid(page, "Attempts")
      .locator("[data-index='0'] time")
      .getByText(/^(just now|\d+ s)$/)
      .waitFor();
    expect(problems).toEqual([]);
  });
});

describe("the look", () => {
  test("keeps axe and the eye content in both themes: no shift, no word in the console", async () => {
    for (const path of ["/events", "/requests", "/attempts"]) {
      const { page, problems } = await open(path, WIDE);
      await page.getByRole("grid").locator("[data-index='0']").waitFor();
      expect(await layoutShiftOf(page)).toBeLessThan(0.02);
      await page.getByRole("grid").locator("[data-index='2']").click();
      await page.getByRole("complementary").waitFor();
      expect(await violationsInBothThemes(page)).toEqual([]);
      expect(problems).toEqual([]);
    }
  });

  test("is cards on a phone, where the panel is the page and nothing scrolls sideways", async () => {
    for (const path of ["/requests", "/events", "/attempts"]) {
      const { page, problems } = await open(path, PHONE);
      const first = page.getByRole("grid").locator("[data-index='0']");
      await expect.poll(() => heightOf(first)).toBe(84);
      expect([(await layoutShiftOf(page)) < 0.02, await scrollsSideways(page)]).toEqual([true, false]);
      await first.tap();
      await page.getByRole("complementary").waitFor();
      const search = page.getByRole("textbox", { name: /aste an id$/ });
      expect([await first.isVisible(), await search.isVisible()]).toEqual([false, false]);
      if (path === "/requests") expect(await violationsOn(page)).toEqual([]);
      await page.goBack();
      await first.waitFor();
      expect(problems).toEqual([]);
    }
  });

  test("lets the panel lie over the list below 1100 px, and leaves 64 px of that", async () => {
    const { page, problems } = await open("/events", { viewport: { width: 768, height: 900 } });
    await row(page, 1).click();
    const panel = page.getByRole("complementary", { name: "Event", exact: true });
    await panel.waitFor();
    const list = await widthOf(page.locator("main"));
    expect(await widthOf(panel)).toBe(Math.min(572, list - 64));
    expect(await widthOf(grid(page))).toBe(list);
    expect(problems).toEqual([]);
  });
});
