// An agent and its person: one is told where the tools are, the other uses them through the dashboard's own address.
import { afterAll, beforeAll, expect, test } from "vitest";
import { apiKeyRow, newApiKey } from "#server/auth/api-key.ts";
import { createConnection } from "#server/resources/connections.ts";
import { connectAgent } from "#test/support/agent.ts";
import { PHONE } from "#test/support/gallery.ts";
import { layoutShiftOf, scrollsSideways, violationsInBothThemes } from "#test/support/page-look.ts";
import { type SettingsWorld, startSettingsWorld, untilItAnswers } from "#test/support/settings-world.ts";

let world: SettingsWorld;
beforeAll(async () => {
  world = await startSettingsWorld();
});
afterAll(() => world?.[Symbol.asyncDispose]());

test("the page of keys says how each kind of agent is connected, by keyboard and with its state in the address", async () => {
  const { page, problems } = await world.open("admin", "keys");
  const how = page.getByRole("region", { name: "How to connect an agent" });
  await how.getByText(/^claude mcp add --transport http switchyard http:\/\/127\.0\.0\.1:\d+\/mcp/).waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
  await how.getByRole("tab", { name: "Claude Code" }).focus();
  await page.keyboard.press("ArrowRight");
  await how.getByText("mcpServers").waitFor();
  await page.keyboard.press("ArrowRight");
  await how.getByText("promptString").waitFor();
  await page.waitForURL(/[?&]agent=vscode/);
  expect(await layoutShiftOf(page)).toBeLessThan(0.01);
  await page.reload();
  await untilItAnswers(page);
  await how.getByText("promptString").waitFor();
  await page.getByRole("link", { name: "What agents can do" }).click();
  await page.getByRole("heading", { name: "Agents (MCP)", level: 2 }).waitFor();
  expect(problems).toEqual([]);

  const { page: phone } = await world.open("viewer", "keys?agent=cursor", PHONE);
  await phone.getByText(/"url": "http:\/\/127\.0\.0\.1:\d+\/mcp"/).waitFor();
  expect(await scrollsSideways(phone)).toBe(false);
});

test("an agent works through the dashboard's address, and its calls stand in the audit log", async () => {
  const key = newApiKey();
  const of = { key, name: "helper", scope: "write" as const, teamIds: [world.ctx.teamId], expiresAt: null };
  await world.ctx.app.db.apiKey.create({ data: apiKeyRow(new Date(), of) });
  await using agent = await connectAgent(world.dashboardUrl, { key });
  const { data } = await agent.ask("list_issues");
  expect(data).toEqual([]);
  const ends = { source: { name: "s" }, destination: { name: "d", type: "MOCK" as const } };
  const connection = await createConnection(world.ctx, { name: "paused-by-an-agent", rules: [], ...ends });
  const { run_with } = await agent.ask("plan_pause_connection", { id: connection.id });
  await agent.ask("run_pause_connection", run_with.arguments);

  const { page, problems } = await world.open("admin", "audit?action=call");
  const entry = page.getByRole("row", { name: /helper called tools with API key helper/ });
  await entry.getByRole("button", { name: "Show the details" }).click();
  await page.getByText("run_pause_connection").first().waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
  expect(problems).toEqual([]);
});
