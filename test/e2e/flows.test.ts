// Configuration as files and as versions, as a person uses it: compared, restored, and nothing lost unsaid.
import { afterAll, beforeAll, expect, test } from "vitest";
import { updateDestination } from "#server/resources/destinations.ts";
import { PHONE } from "#test/support/gallery.ts";
import { layoutShiftOf, scrollsSideways, violationsInBothThemes, violationsOn } from "#test/support/page-look.ts";
import { type PageWorld, startPageWorld } from "#test/support/page-world.ts";

let on: PageWorld;
beforeAll(async () => {
  on = await startPageWorld();
});
afterAll(() => on?.[Symbol.asyncDispose]());

const url = "https://receiver.example.com/hooks";

const FILE = `apiVersion: switchyard.dev/v1
kind: DeliveryFlow
metadata: { name: payments }
spec:
  source:
    name: payments
  destinations:
    - name: orders
      url: https://orders.example.com/hooks
      rateLimit: 600/minute
    - name: analytics
      url: https://analytics.example.com/hooks
`;
const asFile = (text: string) => ({ name: "payments.yaml", mimeType: "text/yaml", buffer: Buffer.from(text) });

test("a file is applied, an edit beside it shows as drift with who did it, and a restore ends the drift", async () => {
  const { world, open } = on;
  const { page, problems } = await open("/flows");
  await page.getByText("No file yet").waitFor();
  const file = page.getByLabel("Flow file to open");
  await file.setInputFiles(asFile(FILE.replace("rateLimit", "rateLimits")));
  await page.getByRole("alert", { name: "Problems" }).getByText("Line 10").waitFor();
  await file.setInputFiles(asFile(FILE));
  const changes = page.getByRole("list", { name: "Changes" });
  await changes.getByRole("button", { name: /destination orders/ }).waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
  await page.getByRole("button", { name: "Apply 5 changes" }).click();
  await page.getByText("What runs is what the file says").waitFor();
  expect(await layoutShiftOf(page)).toBeLessThan(0.05);

  const [orders] = await world.all<{ id: string }>("select id from destination where name = 'orders'");
  const id = orders?.id ?? "";
  const { page: graph, problems: more } = await open(`/connections?panel=${id}&tab=pace`);
  await graph.getByRole("textbox", { name: "Rate limit" }).fill("300");
  await graph.getByRole("button", { name: "Save", exact: true }).click();
  await graph.getByText("Nothing changed.").waitFor();
  await graph.keyboard.press("Escape");
  await graph.waitForURL((address) => !address.searchParams.has("panel"));
  await graph.getByRole("link", { name: /^Drifted from the flow payments: .* changed rate_limit$/ }).click();

  const drift = graph.getByRole("region", { name: "Flow payments" });
  await drift.getByText("1 of 5 resources were changed since. Nothing is put back by itself.").waitFor();
  await drift.getByRole("row", { name: "config.rate_limit 600/minute 300/minute" }).waitFor();
  await drift
    .getByText(/^admin-\d+@/)
    .first()
    .waitFor();
  expect(await violationsInBothThemes(graph)).toEqual([]);

  await graph.getByRole("radio", { name: "Versions" }).click();
  const versions = graph.getByRole("list", { name: "Versions" });
  await versions.getByRole("button", { name: /orders: rate_limit 300/ }).click();
  await graph.getByRole("button", { name: "Restore this field" }).click();
  await graph
    .getByRole("dialog")
    .getByRole("button", { name: /^Restore 1 change, make v\d+$/ })
    .click();
  await versions.getByText(/^Restored v\d+$/).waitFor();
  await graph.getByRole("radio", { name: "Drift" }).click();
  await drift.getByText("All 5 resources are as the file says.").waitFor();
  expect([...problems, ...more]).toEqual([]);
});

test("a drifted field needs a choice before a file is applied, and a plan goes stale", async () => {
  const { world, open } = on;
  const [orders] = await world.all<{ id: string }>("select id from destination where name = 'orders'");
  const id = orders?.id ?? "";
  await updateDestination(world.ctx, { id, config: { rate_limit: 100 } });
  const { page, problems } = await open("/flows?flow=payments");
  const apply = page.getByRole("button", { name: "Apply 1 change" });
  await page.getByText("1 drifted field needs a choice.").waitFor();
  expect(await apply.isDisabled()).toBe(true);
  await page.getByRole("radio", { name: "Take 600" }).click();
  await world.connect({ name: "other", source: { name: "other" }, destination: { name: "other", config: { url } } });
  await page.getByText("The configuration has changed since this plan.").waitFor();
  expect(await apply.isDisabled()).toBe(true);
  await page.getByRole("button", { name: "Plan again" }).click();
  await apply.click();
  await page.getByText("What runs is what the file says").waitFor();
  const [row] = await world.all<{ limit: number }>(
    `select (config ->> 'rate_limit')::int as limit from destination where id = '${id}'`,
  );
  expect(row?.limit).toBe(600);
  expect(problems).toEqual([]);
});

test("an older version is found, compared and brought back in part, with the keyboard alone", async () => {
  const { world, open } = on;
  const connection = await world.connect({
    name: "way",
    source: { name: "in" },
    destination: { name: "ledger", config: { url, rate_limit: 600 } },
  });
  const id = connection.destination_id;
  await updateDestination(world.ctx, { id, config: { rate_limit: 300, timeout_ms: 30_000 } });
  const { page, problems } = await open("/flows?tab=versions");
  const versions = page.getByRole("list", { name: "Versions" });
  await versions.getByText("ledger: rate_limit 300, timeout_ms 30000").waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
  await page.keyboard.press("j");
  const panel = page.getByRole("complementary", { name: "Version" });
  await panel.getByRole("row", { name: "config.rate_limit 600 300" }).waitFor();
  await panel.getByText("Nothing was sent by ledger within 45 min of it.").waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: "light" });
  await panel.getByRole("button", { name: "Restore these 2 fields" }).press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("row", { name: "config.rate_limit 300 600" }).waitFor();
  expect(await violationsOn(page, "[role='dialog']")).toEqual([]);
  const [newest] = await world.all<{ number: number }>("select max(number) as number from team_version");
  await dialog.getByRole("button", { name: `Restore 1 change, make v${(newest?.number ?? 0) + 1}` }).press("Enter");
  await versions.getByText(`Restored v${(newest?.number ?? 0) - 1}`, { exact: true }).waitFor();
  const [row] = await world.all<{ limit: number }>(
    `select (config ->> 'rate_limit')::int as limit from destination where id = '${id}'`,
  );
  expect(row?.limit).toBe(600);
  expect(await layoutShiftOf(page)).toBeLessThan(0.02);
  expect(problems).toEqual([]);
});

test("a phone shows the versions, and one of them in their place", async () => {
  const { page, problems } = await on.open("/flows?tab=versions", PHONE);
  await page.getByRole("list", { name: "Versions" }).getByRole("button").first().tap();
  await page.getByRole("heading", { name: /^v\d+$/ }).waitFor();
  expect(await scrollsSideways(page)).toBe(false);
  expect(await violationsOn(page)).toEqual([]);
  expect(problems).toEqual([]);
});
