// Destinations that lead back to this installation, or where only another team may go: refused where they are saved, and again
// where they are sent. What is opened here is opened to the world's own team alone.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEFAULT_TEAM } from "#server/auth/bootstrap.ts";
import type { Ctx } from "#server/auth/ctx.ts";
import { makeEgressPolicy } from "#server/egress/egress-policy.ts";
import { newId } from "#server/ids.ts";
import { createConnection } from "#server/resources/connections.ts";
import { createDestination, updateDestination, upsertDestination } from "#server/resources/destinations.ts";
import { createSource } from "#server/resources/sources.ts";
import { makeBranch, makeProducer } from "#test/support/branch.ts";
import { NOWHERE } from "#test/support/egress-policy.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld({ egressAllow: `${DEFAULT_TEAM}@127.0.0.0/8` });
});
afterAll(() => world[Symbol.asyncDispose]());

const NEVER = { strategy: "linear", interval: 60_000, count: 0 } as const;
const LEADS_BACK = {
  code: "UNPROCESSABLE",
  issues: [{ path: "config.url", message: expect.stringContaining("leads back") }],
};
const ended = async (connectionId: string) =>
  (
    await eventually(
      () => world.events(connectionId),
      ([event]) => event?.status === "FAILED" || event?.status === "DELIVERED",
    )
  )[0];
let made = 0;
const name = () => `own-${++made}`;

/** An asker whose saves are judged as if this installation listened nowhere: what stands in the database from an earlier time. */
const earlier = (): Ctx => ({
  ...world.ctx,
  app: { ...world.ctx.app, egressPolicy: makeEgressPolicy(["127.0.0.0/8"], NOWHERE) },
});

describe("at save", () => {
  const spellings = (port: string, key: string) => [
    `http://127.0.0.1:${port}/e/${key}`,
    `http://localhost:${port}/e/${key}`,
    `http://2130706433:${port}/metrics`,
    `http://[::ffff:127.0.0.1]:${port}/`,
    "http://127.0.0.1:3000/api/trpc/source.list",
    `http://gateway.test/e/${key}`,
    `http://GATEWAY.test.:80/e/${key}`,
    `https://gateway%2etest/e/${key}`,
    `https://alias.example/e/${key}`,
    `https://alias.example//%65/${key.toUpperCase()}/more`,
  ];

  test("a new, a changed and an inline destination of our own is refused, in every spelling", async () => {
    const producer = await makeProducer(world);
    const { port, pathname } = new URL(producer.url);
    const receiver = await createDestination(world.ctx, { name: name(), config: { url: "http://127.0.0.1:1024/" } });
    for (const url of spellings(port, pathname.split("/")[2] ?? "")) {
      await expect(createDestination(world.ctx, { name: name(), config: { url } }), url).rejects.toMatchObject(
        LEADS_BACK,
      );
      await expect(upsertDestination(world.ctx, { name: receiver.name, config: { url } }), url).rejects.toMatchObject(
        LEADS_BACK,
      );
      await expect(updateDestination(world.ctx, { id: receiver.id, config: { url } }), url).rejects.toMatchObject(
        LEADS_BACK,
      );
      const inline = { name: name(), source_id: producer.sourceId, destination: { name: name(), config: { url } } };
      await expect(world.connect(inline), url).rejects.toMatchObject({ code: "UNPROCESSABLE" });
    }
    expect(await updateDestination(world.ctx, { id: receiver.id, config: { timeout_ms: 1_000 } })).toMatchObject({
      config: { url: "http://127.0.0.1:1024/" },
    });
  });

  test("another team's source is no destination either", async () => {
    const producer = await makeProducer(world);
    const url = `https://alias.example${new URL(producer.url).pathname}`;
    await expect(
      createDestination({ ...world.ctx, teamId: "tm_other" }, { name: name(), config: { url } }),
    ).rejects.toMatchObject(LEADS_BACK);
  });
});

describe("at send", () => {
  test("a destination saved before a port was ours ends with BLOCKED_ADDRESS, and reaches nothing", async () => {
    const producer = await makeProducer(world);
    const doorUrl = `${world.doorUrl}/anything`;
    const destination = await createDestination(earlier(), { name: name(), config: { url: doorUrl, retry: NEVER } });
    const branch = await makeBranch(world, { from: producer, into: destination.id });
    await branch.send({});
    const event = await ended(branch.id);
    expect(event).toMatchObject({ status: "FAILED", error_code: "BLOCKED_ADDRESS", response_status: null });
    expect(await world.attempts(event?.id ?? "")).toMatchObject([{ requested_url: doorUrl, response_body: null }]);
  });

  test("a forwarded path that completes the URL of a source is refused", async () => {
    await using receiver = await startReceiver();
    const branch = await makeBranch(world, { to: { url: receiver.url, retry: NEVER } });
    const { pathname } = new URL(branch.url);
    await branch.send({}, {}, pathname);
    expect(await ended(branch.id)).toMatchObject({ status: "FAILED", error_code: "BLOCKED_ADDRESS" });
    await branch.send({}, {}, "/e/abcdefghjkmnpqrstvwxyz0123");
    expect((await receiver.received(1))[0]?.url).toBe("/hook/e/abcdefghjkmnpqrstvwxyz0123");
  });
});

describe("another team", () => {
  const otherTeam = async (): Promise<Ctx> => {
    const { id } = await world.ctx.app.db.team.create({
      data: { id: newId("team"), name: name() },
      select: { id: true },
    });
    return { ...world.ctx, teamId: id };
  };

  test("may not save what EGRESS_ALLOW opens to one", async () => {
    await using receiver = await startReceiver();
    const input = { name: name(), config: { url: receiver.url } };
    await expect(createDestination(await otherTeam(), input)).rejects.toMatchObject({
      code: "UNPROCESSABLE",
      issues: [{ path: "config.url", message: expect.stringContaining("EGRESS_ALLOW") }],
    });
    expect(await createDestination(world.ctx, input)).toMatchObject({ config: { url: receiver.url } });
  });

  test("may not send there either, not even over a connection that is open for the one", async () => {
    await using receiver = await startReceiver();
    const allowed = await makeBranch(world, { to: { url: receiver.url } });
    await allowed.send({});
    await receiver.received(1);
    const ctx = { ...earlier(), teamId: (await otherTeam()).teamId };
    const source = await createSource(ctx, { name: name() });
    const destination = { name: name(), config: { url: receiver.url, retry: NEVER } };
    const { id } = await createConnection(ctx, { name: name(), source_id: source.id, destination, rules: [] });
    expect((await fetch(world.ingestUrl(source), { method: "POST", body: "{}" })).status).toBe(200);
    expect(await ended(id)).toMatchObject({ status: "FAILED", error_code: "BLOCKED_ADDRESS" });
    expect(receiver.receipts).toHaveLength(1);
  });
});

describe("a relay outside that leads back", () => {
  test("stops after five turns", async () => {
    const branch = await makeBranch(world, {});
    await using relay = await startRelay(branch.url);
    await updateDestination(world.ctx, { id: branch.destinationId, config: { url: relay.url, retry: NEVER } });
    await world.worker.config.upToDate();
    await branch.send({});
    const events = await eventually(
      () => world.events(branch.id),
      (rows) => rows.length === 6 && rows.every(({ status }) => status === "DELIVERED" || status === "FAILED"),
    );
    expect(events.map(({ status }) => status).sort()).toEqual([...Array(5).fill("DELIVERED"), "FAILED"]);
    expect(events.find(({ status }) => status === "FAILED")).toMatchObject({ error_code: "BLOCKED_ADDRESS" });
  });
});

/** Passes every request on to `target`, with its headers. */
async function startRelay(target: string) {
  const server = createServer((request, response) => {
    const { "x-switchyard-hops": hops } = request.headers;
    request.resume().on("end", async () => {
      const answer = await fetch(target, {
        method: "POST",
        body: "{}",
        headers: { "x-switchyard-hops": String(hops) },
      });
      response.writeHead(answer.status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/relay`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
