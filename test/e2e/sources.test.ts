// Sources in the real browser: one is made by keyboard alone and sees its first webhook live, another learns why its webhooks are
// refused; secrets are rotated, settings kept and held against somebody else's.

import type { BrowserContextOptions, Page } from "playwright-core";
import Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Source } from "#server/contracts/source.ts";
import { createSource, getSource, updateSource } from "#server/resources/sources.ts";
import { PHONE, WIDE } from "#test/support/gallery.ts";
import { hasFocus, scrollsSideways, violationsOn } from "#test/support/page-look.ts";
import { type PageWorld, startPageWorld } from "#test/support/page-world.ts";
import type { World } from "#test/support/world.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const NEXT = "whsec_b3RoZXJvdGhlcm90aGVyb3RoZXI3";
let on: PageWorld;
let world: World;

beforeAll(async () => {
  on = await startPageWorld({ withGateway: true, withWorker: false, publicGatewayUrl: "own" });
  ({ world } = on);
});
afterAll(() => on?.[Symbol.asyncDispose]());

const open = (query: string, options?: BrowserContextOptions) => on.open(`/connections?${query}`, options);
const drawerOf = (page: Page) => page.getByRole("dialog");
const stripe = (name: string) =>
  createSource(world.ctx, { name, type: "STRIPE", config: { auth: { secret: SECRET } } });

/** Without the refusals of bad input, which a browser tells on its own. */
const unexpected = (problems: readonly string[]) => problems.filter((problem) => !/status of 4(?:09|22)/.test(problem));

let sent = 0;
async function send(url: string, secret: string): Promise<number> {
  const payload = JSON.stringify({ id: `evt_${++sent}`, type: "invoice.paid" });
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret });
  const headers = { "stripe-signature": signature, "content-type": "application/json" };
  return (await fetch(url, { method: "POST", body: payload, headers })).status;
}

test("a Stripe source is made by keyboard alone, and its first webhook is seen as it comes", async () => {
  const { page, problems } = await open("new=source");
  const drawer = drawerOf(page);
  await drawer.getByRole("textbox", { name: "Find a provider" }).waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") === "Find a provider");
  expect(await violationsOn(page, "[role=dialog]")).toEqual([]);
  await page.keyboard.type("stri");
  await page.keyboard.press("Enter");

  const name = drawer.getByRole("textbox", { name: "Name" });
  await name.waitFor();
  expect(await hasFocus(name)).toBe(true);
  await page.keyboard.type("stripe live");
  await page.keyboard.press("Enter");
  await drawer.getByText("Use 1 to 155 letters").waitFor();
  expect(await name.inputValue()).toBe("stripe live");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("stripe-live");
  await page.keyboard.press("Enter");

  const secret = drawer.getByRole("textbox", { name: "Signing secret" });
  await secret.waitFor();
  expect(await hasFocus(secret)).toBe(true);
  await page.keyboard.type("whsec_");
  await page.keyboard.press("Enter");
  await drawer.getByText("Give the whole secret").waitFor();
  expect(await secret.inputValue()).toBe("whsec_");
  await page.keyboard.press("End");
  await page.keyboard.type(SECRET.slice("whsec_".length));
  await page.keyboard.press("Enter");
  await drawer.getByText("whsec_…LaSw").waitFor();
  await drawer.getByText("Waiting for the first webhook").waitFor();
  await drawer.getByText("Never reached us").waitFor();

  const url = (await drawer.locator("code").first().textContent()) ?? "";
  expect(await send(url, SECRET)).toBe(200);
  await drawer.getByText("invoice.paid").waitFor();
  await drawer.getByText("matches the secret").waitFor();
  await drawer.getByText(/^Last seen/).waitFor();
  await drawer.getByText("Where should it go?").waitFor();
  expect(unexpected(problems)).toEqual([]);
  await page.context().close();
});

test("a wrong secret shows what was checked and what it most likely is, and another one mends it", async () => {
  const source = await stripe("stripe-wrong");
  expect(await send(source.url, NEXT)).toBe(401);
  const { page, problems } = await open(`panel=${source.id}&tab=setup`);
  const drawer = drawerOf(page);
  await drawer.getByText("Signature does not match").waitFor();
  await drawer.getByRole("list", { name: "Checks of the sender" }).getByText("It matches no secret").waitFor();
  await drawer.getByText("Most likely:").waitFor();
  await drawer.getByText(/^Reached us .* and was refused, because no signature/).waitFor();
  await drawer.getByRole("button", { name: "Paste another secret" }).click();
  await drawer.getByRole("textbox", { name: "Signing secret" }).fill(NEXT);
  await page.keyboard.press("Enter");
  await drawer.getByText("whsec_…ZXI3").waitFor();
  // A gateway takes what was saved within a second.
  await expect.poll(() => send(source.url, NEXT)).toBe(200);
  await drawer.getByText("matches the secret").waitFor();

  await drawer.getByRole("button", { name: "Send a signed test" }).click();
  await drawer.getByText("Reached and accepted").waitFor();
  await drawer.getByText("1 of 1 gateway has the source as it is saved.").waitFor();
  await drawer.getByText("Test", { exact: true }).first().waitFor();
  expect(problems).toEqual([]);
  await page.context().close();
});

test("a secret is rotated: both are valid, each says what it matched, and the older one ends", async () => {
  const source = await stripe("stripe-rotated");
  const { page, problems } = await open(`panel=${source.id}&tab=secrets`);
  const drawer = drawerOf(page);
  await drawer.getByRole("button", { name: "Rotate the secret…" }).click();
  await drawer.getByRole("textbox", { name: "The next signing secret" }).fill(NEXT);
  await page.keyboard.press("Enter");
  await drawer.getByText("Rotation runs: two secrets are valid").waitFor();
  await expect.poll(() => send(source.url, NEXT)).toBe(200);
  expect(await send(source.url, SECRET)).toBe(200);
  await drawer.getByText("Of the newest 2 that matched a secret, 1 still matched the previous one.").waitFor();
  await drawer.getByText("Not yet safe to end.").waitFor();
  await drawer.getByRole("button", { name: "End now…" }).click();
  await page.getByRole("button", { name: "End it" }).click();
  await page.getByText("The previous secret has ended.").first().waitFor();
  await drawer.getByText("Rotation runs").waitFor({ state: "detached" });
  await expect.poll(async () => [await send(source.url, SECRET), await send(source.url, NEXT)]).toEqual([401, 200]);
  expect(problems).toEqual([]);
  await page.context().close();
});

test("bad input shows its sentence at its field, what was typed survives a reload, and nobody is overwritten", async () => {
  const source = await stripe("stripe-settings");
  const { page, problems } = await open(`panel=${source.id}`);
  const drawer = drawerOf(page);
  const limit = drawer.getByRole("textbox", { name: "Largest body" });
  await limit.fill("11 MiB");
  await drawer.getByRole("button", { name: "Save" }).click();
  const note = drawer.getByRole("alert").filter({ hasText: "at most 10 MiB" });
  await note.first().waitFor();
  expect(await limit.getAttribute("aria-invalid")).toBe("true");
  expect(await limit.inputValue()).toBe("11 MiB");
  await limit.fill("64 KiB");
  await page.reload();
  await drawer.getByRole("textbox", { name: "Largest body" }).waitFor();
  await page.waitForFunction(() => [...document.querySelectorAll("input")].some((input) => input.value === "64 KiB"));

  await updateSource(world.ctx, { id: source.id, config: { body_limit_bytes: 2048 } });
  await drawer.getByRole("button", { name: "Save" }).click();
  await drawer.getByText("Nothing was saved: it was changed while you edited").waitFor();
  expect((await getSource(world.ctx, source)).config.body_limit_bytes).toBe(2048);
  await drawer.getByRole("button", { name: "Keep mine" }).click();
  await drawer.getByText("Nothing changed.").waitFor();
  expect((await getSource(world.ctx, source)).config.body_limit_bytes).toBe(65_536);
  expect(unexpected(problems)).toEqual([]);
  await page.context().close();
});

test("what no rotation changes is replaced under Settings, and a choice shows what an empty one stands for", async () => {
  const auth = { client_id: "client-1", secret: "secret-of-the-client", verify_token: `${"a".repeat(36)}1111` };
  const source = await createSource(world.ctx, { name: "ebay", type: "EBAY", config: { auth } });
  const { page, problems } = await open(`panel=${source.id}&tab=settings`);
  const drawer = drawerOf(page);
  await drawer.getByRole("combobox", { name: "Environment" }).getByText("Production").waitFor();
  expect(await drawer.getByRole("button", { name: "Rotate it under Secrets" }).count()).toBe(1);
  await drawer.getByRole("button", { name: "Rotate the secret" }).click();
  await drawer.getByRole("textbox", { name: "Verification token" }).fill(`${"b".repeat(36)}2222`);
  await drawer.getByRole("button", { name: "Save", exact: true }).click();
  await drawer.getByText("Nothing changed.").waitFor();
  const saved = await getSource(world.ctx, source);
  expect(saved.config.auth).toEqual({ ...source.config.auth, verify_token: "…2222" });
  expect(problems).toEqual([]);
  await page.context().close();
});

test("every part of it is clean in both themes, and on a phone", async () => {
  const source: Source = await stripe("stripe-look");
  await send(source.url, SECRET);
  await send(source.url, NEXT);
  const says = {
    "Set up": "Signature does not match",
    Settings: "Largest body",
    Secrets: "last matched",
    Activity: "Refused in the last 24 h, by cause",
  };
  for (const [look, options, tabs] of [
    ["dark", WIDE, ["Set up", "Activity"]],
    ["light", WIDE, ["Settings", "Secrets"]],
    ["light", PHONE, ["Set up", "Activity"]],
    ["dark", PHONE, ["Settings", "Secrets"]],
  ] as const) {
    const { page, problems } = await open(`panel=${source.id}`, { ...options, colorScheme: look });
    const drawer = drawerOf(page);
    for (const tab of tabs) {
      await drawer.getByRole("tab", { name: tab }).click();
      await drawer.getByText(says[tab]).first().waitFor();
      expect(await violationsOn(page, "[role=dialog]"), `${look}, ${tab}`).toEqual([]);
      expect(await scrollsSideways(page), `${look}, ${tab}`).toBe(false);
    }
    expect(problems).toEqual([]);
    await page.context().close();
  }
});
