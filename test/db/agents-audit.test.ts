// The calls of agents in the audit log: every one is counted, changes stand alone, and no flood of reads fills it.
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeLog } from "#server/process/log.ts";
import { connectAgent } from "#test/support/agent.ts";
import { createApi, type TestApi } from "#test/support/api.ts";
import { startGateway } from "#test/support/gateway.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => api[Symbol.asyncDispose]());

/** A gateway of its own: what it has only counted is written down when it stops. */
const startOne = (said: string[] = []) => {
  const log = makeLog("test", "warn", { write: (text: string) => said.push(text) });
  return startGateway({ databaseUrl: api.databaseUrl, egressAllow: "", log });
};

async function entriesOf(teamId: string) {
  const { rows } = await api.pool.query(
    "select actor_kind, resource_kind, resource_id, after from audit_entry where team_id = $1 and action = 'call' order by id",
    [teamId],
  );
  return rows.map(({ after, ...row }) => ({ ...row, after: JSON.parse(after) }));
}

test("reads are one entry with the arguments of the first and the counts of all", async () => {
  const teamId = await api.makeTeam("reads");
  const key = await api.makeKey([teamId], "read");
  {
    await using gateway = await startOne();
    await using agent = await connectAgent(gateway.url, { key });
    for (let n = 0; n < 60; n++) await agent.ask("list_sources", { search: `s${n}` });
    await agent.ask("list_events", { status: ["FAILED"], from: "now-1h" });
    await expect(agent.ask("run_replay", { source: "s", from: "now-1h", fingerprint: "x" })).rejects.toThrow();
    await expect(agent.ask("list_events", { api_key: "sk_live_mistaken" })).rejects.toThrow();
    await expect(agent.ask("no_such_tool", { password: "hunter2" })).rejects.toThrow();
    expect(await entriesOf(teamId)).toEqual([]);
  }
  const [entry, ...others] = await entriesOf(teamId);
  expect(others).toEqual([]);
  expect(entry).toMatchObject({ actor_kind: "api_key", resource_kind: "api_key" });
  expect(entry?.after.calls).toEqual({
    list_sources: { done: 60 },
    list_events: { done: 1, refused: 1 },
    run_replay: { refused: 1 },
    unknown: { refused: 1 },
  });
  expect(entry?.after.first).toHaveLength(20);
  expect(entry?.after.first[0]).toMatchObject({ tool: "list_sources", arguments: { search: "s0" }, outcome: "done" });
  expect(JSON.stringify(entry)).not.toMatch(/mistaken|hunter2/);
});

test("a change is an entry of its own at once, beside that of what it changed", async () => {
  const teamId = await api.makeTeam("changes");
  const key = await api.makeKey([teamId]);
  const { body: connection } = await api.post(
    "/v1/connections",
    { name: "c", source: { name: "s" }, destination: { name: "d", type: "MOCK" } },
    { key },
  );
  await using gateway = await startOne();
  await using agent = await connectAgent(gateway.url, { key });
  const { run_with } = await agent.ask("plan_pause_connection", { id: connection.id });
  await agent.ask("run_pause_connection", run_with.arguments);
  expect((await entriesOf(teamId)).map(({ after }) => after)).toEqual([
    { tool: "run_pause_connection", arguments: { id: connection.id }, outcome: "done" },
  ]);
  const { body } = await api.get("/v1/audit?action=pause", { key });
  expect(body.data).toMatchObject([{ actor_kind: "api_key", resource_id: connection.id }]);
  const verdict = await api.get("/v1/audit/verify", { key });
  expect(verdict.body.is_whole).toBe(true);
});

test("an entry stays short, however long the arguments are, and can be stored", async () => {
  const teamId = await api.makeTeam("long");
  const key = await api.makeKey([teamId], "read");
  {
    await using gateway = await startOne();
    await using agent = await connectAgent(gateway.url, { key });
    const id = Array.from({ length: 250 }, () => "x".repeat(64));
    for (let n = 0; n < 25; n++) {
      const many = { error_code: id, status: id, hold_reason: id, ended_because: id, id, next: "n".repeat(500) };
      const input = { ...many, request_id: id, source_id: id, connection_id: id, destination_id: id };
      await agent.ask("list_events", input).catch(() => undefined);
      await agent.ask("list_sources", { search: "a\0\ud800" }).catch(() => undefined);
    }
  }
  const [entry] = await entriesOf(teamId);
  expect(entry?.after.first).toHaveLength(20);
  expect(entry?.after.calls).toEqual({ list_events: { refused: 25 }, list_sources: { refused: 25 } });
  expect(JSON.stringify(entry).length).toBeLessThan(64 * 1024);
});

test("a team that is gone has no log, and holds up nobody's stop", async () => {
  const teamId = await api.makeTeam("gone");
  const key = await api.makeKey([teamId, api.teamId], "read");
  const said: string[] = [];
  {
    await using gateway = await startOne(said);
    await using agent = await connectAgent(gateway.url, { key, headers: { "x-team-id": teamId } });
    await agent.ask("list_sources");
    await api.pool.query("delete from team where id = $1", [teamId]);
  }
  expect(said).toEqual([]);
  expect(await entriesOf(teamId)).toEqual([]);
});
