// Replays as a person makes them: counted first, watched, cancelled half-way, and nothing sent twice.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "#server/ids.ts";
import { pauseConnection } from "#server/resources/connections.ts";
import { insertFailedEvents } from "#test/support/failed-events.ts";
import { PHONE, WIDE } from "#test/support/gallery.ts";
import { scrollsSideways, violationsInBothThemes, violationsOn } from "#test/support/page-look.ts";
import { type PageWorld, startPageWorld } from "#test/support/page-world.ts";
import { type Receiver, startReceiver } from "#test/support/receiver.ts";
import { eventually, type World } from "#test/support/world.ts";

let on: PageWorld;
let world: World;
let open: PageWorld["open"];

beforeAll(async () => {
  on = await startPageWorld();
  ({ world, open } = on);
});
afterAll(() => on?.[Symbol.asyncDispose]());

let made = 0;
async function failedBranch(count: number, receiver: Pick<Receiver, "url">, config: Record<string, unknown> = {}) {
  const name = `orders-${++made}`;
  const connection = await world.connect({
    name,
    source: { name },
    destination: { name, config: { url: receiver.url, ...config } },
  });
  const ids = await insertFailedEvents(world.pool, connection, count);
  return { name, connection, ids };
}

const dialogOf = (page: Page) => page.getByRole("dialog");
const newestOperation = async () =>
  (
    await world.all<{ id: string; queued_count: number; state: string }>(
      "select id, queued_count, state from bulk_operation order by id desc limit 1",
    )
  )[0];

test("500 events of a filter are planned, sent under a cap and cancelled half-way: nothing goes twice, the rest is as it was", async () => {
  await using receiver = await startReceiver();
  const { connection } = await failedBranch(500, receiver);
  const { page, problems } = await open(`/events?status=FAILED&connection_id=${connection.id}`);
  await page.getByText("500 match").waitFor();
  await page.getByRole("checkbox", { name: "Choose all rows" }).check();
  await page.getByRole("button", { name: "Select all 500 that match" }).click();
  await page.getByRole("button", { name: "Retry 500" }).waitFor();
  await page.keyboard.press("r");
  const dialog = dialogOf(page);
  await dialog.getByText("events will be sent again").waitFor();
  await dialog.getByRole("textbox", { name: "Sends a minute" }).fill("3000");
  expect(await violationsOn(page, "[role='dialog']")).toEqual([]);
  expect(receiver.receipts).toEqual([]);
  await dialog.getByRole("button", { name: "Replay 500 events" }).click();
  await dialog.getByRole("heading", { name: "Replaying 500 events" }).waitFor();
  await receiver.received(120);
  expect(await violationsOn(page, "[role='dialog']")).toEqual([]);
  await dialog.getByRole("button", { name: /^Cancel the \d+ left$/ }).click();
  await page
    .getByText(/^Cancelled\. \d+ stay as they were\.$/)
    .first()
    .waitFor();

  const operation = await newestOperation();
  expect(operation?.state).toBe("CANCELLED");
  const queued = operation?.queued_count ?? 0;
  expect(queued).toBeGreaterThan(100);
  expect(queued).toBeLessThan(500);
  const events = await eventually(
    () => world.events(connection.id),
    (all) => all.filter(({ status }) => status === "DELIVERED").length === queued,
  );
  expect(events.filter(({ status }) => status === "FAILED")).toHaveLength(500 - queued);
  const sent = receiver.receipts.map(({ headers }) => headers["webhook-id"]);
  expect(sent).toHaveLength(queued);
  expect(new Set(sent).size).toBe(queued);
  expect(problems).toEqual([]);
});

test("chosen events that are held end by a cancel that says their number", async () => {
  await using receiver = await startReceiver();
  const { connection } = await failedBranch(12, receiver);
  await pauseConnection(world.ctx, { id: connection.id });
  await world.all("update event set status = 'HOLD', hold_reason = 'connection_paused' where connection_id = $1", [
    connection.id,
  ]);
  const { page, problems } = await open(`/events?status=HOLD&connection_id=${connection.id}`);
  await page.getByText("12 match").waitFor();
  await page.getByRole("checkbox", { name: "Choose all rows" }).check();
  await page.getByRole("button", { name: "Cancel 12" }).click();
  const dialog = dialogOf(page);
  await dialog.getByRole("button", { name: "Cancel 12 events" }).click();
  await dialog.getByRole("heading", { name: "Cancelled 12 events" }).waitFor();
  expect((await world.events(connection.id)).map(({ status }) => status)).toEqual(Array(12).fill("CANCELLED"));
  expect(problems).toEqual([]);
});

describe("a new replay", () => {
  test("says at its field what is wrong with the scope, and that nothing matches", async () => {
    await using receiver = await startReceiver();
    const { name } = await failedBranch(3, receiver);
    const { page } = await open("/replays");
    await page.getByRole("button", { name: "New replay" }).first().click();
    const dialog = dialogOf(page);
    await dialog.getByRole("button", { name: "Count" }).click();
    await dialog.getByText("Name a source, a connection or a destination.").waitFor();
    await dialog.getByRole("combobox", { name: "Connection" }).click();
    await page.getByPlaceholder("Find a connection").fill(name);
    await page.getByRole("option", { name }).click();
    await dialog.getByRole("textbox", { name: "From" }).fill("now");
    await dialog.getByRole("textbox", { name: "To" }).fill("now-1h");
    await dialog.getByRole("button", { name: "Count" }).click();
    const wrong = dialog.getByRole("alert").filter({ hasText: "It lies behind" });
    await wrong.waitFor();
    expect(await dialog.getByRole("textbox", { name: "From" }).getAttribute("aria-invalid")).toBe("true");
    expect(await violationsOn(page, "[role='dialog']")).toEqual([]);
    await dialog.getByRole("textbox", { name: "From" }).fill("yesterday");
    await dialog.getByRole("button", { name: "Count" }).click();
    await dialog.getByRole("alert").filter({ hasText: "Use an ISO 8601 time" }).first().waitFor();
    await dialog.getByRole("button", { name: "24 h" }).click();
    await dialog.getByRole("textbox", { name: "Event" }).fill("nothing.*");
    await dialog.getByRole("button", { name: "Count" }).click();
    await dialog.getByText("Nothing matches.").waitFor();
    expect(await violationsOn(page, "[role='dialog']")).toEqual([]);
    await dialog.getByRole("button", { name: "Change the scope" }).click();
    await dialog.getByRole("textbox", { name: "Event" }).fill("");
    await dialog.getByRole("button", { name: "Count" }).click();
    await dialog.getByRole("button", { name: "Replay 3 events" }).waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect(receiver.receipts).toEqual([]);
  });
});

describe("the page of replays", () => {
  test("shows what runs with its cap and takes a change of it, and says that what is over cannot be cancelled", async () => {
    await using receiver = await startReceiver();
    const { connection } = await failedBranch(40, receiver);
    const { page, problems } = await open("/replays");
    const id = newId("bulk_operation");
    await world.all(
      `insert into bulk_operation (team_id, id, kind, state, filter, rate_limit, rate_limit_period, total_count, actor_kind, actor_id, created_at, next_page_at)
       values ('tm_default', $1, 'events_retry', 'RUNNING', $2, 60, 'minute', 40, 'user', $3, now(), now())`,
      [
        id,
        JSON.stringify({
          from: new Date(Date.now() - 3_600_000).toISOString(),
          to: new Date().toISOString(),
          connection_id: [connection.id],
          status: ["FAILED"],
        }),
        on.person.person.id,
      ],
    );
    const table = page.getByRole("table", { name: "Replays" });
    const row = table.getByRole("row").filter({ hasText: "of 40" });
    await row.getByRole("button", { name: "Replay failed events" }).first().click();
    const panel = page.getByRole("complementary", { name: "Replay" });
    await panel.getByText("of 40 sent").waitFor();
    await expect.poll(() => new URL(page.url()).searchParams.get("open")).toBe(id);
    await panel.getByText(on.person.person.email).waitFor();
    await panel.getByRole("button", { name: "Change the cap" }).click();
    const cap = page.getByRole("dialog", { name: "Rate cap" });
    await cap.getByRole("textbox", { name: "Sends a minute" }).fill("30");
    await cap.getByRole("button", { name: "Apply" }).click();
    await cap.waitFor({ state: "detached" });
    expect(await world.all("select rate_limit from bulk_operation where id = $1", [id])).toEqual([{ rate_limit: 30 }]);
    expect(await violationsOn(page)).toEqual([]);
    // From here on the page hears nothing more, so that it offers what is no longer to be had.
    await page.route("**/api/trpc/bulk.get**", () => {});
    await world.all("update bulk_operation set state = 'COMPLETED', finished_at = now() where id = $1", [id]);
    await panel.getByRole("button", { name: /^Cancel/ }).click();
    await page
      .getByText(/is COMPLETED since .* nothing left to change/)
      .first()
      .waitFor();
    expect(problems.filter((problem) => !problem.includes("409"))).toEqual([]);
  });

  test("says so where the id in the address is nobody's", async () => {
    const { page } = await open(`/replays?open=${newId("bulk_operation")}`);
    await page.getByText("This replay did not load").waitFor();
    await page.getByRole("button", { name: "Close the panel" }).click();
    await page.getByText("This replay did not load").waitFor({ state: "detached" });
  });

  test.each([WIDE, PHONE])(
    "is clean and fits at $viewport.width px in both themes, with the dialog too",
    async (look) => {
      const { page, problems } = await open("/replays", look);
      await page.getByRole("button", { name: "Replay failed events" }).first().waitFor();
      expect(await violationsInBothThemes(page)).toEqual([]);
      expect(await scrollsSideways(page)).toBe(false);
      await page.getByRole("button", { name: "New replay" }).first().click();
      await dialogOf(page).getByRole("button", { name: "Count" }).waitFor();
      expect(await violationsInBothThemes(page, "[role='dialog']")).toEqual([]);
      expect(await scrollsSideways(page)).toBe(false);
      expect(problems).toEqual([]);
    },
  );
});
