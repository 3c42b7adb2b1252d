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
  await versions.getByText(/^Restored v\d+$/).waitFor();
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
