// The ways in besides the password, in the real browser: passkeys, of a device that the browser makes up, and the company's own
// log-in.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { borrowBrowser, type TestBrowser } from "#test/support/browser.ts";
import { createDatabase } from "#test/support/database.ts";
import { takePort } from "#test/support/free-port.ts";
import { PHONE } from "#test/support/gallery.ts";
import { CLIENT, type LoginProviderServer, startLoginProvider } from "#test/support/login-provider.ts";
import { scrollsSideways, violationsOn } from "#test/support/page-look.ts";
import { cookieOf, PASSWORD, signInAs } from "#test/support/people.ts";
import { pageAt } from "#test/support/person-calls.ts";
import { untilItAnswers } from "#test/support/settings-world.ts";
import { NO_GATEWAY, startWebRole } from "#test/support/web-role.ts";

const stack = new AsyncDisposableStack();
let databaseUrl: string;
let url: string;
let browser: TestBrowser;
let provider: LoginProviderServer;

beforeAll(async () => {
  ({ url: databaseUrl } = stack.use(await createDatabase()));
  const port = String(await takePort());
  url = `http://localhost:${port}`;
  provider = stack.use(await startLoginProvider(`${url}/signed-in`));
  const env = {
    PORT: port,
    PUBLIC_DASHBOARD_URL: url,
    EGRESS_ALLOW: "127.0.0.0/8",
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: CLIENT.id,
    OIDC_CLIENT_SECRET: CLIENT.secret,
    OIDC_NAME: "Northpier login",
    OIDC_ALLOWED_DOMAINS: "northpier.example",
  };
  stack.use(await startWebRole(databaseUrl, NO_GATEWAY, env));
  browser = stack.use(await borrowBrowser());
});
afterAll(() => stack.disposeAsync());

const passkeyButton = (page: Page) => page.getByRole("button", { name: "Continue with a passkey" });

/** Gives the page a device that holds passkeys and asks nobody. */
async function withDevice(page: Page) {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    refuse: () => session.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false }),
    allow: () => session.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: true }),
  };
}

/** What a browser says of a refusal that the test provokes. */
const surprising = (problems: string[]) => problems.filter((problem) => !/status of (400|401)/.test(problem));

test("a passkey is added in the settings, signs in by one press, over an ended session too, and is removed", async () => {
  const { person, storageState } = await signInAs(url, databaseUrl, "owner");
  const { page, problems } = await browser.open(`${url}/settings/sessions`, { storageState });
  const device = await withDevice(page);
  await untilItAnswers(page);
  await page.getByRole("button", { name: "Add a passkey" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a passkey" });
  await dialog.getByLabel("Name").fill("laptop");
  await dialog.getByLabel("Password", { exact: true }).fill("wrong and long enough");
  await dialog.getByRole("button", { name: "Add it" }).click();
  await dialog.getByText("This is not your password.").waitFor();
  expect(await violationsOn(page)).toEqual([]);
  await dialog.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.getByText("on one device alone").or(page.getByText("synced between devices")).waitFor();
  await dialog.waitFor({ state: "detached" });

  await pageAt(url).post("/api/auth/sign-out", {}, { cookie: await cookiesIn(page) });
  await page.goto(`${url}/sign-in?next=%2Fevents`);
  await passkeyButton(page).waitFor();
  expect(await violationsOn(page)).toEqual([]);
  await device.refuse();
  await passkeyButton(page).click();
  await page.getByRole("alert").getByText("No passkey was chosen").waitFor();
  await device.allow();
  await passkeyButton(page).press("Enter");
  await page.getByRole("heading", { name: "Events", level: 1 }).waitFor();

  await pageAt(url).mutate("sessions.revokeOthers", { cookie: await cookieOf(url, person) });
  const ended = page.getByRole("dialog", { name: "Signed out" });
  await ended.waitFor();
  expect(await violationsOn(page)).toEqual([]);
  await passkeyButton(page).click();
  await ended.waitFor({ state: "detached" });

  await page.goto(`${url}/settings/sessions`);
  await untilItAnswers(page);
  await page.getByRole("button", { name: "Rename laptop" }).press("Enter");
  const rename = page.getByRole("dialog", { name: "Rename the passkey laptop" });
  await rename.getByLabel("Name").fill("   ");
  await page.keyboard.press("Enter");
  await rename.getByText("Give the passkey a name.").waitFor();
  expect(await violationsOn(page)).toEqual([]);
  await rename.getByLabel("Name").fill("work laptop");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Remove work laptop" }).click();
  const remove = page.getByRole("dialog", { name: "Remove the passkey work laptop?" });
  await remove.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await remove.getByRole("button", { name: "Remove it" }).click();
  await page.getByText("None. With one, a finger").waitFor();
  expect(surprising(problems)).toEqual([]);
});

test("who has no passkey is not offered one at the door, and the settings fit a phone in the dark", async () => {
  const { storageState } = await signInAs(url, databaseUrl, "viewer");
  const stranger = await browser.open(`${url}/sign-in`);
  await stranger.page.getByRole("button", { name: "Sign in" }).waitFor();
  expect(await passkeyButton(stranger.page).count()).toBe(0);
  const look = { ...PHONE, colorScheme: "dark" as const, storageState };
  const { page, problems } = await browser.open(`${url}/settings/sessions`, look);
  await untilItAnswers(page);
  expect(await violationsOn(page)).toEqual([]);
  expect(await scrollsSideways(page)).toBe(false);
  expect(problems).toEqual([]);
});

test("a person of the company's own log-in goes on by it over an ended session, at the place where they were, with what they typed", async () => {
  await signInAs(url, databaseUrl, "owner");
  provider.becomes({ subject: "night-shift", email: "night-shift@northpier.example" });
  const { page, problems } = await browser.open(`${url}/requests`);
  const button = page.getByRole("button", { name: "Continue with Northpier login" });
  const requests = page.getByRole("heading", { name: "Requests", level: 1 });
  await button.click();
  await requests.waitFor();
  await untilItAnswers(page);
  await page.evaluate(() => sessionStorage.setItem("draft:des_1", "typed"));
  const typed = () => page.evaluate(() => sessionStorage.getItem("draft:des_1"));
  const end = async () => pageAt(url).post("/api/auth/sign-out", {}, { cookie: await cookiesIn(page) });
  await end();
  await page.getByRole("button", { name: /^Rejected/ }).click();
  await page.getByRole("dialog", { name: "Signed out" }).waitFor();
  expect(await violationsOn(page)).toEqual([]);
  await button.click();
  await requests.waitFor();
  expect([new URL(page.url()).search, await typed()]).toEqual(["?status=rejected", "typed"]);

  // Somebody else at the same tab finds nothing of it, by whatever door they come in.
  await end();
  await page.context().clearCookies();
  await page.reload();
  provider.becomes({ subject: "on-call", email: "on-call@northpier.example" });
  await button.click();
  await requests.waitFor();
  await page.waitForFunction(() => sessionStorage.getItem("person") === "on-call@northpier.example");
  expect(await typed()).toBeNull();
  expect(surprising(problems)).toEqual([]);
});

test("the company's own log-in leads to the page that was asked for, and says so to whom nobody invited", async () => {
  await signInAs(url, databaseUrl, "owner");
  provider.becomes({ subject: "on-call", email: "on-call@northpier.example" });
  const { page, problems } = await browser.open(`${url}/requests?status=rejected`);
  const button = page.getByRole("button", { name: "Continue with Northpier login" });
  await button.waitFor();
  expect(await violationsOn(page)).toEqual([]);
  await button.click();
  await page.getByRole("heading", { name: "Requests", level: 1 }).waitFor();
  expect(new URL(page.url()).search).toBe("?status=rejected");
  expect(problems).toEqual([]);

  provider.becomes({ subject: "stranger", email: "stranger@elsewhere.example" });
  const other = await browser.open(`${url}/sign-in`);
  await other.page.getByRole("button", { name: "Continue with Northpier login" }).click();
  await other.page.getByRole("alert").getByText("Nobody invited you here yet").waitFor();
  expect(new URL(other.page.url()).search).toBe("");
  expect(await violationsOn(other.page)).toEqual([]);
  await other.page.getByRole("link", { name: "Back to the log-in" }).click();
  await other.page.getByRole("heading", { name: "Sign in" }).waitFor();
});

const cookiesIn = async (page: Page) =>
  (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
