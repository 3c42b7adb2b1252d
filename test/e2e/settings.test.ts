import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDestination } from "#server/resources/destinations.ts";
import { PHONE } from "#test/support/gallery.ts";
import {
  cachedOn,
  fetchAnew,
  goOn,
  layoutShiftOf,
  scrollsSideways,
  violationsInBothThemes,
  violationsOn,
} from "#test/support/page-look.ts";
import { type SettingsWorld, startSettingsWorld, untilItAnswers } from "#test/support/settings-world.ts";

let world: SettingsWorld;

beforeAll(async () => {
  world = await startSettingsWorld();
  await world.plantOld([20, 12, 11, 0.1]);
  const url = "http://127.0.0.1:9099/hook";
  await createDestination(world.ctx, { name: "orders-api", config: { url } });
  await createDestination(world.ctx, { name: "slack-alerts", config: { url, auth_type: "NONE", auth: {} } });
});

afterAll(() => world?.[Symbol.asyncDispose]());

const statusOf = async (key: string) => {
  const answer = await fetch(`${world.dashboardUrl}/v1/events?limit=1`, {
    headers: { authorization: `Bearer ${key}` },
  });
  return answer.status;
};

const confirm = (page: Page, name: string) => page.getByRole("dialog").getByRole("button", { name }).click();

describe("an API key", () => {
  test("is made, shown once, works, and is refused when it was revoked", async () => {
    const { page, problems } = await world.open("admin", "keys");
    await page.getByRole("button", { name: "New key" }).click();
    const form = page.getByRole("form", { name: "New key" });
    await form.getByRole("button", { name: "Make the key" }).click();
    await form.getByRole("alert").getByText("Give the key a name.").waitFor();
    await form.getByLabel("Name", { exact: true }).fill("status-page");
    await form.getByRole("radio", { name: "Write" }).check();
    await form.getByRole("checkbox", { name: "Pause and resume" }).click();
    expect(await form.getByRole("checkbox", { name: "Own the team" }).count()).toBe(0);
    await form.getByRole("button", { name: "Make the key" }).click();

    const once = page.getByRole("region", { name: "Shown once" });
    await once.getByText("status-page was made.").waitFor();
    const key = (await once.locator("code").first().textContent()) ?? "";
    expect(key).toMatch(/^sy_/);
    expect(await statusOf(key)).toBe(200);
    expect(await violationsOn(page)).toEqual([]);
    await once.getByRole("button", { name: "I have it" }).click();
    expect(await page.content()).not.toContain(key);
    await page.reload();
    await untilItAnswers(page);
    expect(await page.content()).not.toContain(key);
    const row = page.getByRole("row", { name: /status-page/ });
    expect(await row.textContent()).toContain("Pause and resume");

    await row.getByRole("button", { name: "More about status-page" }).click();
    await page.getByRole("menuitem", { name: "Revoke…" }).click();
    await page.getByRole("dialog").waitFor();
    expect(await violationsOn(page, "[role=dialog]")).toEqual([]);
    await confirm(page, "Revoke it");
    await row.waitFor({ state: "detached" });
    await expect.poll(() => statusOf(key), { timeout: 8_000 }).toBe(401);
    await page.getByRole("button", { name: "Revoked keys" }).click();
    await page.getByRole("row", { name: /status-page/ }).waitFor();
    expect(problems.filter((problem) => !problem.includes("422"))).toEqual([]);
  });
});

describe("the time of keeping", () => {
  test("is refused where it is too long, planned before it is saved, and audited", async () => {
    const { page, problems } = await world.open("admin", "retention");
    const days = page.getByLabel("Kept for, in days");
    await days.fill("31");
    await page.getByRole("alert").getByText("give at most 30").waitFor();
    expect(await days.inputValue()).toBe("31");
    await days.fill("soon");
    await page
      .getByRole("alert")
      .getByText(/Use a (whole )?number/)
      .waitFor();
    expect(await page.getByRole("button", { name: /^Save/ }).count()).toBe(0);

    await days.fill("10");
    const save = page.getByRole("button", { name: "Save, remove 6" });
    await save.waitFor();
    await page.getByText("30 days to 10 days removes 3 requests").waitFor();
    await page.getByText("3 failed events among them").waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await save.click();
    await page.getByText("Requests are kept for 10 days.").first().waitFor();
    await save.waitFor({ state: "detached" });

    await page.getByRole("link", { name: "Audit log" }).click();
    await page.getByText(/entries are as written/).waitFor();
    const entry = page.getByRole("row", { name: /changed team/ }).first();
    await entry.getByText("retention_days").waitFor();
    await entry.getByRole("button", { name: "Show the details" }).click();
    const change = page.getByRole("row", { name: "retention_days null 10", exact: true });
    await change.waitFor();
    expect(await violationsOn(page)).toEqual([]);
    expect(problems.filter((problem) => !problem.includes("422"))).toEqual([]);
  });
});

describe("the audit log", () => {
  test("has its filters and the open entry in the URL, and the way back", async () => {
    const { page, problems } = await world.open("owner", "audit?resource_kind=destination");
    await page.getByRole("row", { name: /made destination slack-alerts/ }).waitFor();
    expect(await page.getByRole("row", { name: /API key/ }).count()).toBe(0);
    await page.getByRole("button", { name: "Remove the filter On is" }).click();
    await page.getByRole("row", { name: /revoked API key/ }).waitFor();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export" }).click();
    const file = await readFile(await (await download).path(), "utf8");
    expect(file.split("\r\n").length).toBeGreaterThan(3);
    expect(file).toContain('"revoke"');
    await page.goBack();
    await page.getByRole("row", { name: /revoked API key/ }).waitFor({ state: "detached" });
    await page.goto(`${world.dashboardUrl}/settings/audit?action=pause`);
    await page.getByText("No entry matches").waitFor();
    await page.getByRole("button", { name: "Clear the filters" }).click();
    await page
      .getByRole("row", { name: /made destination/ })
      .first()
      .waitFor();
    expect(problems).toEqual([]);
  });
});

describe("a signing secret", () => {
  test("is rotated, shown once, and the one before it ended", async () => {
    const { page, problems } = await world.open("admin", "signing");
    await page.getByText("slack-alerts. Whoever knows the URL").waitFor();
    await page.getByRole("button", { name: "Rotate the secret of orders-api" }).click();
    await confirm(page, "Rotate it");
    const once = page.getByRole("region", { name: "Shown once" });
    const secret = (await once.locator("code").first().textContent()) ?? "";
    expect(secret).toMatch(/^whsec_/);
    await page.getByText("still valid", { exact: true }).waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await once.getByRole("button", { name: "I have it" }).click();
    await page.getByRole("button", { name: "End the previous secret of orders-api" }).click();
    await confirm(page, "End it");
    await page.getByText("still valid", { exact: true }).waitFor({ state: "detached" });
    expect(await page.content()).not.toContain(secret);
    expect(problems).toEqual([]);
  });

  test("is held against a signature that a receiver got", async () => {
    const { page, problems } = await world.open("member", "signing");
    const form = page.getByRole("form", { name: "Check a signature" });
    await form.getByRole("button", { name: "Check" }).click();
    await form.getByRole("alert").getByText("Give the signature that the receiver got.").waitFor();
    await form.getByLabel("webhook-signature").fill(`v1,${"A".repeat(43)}=`);
    await form.getByRole("button", { name: "Check" }).click();
    await form.getByText("webhook-id is missing: it is part of what is signed.").first().waitFor();
    expect(await violationsOn(page)).toEqual([]);
    expect(problems.filter((problem) => !problem.includes("422"))).toEqual([]);
  });
});

test("the team is renamed, and the rail knows it", async () => {
  const { page, problems } = await world.open("admin", "team");
  const name = page.getByRole("form", { name: "Name of the team" }).getByLabel("Name");
  await name.fill("   ");
  await page.getByRole("button", { name: "Rename" }).click();
  await page.getByRole("alert").getByText("Give the team a name.").waitFor();
  expect(await name.inputValue()).toBe("   ");
  await name.fill("Northpier");
  await page.getByRole("button", { name: "Rename" }).click();
  await page.locator("[data-frame] > header").getByText("Northpier").waitFor();
  expect(problems.filter((problem) => !problem.includes("422"))).toEqual([]);
});

describe("people", () => {
  test("are invited by a link that is shown once, and an invitation is withdrawn", async () => {
    const { page, problems } = await world.open("admin", "members");
    await page.getByRole("button", { name: "Invite", exact: true }).click();
    const form = page.getByRole("form", { name: "Invite somebody" });
    await form.getByLabel("E-mail address").fill("no address");
    await form.getByRole("button", { name: "Make the link" }).click();
    await form.getByRole("alert").waitFor();
    expect(await form.getByLabel("E-mail address").inputValue()).toBe("no address");
    await form.getByLabel("E-mail address").fill("contractor@example.com");
    await form.getByLabel("Role").click();
    expect(await page.getByRole("option").allTextContents()).toEqual(["Viewer", "Member", "Admin"]);
    await page.getByRole("option", { name: "Viewer" }).click();
    await form.getByRole("button", { name: "Make the link" }).click();
    const once = page.getByRole("region", { name: "Shown once" });
    const link = (await once.locator("code").first().textContent()) ?? "";
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/invite\/\S{20,}$/);
    expect(await violationsOn(page)).toEqual([]);
    await once.getByRole("button", { name: "I have it" }).click();
    const row = page.getByRole("row", { name: /contractor@example.com/ });
    await row.getByRole("button", { name: "Withdraw the invitation" }).click();
    await row.waitFor({ state: "detached" });
    expect(await page.content()).not.toContain(link);
    expect(problems.filter((problem) => !problem.includes("422"))).toEqual([]);
  });

  test("get another role, and get the one before back by Undo", async () => {
    await world.open("member", "members");
    const { page, problems } = await world.open("owner", "members");
    const role = page
      .getByRole("row")
      .filter({ hasText: /member-\d/ })
      .getByRole("combobox");
    await role.click();
    await page.getByRole("option", { name: "Viewer" }).click();
    await page.getByText("is Viewer now.").first().waitFor();
    await expect.poll(() => role.textContent()).toBe("Viewer");
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => role.textContent()).toBe("Member");
    expect(problems).toEqual([]);
  });

  test("see where they are signed in, and end the other sessions", async () => {
    const other = await world.signInAgain("member");
    const { page, problems } = await world.open("member", "sessions");
    await page.getByText("this one").waitFor();
    await page.getByRole("button", { name: "Sign out all others" }).click();
    await confirm(page, "Sign out 1");
    // An open dialog hides the page from roles, so the button alone would be gone too soon.
    await page.getByText("Signed out of 1 session.").first().waitFor();
    await page.getByRole("button", { name: "Sign out all others" }).waitFor({ state: "detached" });
    const answer = await fetch(`${world.dashboardUrl}/settings/keys`, {
      headers: { cookie: other, "sec-fetch-site": "same-origin" },
      redirect: "manual",
    });
    expect([answer.status, answer.headers.get("location")]).toEqual([307, expect.stringContaining("/sign-in")]);
    expect(problems).toEqual([]);
  });
});

test("a viewer sees what there is, can do none of it, and is told why", async () => {
  const { page, problems } = await world.open("viewer", "keys");
  await page.getByText("needs an admin of the team").waitFor();
  expect(await page.getByRole("button", { name: "New key" }).count()).toBe(0);
  expect(await page.getByRole("link", { name: "Audit log" }).count()).toBe(0);
  for (const [section, says] of [
    ["members", "What each role may do"],
    ["retention", "Changing it needs an admin of the team."],
    ["signing", "slack-alerts"],
    ["team", "Renaming it needs an admin of the team."],
    ["audit", "This is not for your role"],
    ["keys?new=true", "needs an admin of the team"],
  ]) {
    await page.goto(`${world.dashboardUrl}/settings/${section}`);
    await untilItAnswers(page);
    await page
      .getByText(says ?? "")
      .first()
      .waitFor();
    const main = page.locator("main");
    expect(await main.getByRole("textbox").count(), section).toBe(0);
    expect(
      await main
        .getByRole("button", { name: /Invite|Withdraw|Rotate|End the|Revoke$|Save|Rename|Make|More about (?!viewer)/ })
        .count(),
    ).toBe(0);
    expect(await main.getByRole("combobox").count(), section).toBe(0);
  }
  expect(problems).toEqual([]);
});

const SECTIONS = ["members", "keys", "sessions", "retention", "signing", "audit", "team"] as const;
test.each([
  { isCold: false, viewport: { width: 1440, height: 900 } },
  // Code and fonts that come late move what is there, where lines break most: each section is measured as the first that is opened.
  { isCold: true, ...PHONE },
])("every section is clean in both themes at $viewport.width px", async ({ isCold, ...options }) => {
  const { page, problems } = await world.open("admin", SECTIONS[0], options);
  if (isCold) await fetchAnew(page);
  for (const section of SECTIONS) {
    if (section !== SECTIONS[0]) {
      await goOn(page, `${world.dashboardUrl}/settings/${section}`);
      await untilItAnswers(page);
    }
    expect(await violationsInBothThemes(page), section).toEqual([]);
    expect(await scrollsSideways(page), section).toBe(false);
    if (isCold) expect(await cachedOn(page), section).toEqual([]);
    expect(await layoutShiftOf(page), section).toBeLessThan(0.02);
    expect(problems, section).toEqual([]);
  }
});
