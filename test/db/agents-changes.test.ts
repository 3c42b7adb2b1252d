// Changes by agents: only what was planned is made, by whoever planned it, and once.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeLog } from "#server/process/log.ts";
import { getBulkOperation } from "#server/resources/bulk.ts";
import { pauseConnection, unpauseConnection } from "#server/resources/connections.ts";
import { retryEvent } from "#server/resources/events.ts";
import { type Agent, connectAgent } from "#test/support/agent.ts";
import { type AgentWorld, createAgentWorld, sentence } from "#test/support/agent-world.ts";
import { startGateway } from "#test/support/gateway.ts";
import { plantedIssue, rejectingSource } from "#test/support/planted-issue.ts";
import { type Receiver, startReceiver } from "#test/support/receiver.ts";
import { eventually } from "#test/support/world.ts";

let world: AgentWorld;
beforeAll(async () => {
  world = await createAgentWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

describe("a change is what was planned:", () => {
  let receiver: Receiver;
  let agent: Agent;
  beforeAll(async () => {
    receiver = await startReceiver();
    agent = await world.agentWith("write");
  });
  afterAll(async () => {
    await agent[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
  });

  const isPaused = async (id: string) => {
    const [row] = await world.all<{ paused_at: Date | null }>("select paused_at from connection where id = $1", [id]);
    return row?.paused_at !== null;
  };

  test("without a plan nothing runs", async () => {
    const { id } = await world.branch(receiver, 0);
    expect(await sentence(agent.ask("run_pause_connection", { id }))).toContain("call plan_pause_connection first");
    const invented = { id, fingerprint: "lxq3k2-1-AAAAAAAAAAAAAAAAAAAAAA" };
    expect(await sentence(agent.ask("run_pause_connection", invented))).toContain("call plan_pause_connection first");
    expect(await isPaused(id)).toBe(false);
  });

  test("a plan says what waits, and its run pauses", async () => {
    const { id, name } = await world.branch(receiver, 0);
    const plan = await agent.ask("plan_pause_connection", { id });
    expect(plan).toMatchObject({ count: 1, now: { id, name }, waiting: { queue_depth: 0 } });
    await agent.ask("run_pause_connection", plan.run_with.arguments);
    expect(await isPaused(id)).toBe(true);
  });

  test("the plan of one thing runs on no other, nor as another change, nor by another key", async () => {
    const [one, other] = [await world.branch(receiver, 0), await world.branch(receiver, 0)];
    const { run_with } = await agent.ask("plan_pause_connection", { id: one.id });
    const { fingerprint } = run_with.arguments;
    const otherwise = "not the fingerprint of this plan";
    expect(await sentence(agent.ask("run_pause_connection", { id: other.id, fingerprint }))).toContain(otherwise);
    expect(await sentence(agent.ask("run_disable_connection", { id: one.id, fingerprint }))).toContain(otherwise);
    await using stranger = await world.agentWith("write");
    expect(await sentence(stranger.ask("run_pause_connection", run_with.arguments))).toContain(otherwise);
    expect(await isPaused(one.id)).toBe(false);
  });

  test("a thing that has changed since is planned anew", async () => {
    const { id } = await world.branch(receiver, 0);
    const { run_with } = await agent.ask("plan_disable_connection", { id });
    await agent.ask("run_pause_connection", (await agent.ask("plan_pause_connection", { id })).run_with.arguments);
    expect(await sentence(agent.ask("run_disable_connection", run_with.arguments))).toContain("has changed since");
  });

  test("no more is sent than was planned", async () => {
    await using ill = await startReceiver({ status: 503 });
    const connection = await world.branch(ill, 2);
    const statuses = async () => (await world.events(connection.id)).map(({ status }) => status);
    const [held] = await world.events(connection.id);
    await pauseConnection(world.ctx, { id: connection.id });
    await retryEvent(world.ctx, { id: held?.id ?? "" });
    await eventually(statuses, (all) => all.includes("HOLD"));
    const { count, skipped, run_with } = await agent.ask("plan_retry_events", {
      connection_id: [connection.id],
      from: "now-1h",
    });
    expect({ count, skipped }).toEqual({ count: 1, skipped: { in_line: 1 } });
    await unpauseConnection(world.ctx, { id: connection.id });
    await eventually(statuses, (all) => all.every((status) => status === "FAILED"));
    const refusal = await sentence(agent.ask("run_retry_events", run_with.arguments));
    expect(refusal).toContain("It would reach 2 now and was planned for 1");
    expect(ill.receipts).toHaveLength(3);
  });
});

describe("each change does what it says:", () => {
  const planned = async (agent: Agent, name: string, input: object) => {
    const { count, run_with } = await agent.ask(`plan_${name}`, { ...input });
    return { count, ...(await agent.ask(run_with.tool, run_with.arguments)).done };
  };
  const over = (id: string) =>
    eventually(
      () => getBulkOperation(world.ctx, { id }),
      ({ state }) => state === "COMPLETED",
    );

  test("replays, routes again and cancels", async () => {
    await using receiver = await startReceiver();
    await using agent = await world.agentWith("write");
    const { id, source_id } = await world.branch(receiver, 2);
    const replayed = await planned(agent, "replay", { source: source_id, from: "now-1h", rate_limit: 1_000 });
    expect(replayed).toMatchObject({ count: 2, kind: "events_replay" });
    await over(replayed.id);
    await receiver.received(4);
    const routed = await planned(agent, "route_requests_again", { source_id: [source_id], from: "now-1h" });
    expect(routed).toMatchObject({ count: 2, kind: "requests_retry" });
    await over(routed.id);
    await receiver.received(6);

    await planned(agent, "pause_connection", { id });
    await planned(agent, "replay", { source: source_id, from: "now-1h" });
    const statuses = async () => (await world.events(id)).map(({ status }) => status);
    await eventually(statuses, (all) => all.filter((status) => status === "HOLD").length === 2);
    const cancelled = await planned(agent, "cancel_events", { connection_id: [id], status: ["HOLD"], from: "now-1h" });
    expect(cancelled.count).toBe(2);
    await eventually(statuses, (all) => !all.includes("HOLD"));
    expect(receiver.receipts).toHaveLength(6);
  });

  test("switches a connection, ends an operation and resolves an issue", async () => {
    await using receiver = await startReceiver();
    await using agent = await world.agentWith("write");
    const { id, source_id } = await world.branch(receiver, 2);
    const names = ["disable_connection", "enable_connection", "pause_connection", "resume_connection"];
    for (const name of names) await planned(agent, name, { id });
    expect(await agent.ask("get_connection", { id })).not.toHaveProperty("paused_at");

    // One an hour: it is not over by itself.
    const slow = await planned(agent, "replay", {
      source: source_id,
      from: "now-1h",
      rate_limit: 1,
      rate_limit_period: "hour",
    });
    expect(await planned(agent, "cancel_bulk_operation", { id: slow.id })).toMatchObject({ state: "CANCELLED" });

    const issue = plantedIssue(world.ctx.teamId, new Date(), rejectingSource(source_id));
    await world.ctx.app.db.issue.create({ data: issue });
    const { run_with } = await agent.ask("plan_resolve_issue", { id: issue.id });
    // It has happened once more meanwhile.
    await world.pool.query("update issue set count = count + 1, updated_at = now() where id = $1", [issue.id]);
    expect((await agent.ask(run_with.tool, run_with.arguments)).done.state).toBe("resolved");
  });
});

test("a file of flows is planned by its problems or its changes, and applied without showing a secret", async () => {
  await using agent = await world.agentWith("write");
  const head = "apiVersion: switchyard.dev/v1\nkind: DeliveryFlow\nmetadata: { name: of-an-agent }\n";
  const wrong = await agent.ask("plan_apply_flows", { text: `${head}spec: { sauce: {} }` });
  expect(wrong).toMatchObject({ count: 0, problems: [expect.objectContaining({ line: 4 })] });
  expect(wrong).not.toHaveProperty("run_with");

  const text = `${head}spec:
  source: { name: flow-of-an-agent }
  destinations:
    - { name: of-an-agent, url: "https://receiver.example/in" }
`;
  const { count, run_with } = await agent.ask("plan_apply_flows", { text });
  expect(count).toBe(3);
  const { done } = await agent.ask(run_with.tool, run_with.arguments);
  expect(done.is_changed).toBe(true);
  expect(JSON.stringify(done)).not.toMatch(/whsec_|made_secrets/);
  const { data } = await agent.ask("list_flows");
  expect(data).toMatchObject([{ name: "of-an-agent", drifted_count: 0 }]);
  expect(await sentence(agent.ask(run_with.tool, run_with.arguments))).toContain("call plan_apply_flows first");
});

test("of two runs of one plan at once, one runs", async () => {
  await using receiver = await startReceiver();
  const connection = await world.branch(receiver, 2);
  await using agent = await world.agentWith("write");
  const { run_with } = await agent.ask("plan_retry_events", { connection_id: [connection.id], from: "now-1h" });
  const runs = await Promise.all(
    Array.from({ length: 6 }, () => sentence(agent.ask(run_with.tool, run_with.arguments))),
  );
  expect(runs.filter((said) => said === "it was not refused")).toHaveLength(1);
  await receiver.received(4);
  const { data } = await agent.ask("list_bulk_operations", { state: ["RUNNING", "COMPLETED"], limit: 50 });
  const ofThis = data.filter(({ filter }: { filter: { connection_id?: string[] } }) =>
    filter.connection_id?.includes(connection.id),
  );
  expect(ofThis).toHaveLength(1);
});

test("also where each asks a gateway of its own", async () => {
  await using receiver = await startReceiver();
  const connection = await world.branch(receiver, 2);
  const key = await world.makeKey("write");
  const log = makeLog("test", "warn");
  await using other = await startGateway({ databaseUrl: world.env.databaseUrl, egressAllow: "127.0.0.0/8", log });
  await using here = await connectAgent(world.doorUrl, { key });
  await using there = await connectAgent(other.url, { key });
  const ROUNDS = 4;
  for (let round = 0; round < ROUNDS; round++) {
    const { run_with } = await here.ask("plan_replay", { source: connection.source_id, from: "now-1h" });
    const said = await Promise.all(
      [here, there].map((agent) => sentence(agent.ask(run_with.tool, run_with.arguments))),
    );
    expect(said).toContain("it was not refused");
    expect(said).toContainEqual(expect.stringMatching(/call plan_replay first|plan it again/));
    await receiver.received(2 * (round + 2));
    await eventually(
      () => world.events(connection.id),
      (events) => events.every(({ status }) => status === "DELIVERED"),
    );
  }
  const { data } = await here.ask("list_bulk_operations", { limit: 50 });
  const ofThis = data.filter(({ filter }: { filter: { source_id?: string[] } }) =>
    filter.source_id?.includes(connection.source_id),
  );
  expect(ofThis).toHaveLength(ROUNDS);
});
