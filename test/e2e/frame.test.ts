import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Gallery, PHONE, startGallery, WIDE } from "#test/support/gallery.ts";
import { backgroundOf, violationsOn, widthOf } from "#test/support/page-look.ts";
import { signInAs } from "#test/support/people.ts";
import { NO_GATEWAY, startWebRole } from "#test/support/web-role.ts";

let gallery: Gallery;

beforeAll(async () => {
  gallery = await startGallery();
});

afterAll(() => gallery?.[Symbol.asyncDispose]());

describe("the frame", () => {
  test("⌘K finds, runs and opens a pasted id; Esc closes it", async () => {
    const { page, problems } = await gallery.open();
    await page.keyboard.press("Control+k");
    const palette = page.getByRole("dialog", { name: "Find or do" });
    await palette.waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await page.keyboard.type("dark");
    await page.keyboard.press("Enter");
    await palette.waitFor({ state: "detached" });
    expect(await backgroundOf(page)).toBe("rgb(9, 9, 11)");
    await page.getByRole("button", { name: "Theme" }).click();
    expect(await page.getByRole("menuitemradio", { name: "Dark" }).getAttribute("aria-checked")).toBe("true");
    await page.keyboard.press("Escape");
    await page.getByRole("menu").waitFor({ state: "detached" });

    await page.getByRole("button", { name: "Open palette" }).click();
    await palette.getByRole("combobox").fill("see evt_01KB7CX4MR9PHD2V6W8Q3T5Z0A please");
    await page.keyboard.press("Enter");
    await page.getByText("Goes to /events/evt_01KB7CX4MR9PHD2V6W8Q3T5Z0A").first().waitFor();

    await palette.waitFor({ state: "detached" });

    await page.keyboard.press("Control+k");
    await palette.locator("input:focus").waitFor();
    await page.keyboard.press("Escape");
    await palette.waitFor({ state: "detached" });
    expect(problems).toEqual([]);
  });

  test("Esc closes the palette even before Radix listens for it", async () => {
    const { page } = await gallery.open();
    await page.evaluate(() => {
      const add = document.addEventListener.bind(document);
      document.addEventListener = (type: string, ...rest: [EventListener, AddEventListenerOptions]) =>
        type === "keydown" ? undefined : add(type, ...rest);
    });
    await page.keyboard.press("Control+k");
    const palette = page.getByRole("dialog", { name: "Find or do" });
    await palette.locator("input:focus").waitFor();
    await page.keyboard.press("Escape");
    await palette.waitFor({ state: "detached", timeout: 5000 });
  });

  test("? lists the keys and g o goes to the overview, but never while typing", async () => {
    const { page, problems } = await gallery.open();
    const name = page.getByLabel("Name", { exact: true });
    await name.fill("");
    await name.pressSequentially("go?");
    expect(await name.inputValue()).toBe("go?");
    expect(new URL(page.url()).pathname).toBe("/gallery");
    expect(await page.getByRole("dialog").count()).toBe(0);

    await name.blur();
    await page.keyboard.press("?");
    const help = page.getByRole("dialog", { name: "Keys" });
    await help.getByText("Go to Overview").waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await page.keyboard.press("g");
    await page.keyboard.press("o");
    expect(new URL(page.url()).pathname).toBe("/gallery");
    await page.keyboard.press("Escape");
    await help.waitFor({ state: "detached" });
    await page.keyboard.press("g");
    await page.keyboard.press("o");
    await page.getByRole("heading", { name: "Overview", level: 1 }).waitFor();
    expect(problems).toEqual([]);
  });

  test("the theme that was chosen is in the first byte of the next page", async () => {
    const { page, problems } = await gallery.open({ ...WIDE, colorScheme: "light" });
    await page.getByRole("button", { name: "Theme" }).click();
    await page.getByRole("menuitemradio", { name: "Dark" }).click();
    expect(await backgroundOf(page)).toBe("rgb(9, 9, 11)");
    const answer = await page.reload({ waitUntil: "commit" });
    expect(await answer?.text()).toMatch(/<html[^>]* data-theme="dark"/);
    expect(await backgroundOf(page)).toBe("rgb(9, 9, 11)");

    await page.getByRole("button", { name: "Theme" }).click();
    await page.getByRole("menuitemradio", { name: "As the system" }).click();
    expect(await backgroundOf(page)).toBe("rgb(250, 250, 250)");
    expect(problems).toEqual([]);
  });

  test("the rail is icons below 1100 px and a sheet below 768, with the same names", async () => {
    const middle = await gallery.open({ viewport: { width: 900, height: 800 } });
    const link = middle.page.getByRole("link", { name: "Overview" }).first();
    expect(await widthOf(link)).toBeLessThan(52);

    const { page, problems } = await gallery.open(PHONE);
    expect(await page.getByRole("navigation", { name: "Main" }).count()).toBe(0);
    await page.getByRole("button", { name: "Menu" }).tap();
    const sheet = page.getByRole("dialog", { name: "Menu" });
    await sheet.waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await sheet.getByRole("link", { name: "Overview" }).tap();
    await page.getByRole("heading", { name: "Overview", level: 1 }).waitFor({ state: "attached" });
    await sheet.waitFor({ state: "detached" });
    expect(problems).toEqual([]);
  });

  test("nothing moves for those who ask for no motion", async () => {
    const { page } = await gallery.open({ ...WIDE, reducedMotion: "reduce" });
    await page.getByRole("button", { name: "Open drawer" }).click();
    const drawer = page.getByRole("dialog", { name: "stripe-orders" });
    await drawer.waitFor();
    const durations = await drawer.evaluate((element) => getComputedStyle(element).animationDuration);
    expect(durations).toBe("0s");
  });
});

test("in a normal start there is no gallery", async () => {
  await using normal = await startWebRole(gallery.databaseUrl, NO_GATEWAY);
  const { cookie } = await signInAs(normal.url, gallery.databaseUrl, "owner");
  const answer = await fetch(`${normal.url}/gallery`, { headers: { cookie } });
  expect(answer.status).toBe(404);
  expect(await answer.text()).not.toContain("Replay 2,318 events");
});
