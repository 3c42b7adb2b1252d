// A listener on a person's machine as its destination: it takes what is due, and what it answers stands as an attempt.
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TunnelEvent } from "#server/contracts/tunnel.ts";
import { type SubjectRow, subjects } from "#server/issues/evidence.sql.ts";
import { createDestination, duplicateDestination } from "#server/resources/destinations.ts";
import { createSource } from "#server/resources/sources.ts";
import { answerTunnel, endTunnel, nextOfTunnel, openTunnel } from "#server/resources/tunnels.ts";
import { AWAY_MS, endTunnels } from "#server/tunnel/end-tunnels.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const newSession = () => randomBytes(16).toString("hex");
let names = 0;

async function listenTo(filter?: Parameters<typeof openTunnel>[1]["filter"]) {
  names += 1;
  const source = await createSource(world.ctx, { name: `source-${names}` });
  const session = newSession();
  const open = { name: `laptop-${names}`, session, sources: [source.name] };
  const tunnel = await openTunnel(world.ctx, { ...open, ...(filter && { filter }) });
  const [connection] = await world.all<{ id: string }>("select id from connection where destination_id = $1", [
    tunnel.id,
  ]);
  return { source, session, open, tunnel, connectionId: connection?.id ?? "" };
}

const send = (source: { url: string }, body: string, init: RequestInit = {}) =>
  fetch(`${world.ingestUrl(source)}${init.cache ?? ""}`, {
    method: "POST",
    body,
    headers: { "content-type": "application/json" },
    ...init,
  });

const ask = (of: { tunnel: { id: string }; session: string }, more: object = {}) =>
  nextOfTunnel(world.ctx, { id: of.tunnel.id, session: of.session, busy: [], limit: 10, wait_ms: 15_000, ...more });

const answerOf = (of: { tunnel: { id: string } }, token: string, event: TunnelEvent, status = 200) => ({
  ...{ id: of.tunnel.id, event_id: event.id, attempt_id: event.attempt_id, token },
  ...{ requested_url: "http://localhost:3000/hooks", http_method: event.method, request_headers: event.headers },
  ...{ response_status: status, response_headers: [["content-type", "text/plain"]] as [string, string][] },
  ...{ response_body_base64: Buffer.from("ok").toString("base64"), error_code: null, latency_ms: 12 },
});

test("a listener gets a webhook with its bytes, and its answer is an attempt that delivers the event", async () => {
  const listener = await listenTo();
  const waiting = ask(listener);
  await send(listener.source, '{"a": 1}');
  const { token, events } = await waiting;
  const [event] = events;
  if (!event) throw new Error("No event came.");
  expect(Buffer.from(event.body_base64 ?? "", "base64").toString()).toBe('{"a": 1}');
  expect(event.headers).toContainEqual(["content-type", "application/json"]);
  expect(event.headers).toContainEqual(["x-switchyard-event-id", event.id]);

  const answered = await answerTunnel(world.ctx, answerOf(listener, token, event));
  expect(answered.status).toBe("DELIVERED");
  expect(await world.attempts(event.id)).toMatchObject([
    { id: event.attempt_id, number: 1, response_status: 200, requested_url: "http://localhost:3000/hooks" },
  ]);
  // An answer that was lost on its way is brought again, perhaps to another gateway.
  await answerTunnel(world.ctx, answerOf(listener, token, event));
  expect(await world.attempts(event.id)).toHaveLength(1);
});

test("an event that is under way is handed out once more only to whoever does not know of it", async () => {
  const listener = await listenTo();
  await send(listener.source, "{}");
  const first = await ask(listener);
  const again = await ask(listener);
  expect(again.token).toBe(first.token);
  expect(again.events.map(({ id }) => id)).toEqual(first.events.map(({ id }) => id));
  const busy = first.events.map(({ id }) => id);
  expect((await ask(listener, { busy, wait_ms: 0 })).events).toEqual([]);
});

test("a listener whose server is busy keeps its lease without getting anything", async () => {
  const listener = await listenTo();
  await send(listener.source, "{}");
  const first = await ask(listener);
  const lease = () =>
    world.all<{ at: string }>("select lease_expires_at::text as at from lane where destination_id = $1", [
      listener.tunnel.id,
    ]);
  const before = await lease();
  expect(await ask(listener, { limit: 0 })).toEqual({ token: first.token, events: [] });
  expect(await lease()).not.toEqual(before);
});

test("a listener is neither copied nor given dead letters: it goes with its session", async () => {
  const { tunnel } = await listenTo();
  await expect(duplicateDestination(world.ctx, { id: tunnel.id, name: "copy" })).rejects.toThrow(/is a listener/);
  const config = { dead_letter_destination_id: tunnel.id };
  const mock = { name: "with-letters", type: "MOCK" as const, config };
  await expect(createDestination(world.ctx, mock)).rejects.toThrow(/goes with its session/);
});

test("a failure of the local server ends the event after one attempt, with the reason", async () => {
  const listener = await listenTo();
  await send(listener.source, "{}");
  const { token, events } = await ask(listener);
  const [event] = events;
  if (!event) throw new Error("No event came.");
  const refused = { ...answerOf(listener, token, event), response_status: null, response_headers: null };
  await answerTunnel(world.ctx, { ...refused, response_body_base64: null, error_code: "CONNECTION_REFUSED" });
  expect(await world.events(listener.connectionId)).toMatchObject([
    { status: "FAILED", error_code: "CONNECTION_REFUSED", ended_because: "exhausted" },
  ]);
});

test("while nobody listens events are held with that reason, and go when the listener is back", async () => {
  const listener = await listenTo();
  await send(listener.source, "{}");
  await eventually(
    () => world.events(listener.connectionId),
    ([event]) => event?.status === "HOLD" && event.hold_reason === "not_connected",
  );
  const { token, events } = await ask(listener);
  expect(events).toHaveLength(1);
  const [event] = events;
  if (!event) throw new Error("No event came.");
  expect((await answerTunnel(world.ctx, answerOf(listener, token, event))).status).toBe("DELIVERED");
});

test("a busy source does not keep a listener from taking its place", async () => {
  const listener = await listenTo();
  let isOver = false;
  const flood = (async () => {
    while (!isOver) await send(listener.source, "{}");
  })();
  await eventually(
    () => world.events(listener.connectionId),
    (events) => events.filter(({ status }) => status === "HOLD").length > 3,
  );
  expect((await ask(listener)).events.length).toBeGreaterThan(0);
  isOver = true;
  await flood;
});

test("a second listener of the same name is refused while the first is connected, and two names get each event", async () => {
  const listener = await listenTo();
  await ask(listener, { wait_ms: 0 });
  const other = newSession();
  await expect(openTunnel(world.ctx, { ...listener.open, session: other })).rejects.toThrow(/is connected/);
  await expect(ask({ ...listener, session: other }, { wait_ms: 0 })).rejects.toThrow(/taken/);
  const second = await openTunnel(world.ctx, { ...listener.open, name: `${listener.open.name}-b`, session: other });
  await send(listener.source, "{}");
  const both = await Promise.all([ask(listener), ask({ tunnel: second, session: other })]);
  expect(both.map(({ events }) => events.length)).toEqual([1, 1]);
});

test("an answer under a lease that another has taken is kept and moves nothing", async () => {
  const listener = await listenTo();
  await send(listener.source, "{}");
  const { token, events } = await ask(listener);
  const [event] = events;
  if (!event) throw new Error("No event came.");
  await world.pool.query("update lane set lease_expires_at = now(), holder = 'a worker' where destination_id = $1", [
    listener.tunnel.id,
  ]);
  const later = await ask(listener);
  expect(later.token).not.toBe(token);
  expect((await answerTunnel(world.ctx, answerOf(listener, token, event))).status).toBe("QUEUED");
  expect(await world.attempts(event.id)).toHaveLength(1);
});

test("events that fail a listener's filters are not made, and those of other methods are cancelled", async () => {
  const listener = await listenTo({ type: "filter", path: { $startsWith: "/orders" } });
  await send(listener.source, "{}");
  await fetch(`${world.ingestUrl(listener.source)}/orders/1`, { method: "PUT", body: "{}" });
  await fetch(`${world.ingestUrl(listener.source)}/orders/2`, { method: "POST", body: "{}" });
  const { events } = await ask(listener, { methods: ["POST"] });
  expect(events.map(({ path }) => path)).toEqual(["/orders/2"]);
  // Of two that come at once, either may be routed first: the other is met by a later ask.
  await eventually(
    async () => {
      await ask(listener, { methods: ["POST"], wait_ms: 0 });
      return world.events(listener.connectionId);
    },
    (all) => all.length === 2 && all.some(({ status }) => status === "CANCELLED"),
  );
  expect(await world.ignored(listener.connectionId)).toMatchObject([{ cause: "FILTERED" }]);
});

test("a paused connection holds what a listener would get", async () => {
  const listener = await listenTo();
  await world.pool.query("update connection set paused_at = now() where id = $1", [listener.connectionId]);
  await send(listener.source, "{}");
  expect((await ask(listener, { wait_ms: 1_500 })).events).toEqual([]);
  expect(await world.events(listener.connectionId)).toMatchObject([
    { status: "HOLD", hold_reason: "connection_paused" },
  ]);
});

test("nobody is told of failures of a listener: whoever listens sees them", async () => {
  const listener = await listenTo();
  const { rows } = await world.pool.query<SubjectRow>(subjects(world.ctx.teamId));
  const of = (id: string) => rows.find((row) => row.id === id)?.is_off;
  expect([listener.tunnel.id, listener.connectionId, listener.source.id].map(of)).toEqual([true, true, false]);
});

test("a body of 10 MiB comes with every byte, and alone", async () => {
  const listener = await listenTo();
  const body = randomBytes(10 * 1024 * 1024);
  const octets = { headers: { "content-type": "application/octet-stream" } };
  await fetch(world.ingestUrl(listener.source), { method: "POST", body, ...octets });
  await send(listener.source, "{}");
  await eventually(
    () => world.events(listener.connectionId),
    (events) => events.length === 2,
  );
  const sizes: number[] = [];
  const busy: string[] = [];
  while (busy.length < 2) {
    const { events } = await ask(listener, { busy });
    for (const event of events) {
      const bytes = Buffer.from(event.body_base64, "base64");
      if (bytes.length === body.length) expect(bytes.equals(body) && events.length).toBe(1);
      sizes.push(bytes.length);
      busy.push(event.id);
    }
  }
  expect(sizes.toSorted((a, b) => a - b)).toEqual([2, body.length]);
});

test("a session that ends takes its destination along, and what waits is cancelled", async () => {
  const listener = await listenTo();
  await send(listener.source, "{}");
  await eventually(
    () => world.events(listener.connectionId),
    (events) => events.length === 1,
  );
  await endTunnel(world.ctx, { id: listener.tunnel.id });
  await eventually(
    () => world.events(listener.connectionId),
    ([event]) => event?.status === "CANCELLED",
  );
  await expect(ask(listener)).rejects.toThrow(/No tunnel/);
});

test("a listener that stays away is ended, its neighbour is not", async () => {
  const [gone, here] = [await listenTo(), await listenTo()];
  await send(gone.source, "{}");
  await world.pool.query("update tunnel set seen_at = $2 where destination_id = $1", [
    gone.tunnel.id,
    new Date(Date.now() - AWAY_MS - 1_000),
  ]);
  await endTunnels(world.pool, new Date());
  const left = await world.all<{ id: string }>("select id from destination where id = any ($1::text[])", [
    [gone.tunnel.id, here.tunnel.id],
  ]);
  expect(left).toEqual([{ id: here.tunnel.id }]);
  await eventually(
    () => world.events(gone.connectionId),
    ([event]) => event?.status === "CANCELLED",
  );
  expect(
    await world.all("select resource_kind from audit_entry where actor_id = 'end_tunnels' order by resource_kind"),
  ).toEqual([{ resource_kind: "connection" }, { resource_kind: "destination" }]);
});
