// Getting in, and what happens to a page when its session ends, in the real browser.
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bootstrap } from "#server/auth/bootstrap.ts";
import { makeOwnerLink } from "#server/auth/owner.ts";
import { type Db, makePrisma } from "#server/database/prisma.ts";
import { borrowBrowser, type TestBrowser } from "#test/support/browser.ts";
import { createDatabase } from "#test/support/database.ts";
import { scrollsSideways, violationsInBothThemes, violationsOn } from "#test/support/page-look.ts";
import { addPerson, cookieOf, PASSWORD, signInAs } from "#test/support/people.ts";
import { pageAt } from "#test/support/person-calls.ts";
import { codeAt, secretIn } from "#test/support/totp.ts";
import { NO_GATEWAY, startWebRole, type WebRole } from "#test/support/web-role.ts";

const stack = new AsyncDisposableStack();
let db: Db;
let databaseUrl: string;
let web: WebRole;
let browser: TestBrowser;

beforeAll(async () => {
  ({ url: databaseUrl } = stack.use(await createDatabase()));
  db = makePrisma(databaseUrl, 2);
  stack.defer(() => db.$disconnect());
  await bootstrap(db, undefined, new Date());
  web = stack.use(await startWebRole(databaseUrl, NO_GATEWAY));
  browser = stack.use(await borrowBrowser());
});
afterAll(() => stack.disposeAsync());

const overview = (page: Page) => page.getByRole("heading", { name: "Overview", level: 1 });
const press = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).click();
/** Opens the menu of the button: what came from the server is there before it answers to presses. */
async function openMenu(page: Page, name: string | RegExp, item: Locator): Promise<void> {
  while (!(await item.isVisible())) {
    await press(page, name);
    await item.waitFor({ timeout: 2_000 }).catch(() => {});
  }
}
/** The statuses of refusals that the test provokes: a browser notes them in its console. */
const surprising = (problems: string[]) => problems.filter((problem) => !/status of (401|403|429)/.test(problem));

test("the link of the first start makes the owner, who is signed in; used again it says so and makes nobody", async () => {
  const link = `${web.url}/first-run?token=${await makeOwnerLink(db, new Date())}`;
  const { page, problems } = await browser.open(link);
  expect(await violationsInBothThemes(page)).toEqual([]);
  await page.getByLabel("E-mail").fill("owner@example.com");
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByLabel("Team").fill("Northpier");
  await press(page, "Make owner and team");
  // The browser's own check comes first.
  expect(
    await page.getByLabel("Password", { exact: true }).evaluate((input: HTMLInputElement) => input.validity.tooShort),
  ).toBe(true);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await press(page, "Make owner and team");
  await overview(page).waitFor();
  await page.getByText("Northpier").first().waitFor();
  expect(problems).toEqual([]);

  const again = await browser.open(link);
  await again.page.getByRole("heading", { name: "This link was used" }).waitFor();
  await again.page.getByText("npm run admin -- owner reset").waitFor();
  expect(await violationsInBothThemes(again.page)).toEqual([]);
  expect(await again.page.getByLabel("E-mail").count()).toBe(0);
});

test("a stranger is asked to log in on the way to a page, gets there, and out again by the menu", async () => {
  const person = await addPerson(databaseUrl, "viewer");
  const { page, problems } = await browser.open(`${web.url}/events?status=FAILED`);
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill("wrong and long enough");
  await press(page, "Sign in");
  await page.getByText("E-mail and password do not go together").waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await press(page, "Sign in");
  await page.getByRole("heading", { name: "Events", level: 1 }).waitFor();
  expect(new URL(page.url()).search).toBe("?status=FAILED");
  const signOut = page.getByRole("menuitem", { name: "Sign out" });
  await openMenu(page, person.email, signOut);
  await signOut.click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  // A page that is left while it streams has failed to load.
  await page.waitForLoadState();
  await page.goto(web.url);
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  expect(surprising(problems)).toEqual([]);
});

test("a way back to another site is not taken", async () => {
  const { storageState } = await signInAs(web.url, databaseUrl, "viewer");
  const { page } = await browser.open(`${web.url}/events`, { storageState });
  for (const next of ["//evil.example/x", "/\\evil.example", "https://evil.example", "/e/key/page", "javascript:1"]) {
    await page.goto(`${web.url}/sign-in?next=${encodeURIComponent(next)}`);
    expect(page.url()).toBe(`${web.url}/`);
  }
});

test("an authenticator is set up in the settings, and its code is asked for after the password", async () => {
  const { person, storageState } = await signInAs(web.url, databaseUrl, "viewer");
  const settings = await browser.open(`${web.url}/settings/sessions`, { storageState });
  await press(settings.page, "Set up");
  const dialog = settings.page.getByRole("dialog", { name: "Set up a second factor" });
  await dialog.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await dialog.getByRole("button", { name: "Go on" }).click();
  const link = await dialog.getByRole("link", { name: "open it in the one" }).getAttribute("href");
  expect(await violationsOn(settings.page)).toEqual([]);
  const secret = secretIn(link ?? "");
  await dialog.getByLabel("Six digits").fill(codeAt(secret, Date.now()));
  await dialog.getByRole("button", { name: "Turn it on" }).click();
  const kept = dialog.getByRole("button", { name: "I have them" });
  await kept.waitFor();
  expect(await dialog.getByRole("listitem").count()).toBe(10);
  await kept.click();
  await settings.page.getByText("On: after the password").waitFor();
  expect(settings.problems).toEqual([]);

  const { page, problems } = await browser.open(`${web.url}/sign-in`);
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await press(page, "Sign in");
  await page.getByRole("heading", { name: "One more code" }).waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
  await page.getByLabel("Six digits").fill("000000");
  await press(page, "Check the code");
  await page.getByText("This code is not right").waitFor();
  await page.getByLabel("Six digits").fill(codeAt(secret, Date.now() + 30_000));
  await page.keyboard.press("Enter");
  await overview(page).waitFor();
  expect(surprising(problems)).toEqual([]);
});

test("an invitation is taken with a password of one's own, and leads into the team", async () => {
  const owner = await signInAs(web.url, databaseUrl, "owner");
  const invited = { email: "deploys@example.com", role: "member" };
  const { data } = await pageAt(web.url).mutate("invitations.create", { cookie: owner.cookie }, invited);
  const { page, problems } = await browser.open(web.url + data.path, { viewport: { width: 390, height: 844 } });
  await page.getByText(owner.person.email).waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
  expect(await scrollsSideways(page)).toBe(false);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await press(page, "Join with this password");
  await overview(page).waitFor({ state: "attached" });
  const again = await browser.open(web.url + data.path);
  await again.page.getByRole("heading", { name: "This link was used" }).waitFor();
  expect(problems).toEqual([]);
});

test("a page whose session was ended says so by itself, keeps what was typed, and goes on after the log-in", async () => {
  const { person, storageState } = await signInAs(web.url, databaseUrl, "owner");
  const { page } = await browser.open(`${web.url}/requests?status=rejected`, { storageState });
  await page.getByRole("heading", { name: "Requests", level: 1 }).waitFor();
  // Text that no server knows of, in a dialog of the page.
  const newTeam = page.getByRole("menuitem", { name: "New team…" });
  await openMenu(page, /Switch team/, newTeam);
  await newTeam.click();
  await page.getByLabel("Name").fill("half typed");
  const elsewhere = await cookieOf(web.url, person);
  await pageAt(web.url).mutate("sessions.revokeOthers", { cookie: elsewhere });

  const dialog = page.getByRole("dialog", { name: "Signed out" });
  await dialog.waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
  await dialog.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await dialog.waitFor({ state: "detached" });
  expect(await page.getByLabel("Name").inputValue()).toBe("half typed");
  expect(new URL(page.url()).search).toBe("?status=rejected");
});

test("a person of two teams goes from one to the other, and each tab keeps its own", async () => {
  const { person, storageState } = await signInAs(web.url, databaseUrl, "owner");
  await db.team.create({
    data: { id: "tm_second", name: "Second", members: { create: { user_id: person.id, role: "viewer" } } },
  });
  const { page } = await browser.open(web.url, { storageState });
  const second = page.getByRole("menuitemradio", { name: "Second" });
  await openMenu(page, /Switch team/, second);
  await second.click();
  await page.getByText("Second").first().waitFor();
  const other = await page.context().newPage();
  await other.goto(web.url);
  await other.getByRole("link", { name: "Overview" }).waitFor();
  const teamOf = (tab: Page) => tab.getByRole("banner").first().textContent();
  expect(await teamOf(other)).toContain("Second");
});

test("a page of a team that its person was taken out of says so, and leads to their other team", async () => {
  const owner = await signInAs(web.url, databaseUrl, "owner");
  const { person, storageState } = await signInAs(web.url, databaseUrl, "viewer");
  await db.team.create({
    data: { id: "tm_left", name: "Other", members: { create: { user_id: person.id, role: "viewer" } } },
  });
  const { page } = await browser.open(`${web.url}/events`, { storageState });
  await page.getByRole("heading", { name: "Events", level: 1 }).waitFor();
  await pageAt(web.url).mutate("members.remove", { cookie: owner.cookie }, { id: person.id });
  const dialog = page.getByRole("dialog", { name: "You are not in this team any more" });
  await dialog.waitFor();
  await dialog.getByRole("button", { name: "Go to your other team" }).click();
  await overview(page).waitFor();
  await page.getByText("Other").first().waitFor();
});
