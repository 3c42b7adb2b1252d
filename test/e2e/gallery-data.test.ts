import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Gallery, PHONE, startGallery, untilComplete, WIDE } from "#test/support/gallery.ts";
import { hasFocus, heightOf, violationsOn, widthOf } from "#test/support/page-look.ts";

let gallery: Gallery;

beforeAll(async () => {
  gallery = await startGallery();
});

afterAll(() => gallery?.[Symbol.asyncDispose]());

describe("a list", () => {
  test("of 5,000 rows draws those in sight, 32 px each below a head of 28, and tells how many there are", async () => {
    const { page, problems } = await gallery.open();
    const table = page.getByRole("grid", { name: "Events", exact: true });
    expect(await table.getAttribute("aria-rowcount")).toBe("5001");
    expect(await table.locator("[data-index]").count()).toBeLessThan(80);
    expect(await heightOf(table.locator("[data-index='0']"))).toBe(32);
    expect(await heightOf(table.locator("thead tr"))).toBe(28);
    expect(problems).toEqual([]);
  });

  test("is moved through by j, k and End, chosen by x and Shift x, opened by Enter and closed by Esc", async () => {
    const { page, problems } = await gallery.open();
    const row = (index: number) =>
      page.getByRole("grid", { name: "Events", exact: true }).locator(`[data-index='${index}']`);
    await row(0).focus();
    for (const key of ["j", "j", "k", "x", "j", "j", "Shift+X"]) await page.keyboard.press(key);
    expect(await hasFocus(row(3))).toBe(true);
    expect(await page.locator("[data-chosen]").textContent()).toBe("3 chosen");
    await page.keyboard.press("End");
    await expect.poll(() => hasFocus(row(4_999))).toBe(true);
    await page.keyboard.press("Home");
    await expect.poll(() => hasFocus(row(0))).toBe(true);
    await page.keyboard.press("Enter");
    const panel = page.getByRole("complementary", { name: "Event", exact: true });
    await panel.waitFor();
    expect(await row(0).getAttribute("aria-current")).toBe("true");
    expect(await violationsOn(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await panel.waitFor({ state: "detached" });
    expect(problems).toEqual([]);
  });

  test("has one tab stop, and keeps it wherever the list is scrolled to", async () => {
    const { page } = await gallery.open();
    const table = page.getByRole("grid", { name: "Events", exact: true });
    await table.locator("[data-index='0']").focus();
    await table.locator("..").evaluate((element) => element.scrollTo(0, 90_000));
    await table.locator("[data-index='2810']").waitFor();
    expect(await table.locator("tr[tabindex='0']").count()).toBe(1);
    expect(await hasFocus(table.locator("[data-index='0']"))).toBe(true);
  });

  test("is cards on a phone, where a panel is the page", async () => {
    const { page, problems } = await gallery.open(PHONE);
    const first = page.getByRole("grid", { name: "Events", exact: true }).locator("[data-index='0']");
    await expect.poll(() => heightOf(first)).toBe(84);
    await first.tap();
    const panel = page.getByRole("complementary", { name: "Event", exact: true });
    await panel.waitFor();
    expect(await first.isVisible()).toBe(false);
    await panel.getByRole("button", { name: "Close the panel" }).tap();
    await first.waitFor();
    expect(problems).toEqual([]);
  });
});

test("a panel is widened by keys within its bounds, and the width is remembered", async () => {
  const { page, problems } = await gallery.open();
  const open = async () => {
    await page.getByRole("grid", { name: "Events", exact: true }).locator("[data-index='1']").click();
    return page.getByRole("complementary", { name: "Event", exact: true });
  };
  expect(await widthOf(await open())).toBe(572);
  await page.getByRole("separator", { name: "Width of the panel" }).focus();
  await page.keyboard.press("ArrowLeft");
  expect(await widthOf(await open())).toBe(588);
  await page.getByRole("separator", { name: "Width of the panel" }).focus();
  await page.keyboard.press("Home");
  await page.reload();
  await untilComplete(page);
  expect(await widthOf(await open())).toBe(420);
  expect(problems).toEqual([]);
});

describe("a histogram", () => {
  test("is brushed by keyboard, as two sliders that say their times", async () => {
    const { page, problems } = await gallery.open();
    const [from, to] = [page.getByRole("slider", { name: "Time from" }), page.getByRole("slider", { name: "Time to" })];
    await from.focus();
    for (let i = 0; i < 3; i++) await page.keyboard.press("PageUp");
    await to.focus();
    await page.keyboard.press("ArrowLeft");
    expect(await from.getAttribute("aria-valuenow")).toBe("15");
    expect(await to.getAttribute("aria-valuenow")).toBe("59");
    expect(await from.getAttribute("aria-valuetext")).toMatch(/^\d\d:\d\d$/);
    expect(problems).toEqual([]);
  });

  test("is brushed by mouse", async () => {
    const { page } = await gallery.open();
    const figure = page.getByRole("figure", { name: "Events per minute by state" });
    await figure.scrollIntoViewIfNeeded();
    const box = await figure.boundingBox();
    if (!box) throw new Error("The histogram is not drawn.");
    await page.mouse.move(box.x + box.width / 4, box.y + 30);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + 30);
    await page.mouse.up();
    const now = (name: string) => page.getByRole("slider", { name }).getAttribute("aria-valuenow").then(Number);
    expect(await now("Time from")).toBeGreaterThan(12);
    expect(await now("Time to")).toBeLessThan(32);
  });
});

test("a slash opens the filters; a wrong value is refused in its place and a right one becomes a chip", async () => {
  const { page, problems } = await gallery.open();
  await page.keyboard.press("/");
  await page.getByRole("menuitem", { name: "Payload" }).waitFor();
  await page.getByRole("menuitem", { name: "Payload" }).press("Enter");
  const field = page.getByRole("textbox", { name: "Payload", exact: true });
  await field.fill("{");
  await page.getByRole("button", { name: "Apply" }).click();
  expect(await field.getAttribute("aria-invalid")).toBe("true");
  await field.fill('{"customer":"cus_1"}');
  await page.getByRole("button", { name: "Apply" }).click();
  await page.getByRole("button", { name: 'Payload has {"customer":"cus_1"}' }).waitFor();
  await page.getByRole("button", { name: "Remove the filter Payload has" }).last().click();
  await expect.poll(() => page.getByRole("button", { name: 'Payload has {"customer"' }).count()).toBe(0);
  expect(problems).toEqual([]);
});

test("a payload is searched and folded, with every digit and its own line numbers", async () => {
  const { page, problems } = await gallery.open({ ...WIDE, colorScheme: "dark" });
  const payload = page.getByRole("region", { name: "Payload" });
  expect(await payload.textContent()).toContain("12345678901234567890.10");
  await payload.getByRole("button", { name: "Fold body.data", exact: true }).click();
  expect(await payload.textContent()).toContain("{ 1 key }");
  await page.getByRole("textbox", { name: "Find in payload" }).fill("amount");
  await payload.getByText('"amount_due"').waitFor();
  expect(await payload.getByText("body.data.object.amount_due").count()).toBe(1);
  expect(await violationsOn(page)).toEqual([]);
  expect(problems).toEqual([]);
});
