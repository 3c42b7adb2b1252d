import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Gallery, PHONE, startGallery, WIDE } from "#test/support/gallery.ts";
import {
  hasFocus,
  heightOf,
  scrollsSideways,
  violationsInBothThemes,
  violationsOn,
  widthOf,
} from "#test/support/page-look.ts";

let gallery: Gallery;

beforeAll(async () => {
  gallery = await startGallery();
});

afterAll(() => gallery?.[Symbol.asyncDispose]());

describe("every primitive in every state", () => {
  test.each([
    ["1440 px in both themes", WIDE, violationsInBothThemes],
    // The colours of the dark theme are those of the wide page.
    ["900 px", { viewport: { width: 900, height: 900 } }, violationsOn],
    ["390 px", PHONE, violationsOn],
  ] as const)("is accessible and quiet at %s", async (_, look, violations) => {
    const { page, problems } = await gallery.open(look);
    expect(await violations(page)).toEqual([]);
    expect(await scrollsSideways(page)).toBe(false);
    expect(problems).toEqual([]);
  });

  test("has the heights of the design: 24, 28 and 32, rail 200, bar 48", async () => {
    const { page } = await gallery.open();
    const button = (name: string) => page.getByRole("button", { name, exact: true });
    expect(await heightOf(button("Resume"))).toBe(24);
    expect(await heightOf(button("Save view"))).toBe(28);
    expect(await heightOf(button("Replay 2,318 events"))).toBe(32);
    expect(await heightOf(page.getByLabel("Name", { exact: true }))).toBe(32);
    expect(await heightOf(page.getByRole("combobox", { name: "Destination" }))).toBe(32);
    expect(await heightOf(page.getByRole("heading", { level: 1 }).locator(".."))).toBe(48);
    expect(await heightOf(page.getByRole("button", { name: "Find or do" }))).toBe(28);
    expect(await widthOf(page.getByRole("banner"))).toBe(200);
  });

  test("gives a finger 40 px", async () => {
    const { page } = await gallery.open(PHONE);
    for (const name of ["Resume", "Save view", "Replay 2,318 events"])
      expect(await heightOf(page.getByRole("button", { name, exact: true }))).toBe(40);
    expect(await heightOf(page.getByLabel("Name", { exact: true }))).toBe(40);
  });

  test("a busy button keeps its width and its focus, and says that it is busy", async () => {
    const { page } = await gallery.open();
    const row = page.getByRole("row", { name: "primary" });
    const [rest, busy] = [row.getByRole("button").first(), row.getByRole("button").last()];
    expect(await widthOf(busy)).toBe(await widthOf(rest));
    expect(await busy.getAttribute("aria-busy")).toBe("true");
    await busy.focus();
    expect(await hasFocus(busy)).toBe(true);
  });

  test("a focus by keyboard has the amber ring, in both themes", async () => {
    for (const [colorScheme, amber] of [
      ["light", "rgb(220, 116, 5)"],
      ["dark", "rgb(247, 171, 47)"],
    ] as const) {
      const { page } = await gallery.open({ ...WIDE, colorScheme });
      await page.keyboard.press("Tab");
      const skip = page.getByRole("link", { name: "Skip to the content" });
      expect(await skip.evaluate((element) => getComputedStyle(element).boxShadow)).toContain(amber);
    }
  });

  test("an error stands under its field and is read with it", async () => {
    const { page } = await gallery.open();
    const field = page.getByLabel("URL, refused");
    expect(await field.getAttribute("aria-invalid")).toBe("true");
    const noteId = (await field.getAttribute("aria-describedby")) ?? "";
    expect(await page.locator(`[id="${noteId}"]`).textContent()).toContain("A private address");
  });
});

test("a saved secret is shown masked, and Rotate asks for the next one at its place", async () => {
  const { page, problems } = await gallery.open();
  await page.getByRole("button", { name: "Rotate the secret" }).press("Enter");
  const next = page.getByRole("textbox", { name: "Secret, write-only" });
  await next.waitFor();
  await expect.poll(() => hasFocus(next)).toBe(true);
  expect(await next.inputValue()).toBe("");
  await page.getByRole("button", { name: "Keep" }).click();
  await page.getByText("whsec_…f3a9").waitFor();
  expect(problems).toEqual([]);
});

describe("what floats", () => {
  test("a select, a combobox and a menu work by keyboard alone, and are accessible while open", async () => {
    const { page, problems } = await gallery.open();
    const method = page.getByRole("combobox", { name: "Method" });
    await method.focus();
    await page.keyboard.press("Enter");
    // The chosen one takes the focus once the list is in its place.
    await page.getByRole("listbox").locator(":focus").waitFor();
    expect(await violationsOn(page, "[role=listbox]")).toEqual([]);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect.poll(() => method.textContent()).toBe("POST");

    const destination = page.getByRole("combobox", { name: "Destination" });
    await destination.focus();
    await page.keyboard.press("Enter");
    await page.getByPlaceholder("Find a destination").waitFor();
    await page.keyboard.type("crm");
    expect(await page.getByRole("option").allInnerTexts()).toEqual(["crm-sync"]);
    expect(await violationsOn(page)).toEqual([]);
    await page.keyboard.press("Enter");
    await page.getByPlaceholder("Find a destination").waitFor({ state: "detached" });
    expect(await destination.textContent()).toBe("crm-sync");

    await page.getByRole("button", { name: "More about stripe-orders" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem", { name: "Rename" }).waitFor();
    expect(await violationsOn(page, "[role=menu]")).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("menu").waitFor({ state: "detached" });
    expect(problems).toEqual([]);
  });

  test("a dialog asks for the name before it deletes, holds the focus, and gives it back", async () => {
    const { page, problems } = await gallery.open();
    const opener = page.getByRole("button", { name: "Delete…" }).last();
    await opener.click();
    const dialog = page.getByRole("dialog", { name: "Delete stripe-orders?" });
    await dialog.waitFor();
    expect(await violationsOn(page)).toEqual([]);
    const goOn = dialog.getByRole("button", { name: "Delete, stop 212/min" });
    expect(await goOn.isDisabled()).toBe(true);
    for (let i = 0; i < 6; i++) await page.keyboard.press("Tab");
    expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await expect.poll(() => hasFocus(opener)).toBe(true);

    await opener.click();
    await dialog.getByLabel("Type the name").fill("stripe-orders");
    await page.keyboard.press("Enter");
    await page.getByText("Deleted.", { exact: true }).waitFor();
    await dialog.waitFor({ state: "detached" });
    expect(problems).toEqual([]);
  });

  test("a drawer leaves the page usable, and is the page on a narrow screen", async () => {
    const wide = await gallery.open();
    await wide.page.getByRole("button", { name: "Open drawer" }).click();
    const drawer = wide.page.getByRole("dialog", { name: "stripe-orders" });
    await drawer.waitFor();
    expect(await widthOf(drawer)).toBe(452);
    expect(await violationsOn(wide.page)).toEqual([]);
    await wide.page.getByRole("button", { name: "Save view" }).click();
    expect(await drawer.isVisible()).toBe(true);
    await drawer.getByRole("button", { name: "Close" }).click();
    await drawer.waitFor({ state: "detached" });

    const narrow = await gallery.open(PHONE);
    await narrow.page.getByRole("button", { name: "Open drawer" }).tap();
    const asPage = narrow.page.getByRole("dialog", { name: "stripe-orders" });
    await asPage.waitFor();
    expect(await widthOf(asPage)).toBe(PHONE.viewport.width);
    expect(await narrow.page.locator("[data-frame]").evaluate((element) => (element as HTMLElement).inert)).toBe(true);
    await asPage.getByRole("button", { name: "Close" }).tap();
    await asPage.waitFor({ state: "detached" });
    expect(await narrow.page.locator("[data-frame]").evaluate((element) => (element as HTMLElement).inert)).toBe(false);
    expect([...wide.problems, ...narrow.problems]).toEqual([]);
  });

  test("three toasts at most are there, and what one says can be undone", async () => {
    const { page, problems } = await gallery.open();
    await page.getByRole("button", { name: "Show toasts" }).click();
    await page.getByText("New events are held").first().waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Resumed.", { exact: true }).first().waitFor();
    await page.getByRole("button", { name: "Show toasts" }).click();
    await page.getByRole("button", { name: "Undo" }).waitFor();
    expect(
      await page
        .getByRole("region", { name: /Messages/ })
        .getByRole("listitem")
        .count(),
    ).toBe(3);
    expect(problems).toEqual([]);
  });

  test("the exact time shows on focus and is copied by a press", async () => {
    const { page, problems } = await gallery.open({
      ...WIDE,
      permissions: ["clipboard-read", "clipboard-write"],
    });
    const time = page.getByRole("button", { name: "39 min ago" });
    const exact = ((await time.locator("time").getAttribute("datetime")) ?? "").replace("T", " ").replace("Z", " UTC");
    await time.hover();
    await page.getByRole("tooltip", { name: exact }).waitFor();
    await time.click();
    await page.getByRole("tooltip", { name: "Copied" }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(exact);
    expect(problems).toEqual([]);
  });
});
