// Who is told of issues, in the real browser: channels, an address that says yes, and who hears what.
import type { BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "#test/support/browser.ts";
import { createDatabase } from "#test/support/database.ts";
import { PHONE, WIDE } from "#test/support/gallery.ts";
import { codeOf, startMailServer } from "#test/support/mail-server.ts";
import { layoutShiftOf, scrollsSideways, violationsOn } from "#test/support/page-look.ts";
import { signInAs } from "#test/support/people.ts";
import { NO_GATEWAY, startWebRole } from "#test/support/web-role.ts";
import { createWorld, type World } from "#test/support/world.ts";

const stack = new AsyncDisposableStack();
let world: World;
let server: Awaited<ReturnType<typeof startMailServer>>;
let open: (path: string, options?: BrowserContextOptions) => Promise<{ page: Page; problems: string[] }>;
let openAsViewer: typeof open;

beforeAll(async () => {
  server = stack.use(await startMailServer());
  const database = stack.use(await createDatabase());
  world = stack.use(await createWorld({ databaseUrl: database.url, smtpUrl: server.url }));
  const mail = { SMTP_URL: server.url, SMTP_FROM: "alerts@switchyard.example" };
  const web = stack.use(await startWebRole(database.url, NO_GATEWAY, { SWITCHYARD_SECRET: world.env.secret, ...mail }));
  const browser = stack.use(await launchBrowser());
  const openAs = async (role: "admin" | "viewer"): Promise<typeof open> => {
    const { storageState } = await signInAs(web.url, database.url, role);
    return (path, options = WIDE) => browser.open(web.url + path, { ...options, storageState });
  };
  open = await openAs("admin");
  openAsViewer = await openAs("viewer");
});
afterAll(() => stack.disposeAsync());

const without422 = (problems: string[]) => problems.filter((problem) => !/status of 422/.test(problem));

test("a chat is added, its wrong address is refused at the field, and a test is sent to it", async () => {
  const { page, problems } = await open("/issues?view=rules");
  await page.getByRole("link", { name: "Whom it tells" }).click();
  await page.getByText("Nobody is told yet").waitFor();
  await page.getByRole("button", { name: "New channel" }).click();
  const form = page.getByRole("form", { name: "New channel" });
  await form.getByRole("radio", { name: "Chat" }).click();
  await form.getByRole("textbox", { name: "Name" }).fill("on-call");
  await form.getByRole("textbox", { name: "URL" }).fill("https://10.0.0.1/hook");
  await form.getByRole("button", { name: "Add the channel" }).click();
  await form.getByRole("textbox", { name: "URL", description: /private address/ }).fill("https://chat.invalid/hook");
  await form.getByRole("button", { name: "Add the channel" }).click();
  await page.getByRole("button", { name: "Send a test to on-call" }).click();
  await page.getByText("A test is on its way to on-call").first().waitFor();
  expect(without422(problems)).toEqual([]);
});

test("an address gets a code, which is given back here, and is told then", async () => {
  const { page, problems } = await open("/settings/notifications?new=true");
  const form = page.getByRole("form", { name: "New channel" });
  await form.getByRole("radio", { name: "E-mail" }).click();
  await form.getByRole("textbox", { name: "Name" }).fill("mail");
  await form.getByRole("textbox", { name: "New address" }).fill("on-call@example.com");
  await form.getByRole("button", { name: "Send a code" }).click();
  const code = form.getByRole("textbox", { name: "Code for on-call@example.com" });
  await code.fill("0000-0000-0000");
  await form.getByRole("button", { name: "Confirm" }).click();
  await form.getByText("This is not the code of the newest mail").waitFor();
  expect(await violationsOn(page, "form")).toEqual([]);
  await expect.poll(() => server.mails.length, { timeout: 10_000 }).toBe(1);
  await code.fill(codeOf(server.mails[0]));
  await code.press("Enter");
  await form.getByRole("checkbox", { name: "on-call@example.com" }).waitFor();
  await form.getByRole("button", { name: "Add the channel" }).click();
  await page.getByRole("button", { name: "Send a test to mail" }).click();
  await expect.poll(() => server.mails.length, { timeout: 10_000 }).toBe(2);
  expect(without422(problems)).toEqual([]);
});

test("which channel hears of what is chosen in a table", async () => {
  const { page, problems } = await open("/settings/notifications");
  const box = page.getByRole("checkbox", { name: "mail is told when: A line falls behind" });
  await box.click();
  await expect.poll(() => box.isChecked()).toBe(false);
  const rules = () => world.all<{ rules: object }>("select rules from connection where name = 'mail'");
  await expect.poll(async () => JSON.stringify(await rules())).not.toContain("backlog");
  await page.reload();
  await expect.poll(() => box.isChecked()).toBe(false);
  expect(problems).toEqual([]);
});

test("a number of a rule is changed where it stands, a wrong one is refused, and a rule is switched off", async () => {
  const { page, problems } = await open("/issues");
  await page.getByRole("button", { name: "Rules" }).click();
  const late = page.getByRole("textbox", { name: "Lateness" });
  await late.fill("2 d");
  await late.press("Enter");
  await page.getByText(/Lateness: Use a time of at most 1 d/).waitFor();
  await late.fill("20 min");
  await late.press("Enter");
  const stored = async () => JSON.stringify(await world.all("select rules from issue_rules"));
  await expect.poll(stored).toContain('"late_ms":1200000');
  await page.getByRole("switch", { name: "Watched: A payload changes a path that a rule reads" }).click();
  await expect.poll(stored).toMatch(/"payload_drift":\{"is_watched":false/);
  await page.reload();
  await expect.poll(() => late.inputValue()).toBe("20 min");
  expect(without422(problems)).toEqual([]);
});

test("a viewer of the rules is told who may change them", async () => {
  const { page, problems } = await openAsViewer("/issues?view=rules");
  await page.getByText("Changing it needs a member of the team.").waitFor();
  expect(await page.getByRole("textbox", { name: "Lateness" }).isDisabled()).toBe(true);
  expect(problems).toEqual([]);
});

test("a channel gets quiet hours, shows what came of telling it last, and its mails end by their link", async () => {
  const { page, problems } = await open("/settings/notifications");
  await page.getByRole("button", { name: "Quiet hours of mail" }).click();
  const form = page.getByRole("form", { name: "Quiet hours of mail" });
  await form.getByRole("textbox", { name: "Time zone" }).fill("Berlin");
  await form.getByRole("button", { name: "Save quiet hours" }).click();
  await form.getByRole("textbox", { name: "Time zone", description: /Europe.Berlin/ }).fill("Europe/Berlin");
  expect(await violationsOn(page, "form")).toEqual([]);
  await form.getByRole("button", { name: "Save quiet hours" }).click();
  await page.getByText("quiet 22:00–07:00 Europe/Berlin, but for errors").waitFor();
  const before = server.to("on-call@example.com").length;
  await page.getByRole("button", { name: "Send a test to mail" }).click();
  await expect.poll(() => server.to("on-call@example.com").length, { timeout: 10_000 }).toBe(before + 1);
  const result = page.getByRole("link", { name: "mail: Delivered; open the attempt" });
  await result.waitFor({ timeout: 20_000 });
  // A press of the time copies it and goes nowhere.
  expect(await result.getByRole("button").count()).toBe(0);
  const mails = server.to("on-call@example.com");
  const raw = mails.at(-1)?.raw.replace(/\r\n[ \t]+/g, " ") ?? "";
  const link = new URL(/^List-Unsubscribe: <(\S+)>\r?$/im.exec(raw)?.[1] ?? "").pathname;
  await page.goto(new URL(link, page.url()).href);
  await page.getByRole("heading", { name: "Stop these mails?" }).waitFor();
  expect(await violationsOn(page)).toEqual([]);
  await page.getByRole("button", { name: "Stop the mails" }).click();
  await page.getByRole("heading", { name: "You get no more of these mails" }).waitFor();
  await page.getByRole("button", { name: "Get them again" }).click();
  await page.getByRole("heading", { name: "Stop these mails?" }).waitFor();
  expect(without422(problems)).toEqual([]);
});

test.each(["light", "dark"] as const)("the rules are sound in the %s theme", async (colorScheme) => {
  const { page, problems } = await open("/issues?view=rules", { ...WIDE, colorScheme });
  await page.getByRole("textbox", { name: "Lateness" }).waitFor();
  await expect.poll(() => page.getByRole("textbox", { name: "Lateness" }).inputValue()).not.toBe("");
  expect(await violationsOn(page)).toEqual([]);
  expect(problems).toEqual([]);
});

test.each(["light", "dark"] as const)("is sound in the %s theme, and nothing moves", async (colorScheme) => {
  const { page, problems } = await open("/settings/notifications", { ...WIDE, colorScheme });
  await page.getByRole("heading", { name: "Who hears what" }).waitFor();
  expect(await layoutShiftOf(page)).toBeLessThan(0.02);
  expect(await violationsOn(page)).toEqual([]);
  expect(problems).toEqual([]);
});

test("on a phone nothing goes beyond the screen", async () => {
  const { page } = await open("/settings/notifications", PHONE);
  await page.getByRole("heading", { name: "Who hears what" }).waitFor();
  expect(await scrollsSideways(page)).toBe(false);
  await page.goto(new URL("/issues?view=rules", page.url()).href);
  await page.getByRole("textbox", { name: "Lateness" }).waitFor();
  expect(await scrollsSideways(page)).toBe(false);
});
