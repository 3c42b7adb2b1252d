import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { derivedId, newId } from "#server/ids.ts";
import { createConnection } from "#server/resources/connections.ts";
import { PHONE } from "#test/support/gallery.ts";
import {
  heightOf,
  layoutShiftOf,
  scrollsSideways,
  violationsInBothThemes,
  violationsOn,
} from "#test/support/page-look.ts";
import { type SettingsWorld, startSettingsWorld } from "#test/support/settings-world.ts";

let world: SettingsWorld;
let requestId: string;

beforeAll(async () => {
  world = await startSettingsWorld();
  await world.plantOld([20, 12, 11, 2, 0.1]);
  requestId = await plantMasked();
});

afterAll(() => world?.[Symbol.asyncDispose]());

/** A request of a source that masks, with a delivered event. */
async function plantMasked(): Promise<string> {
  const { ctx } = world;
  const connection = await createConnection(ctx, {
    name: "payments",
    source: { name: "shop", config: { masked_paths: ["body.card", "headers.x-token"] } },
    destination: { name: "billing", config: { url: "http://127.0.0.1:9099/hook" } },
    rules: [],
  });
  const at = new Date();
  const base = { team_id: ctx.teamId, created_at: at, source_id: connection.source_id };
  const id = newId("request", at.getTime());
  const body = Buffer.from('{"card": "4111 1111 1111 1111","total": 12}');
  await ctx.app.db.request.create({
    data: {
      ...base,
      id,
      status: "accepted",
      verified: false,
      method: "POST",
      path: "/paid",
      query: "",
      headers: [
        ["content-type", "application/json"],
        ["x-token", "tok_secret"],
      ],
      content_type: "application/json",
      body,
      body_bytes: body.length,
      remote_ip: "192.0.2.7",
      masks: JSON.stringify(["body.card", "headers.x-token"]),
    },
  });
  const filtered = await createConnection(ctx, {
    ...{ name: "large payments", source_id: connection.source_id, destination_id: connection.destination_id },
    rules: [],
  });
  await ctx.app.db.ignoredEvent.create({
    data: {
      ...base,
      id: derivedId("ignored_event", id, filtered.id),
      request_id: id,
      connection_id: filtered.id,
      destination_id: filtered.destination_id,
      ...{ cause: "FILTERED", detail: "body.total is 12.", why: [] },
    },
  });
  const branch = { connection_id: connection.id, destination_id: connection.destination_id };
  const delivered = { status: "DELIVERED", trigger: "INITIAL", attempts: 1, delivered_at: at, why: [] };
  const eventId = derivedId("event", id, connection.id);
  await ctx.app.db.event.create({ data: { ...base, ...branch, ...delivered, id: eventId, request_id: id } });
  return id;
}

const goTo = async (page: Page, path: string) => {
  await page.goto(world.dashboardUrl + path);
  await page
    .getByRole("button", { name: "Erase payload…" })
    .or(page.getByText("The payload was erased"))
    .first()
    .waitFor();
};

describe("the payload of a request", () => {
  test("is masked, and erased after a look at what that reaches", async () => {
    const { page, problems } = await world.open("admin", "retention");
    await goTo(page, `/requests/${requestId}`);
    await page.getByText("Masked: body.card, headers.x-token").waitFor();
    await page.getByText('"***"').first().waitFor();
    expect(await page.content()).not.toContain("4111 1111");

    await page.getByRole("button", { name: "Erase payload…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("the request, 1 event and 0 attempts").waitFor();
    await dialog.getByText("Out of reach: 1 delivery at billing.").waitFor();
    expect(await violationsOn(page, "[role=dialog]")).toEqual([]);
    const confirm = dialog.getByRole("button", { name: "Erase for good" });
    expect(await confirm.isDisabled()).toBe(true);
    await dialog.getByLabel("Reason, for the audit log").fill("Ticket 4711");
    await page.keyboard.press("Enter");
    await page.getByText("The payload was erased").waitFor();
    await page.getByText("The body was erased, with headers, path and query.").waitFor();
    // Nothing that was never sent stands where something was.
    await page.getByRole("tab", { name: "Headers", exact: true }).click();
    await page.getByText("The headers were erased.").waitFor();
    await page.getByRole("tab", { name: "Query" }).click();
    await page.getByText("Path and query were erased.").waitFor();
    expect(await page.getByRole("button", { name: /^Retry/ }).count()).toBe(0);
    expect(await violationsInBothThemes(page)).toEqual([]);
    await page.getByRole("link", { name: "Open event" }).click();
    await page.getByText("The payload was erased").waitFor();
    const request = page.getByRole("tabpanel", { name: "Request" });
    await request.getByText("The body was erased, with headers, path and query.").waitFor();
    expect(await request.getByText(/POST|0 headers/).count()).toBe(0);
    await page.getByText("large payments").waitFor();
    expect(await page.getByRole("button", { name: "Send anyway" }).count()).toBe(0);
    await page.goto(`${world.dashboardUrl}/requests?id=${requestId}&columns=path,sender`);
    await expect.poll(() => page.getByRole("gridcell", { name: "erased" }).count()).toBe(2);
    expect(problems).toEqual([]);
  });
});

test("the page of retention says what each day holds and when the disk is full, on a phone as well", async () => {
  const { page, problems } = await world.open("viewer", "retention");
  await page.getByText("the database runs elsewhere").waitFor();
  await page.getByRole("heading", { name: "By day" }).waitFor();
  const today = new Date().toISOString().slice(0, 10);
  expect(await page.getByRole("row", { name: new RegExp(`^${today} [12] `) }).count()).toBe(1);
  expect(await layoutShiftOf(page)).toBeLessThan(0.02);
  const phone = await world.open("viewer", "retention", PHONE);
  expect(await scrollsSideways(phone.page)).toBe(false);
  await goTo(phone.page, `/requests/${requestId}`);
  // One line: what is masked leaves the title its width.
  expect(await heightOf(phone.page.getByRole("heading", { name: "no event type" }))).toBeLessThan(40);
  expect([...problems, ...phone.problems]).toEqual([]);
});
