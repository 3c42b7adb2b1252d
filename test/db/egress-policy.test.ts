// What the way out lets through for whom, seen at the socket: names that resolve to us, connections that are kept, teams.
import { expect, test } from "vitest";
import { makeEgressPolicy } from "#server/egress/egress-policy.ts";
import { makeOwnListeners } from "#server/egress/own-listeners.ts";
import { at, named, openEgress } from "#test/support/egress.ts";
import { NOWHERE } from "#test/support/egress-policy.ts";
import { startWireServer } from "#test/support/wire-server.ts";

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
const blocked = { kind: "error", code: "BLOCKED_ADDRESS", seen: null };

const listening = (port: number, localAddresses?: () => ReadonlySet<string>) =>
  makeOwnListeners(
    { host: "127.0.0.1", port, gatewayPort: 0, publicGatewayUrl: "https://hooks.example", databaseUrl: undefined },
    localAddresses,
  );

test("a name that resolves to a listener of ours is refused when the socket opens, and its other ports are not", async () => {
  await using ours = await startWireServer((socket) => socket.write(OK));
  await using receiver = await startWireServer((socket) => socket.write(OK));
  const policy = makeEgressPolicy(["0.0.0.0/0", "::/0"], listening(Number(ours.url.port)));
  const addresses = ["127.0.0.1", "0.0.0.0", "::ffff:127.0.0.1", "::", "127.9.9.9"];
  for (const address of addresses) {
    const egress = openEgress({ policy, resolve: async () => at(address) });
    expect([address, await egress.post(named("dashboard.example", ours.url))]).toMatchObject([address, blocked]);
  }
  for (const host of ["localhost", "127.0.0.1", "[::ffff:7f00:1]"]) {
    expect(await openEgress({ policy }).post(named(host, ours.url))).toMatchObject(blocked);
  }
  const egress = openEgress({ policy, resolve: async () => at("127.0.0.1") });
  expect(await egress.post(named("receiver.example", receiver.url))).toMatchObject({ status: 200 });
  expect(ours.connections()).toBe(0);
});

test("a kept connection is judged again: one to an address that has become ours carries nothing more", async () => {
  await using server = await startWireServer((socket) => socket.write(OK));
  const { port } = server.url;
  let isOurs = false;
  const own = { ...NOWHERE, listensHere: (to: number) => to === Number(port), hasAddress: () => isOurs };
  const egress = openEgress({ policy: makeEgressPolicy(["127.0.0.0/8"], own), resolve: async () => at("127.0.0.1") });
  expect(await egress.post(named("a.example", server.url))).toMatchObject({ status: 200 });
  expect(egress.connectionCount()).toBe(1);
  isOurs = true;
  expect(await egress.post(named("a.example", server.url))).toMatchObject(blocked);
  expect(server.received).toHaveLength(1);
});

test("a connection that was opened for one team never serves another, which may not go there", async () => {
  await using server = await startWireServer((socket) => socket.write(OK));
  const policy = makeEgressPolicy([`tm_a@127.0.0.1:${server.url.port}`], NOWHERE);
  const egress = openEgress({ policy, resolve: async () => at("127.0.0.1") });
  const to = { name: named("shared.example", server.url), literal: server.url };
  for (let i = 0; i < 2; i++) {
    for (const url of Object.values(to)) {
      expect(await egress.post(url, { teamId: "tm_a" })).toMatchObject({ status: 200 });
      expect(await egress.post(url, { teamId: "tm_b" })).toMatchObject(blocked);
    }
  }
  expect(server.received).toHaveLength(4);
  expect(server.connections()).toBe(2);
});

test("teams that look up one name at the same time are judged each for itself", async () => {
  await using server = await startWireServer((socket) => socket.write(OK));
  let lookUps = 0;
  const policy = makeEgressPolicy(["tm_a@127.0.0.0/8"], NOWHERE);
  const resolve = async () => {
    lookUps += 1;
    await new Promise(setImmediate);
    return at("127.0.0.1");
  };
  const egress = openEgress({ policy, resolve });
  const url = named("shared.example", server.url);
  const outcomes = await Promise.all(["tm_a", "tm_b", "tm_a", "tm_b"].map((teamId) => egress.post(url, { teamId })));
  expect(outcomes).toMatchObject([{ status: 200 }, blocked, { status: 200 }, blocked]);
  expect(lookUps).toBe(1);
});

test("teams that may go to the same places share connections", async () => {
  await using server = await startWireServer((socket) => socket.write(OK));
  const egress = openEgress();
  for (const teamId of ["tm_a", "tm_b"])
    expect(await egress.post(server.url, { teamId })).toMatchObject({ status: 200 });
  expect(server.connections()).toBe(1);
});

test("a path that holds the key of a source is refused at any host", async () => {
  await using server = await startWireServer((socket) => socket.write(OK));
  const key = "abcdefghjkmnpqrstvwxyz0123";
  const egress = openEgress({ isSourceKey: (text) => text === key });
  for (const path of [`/e/${key}`, `/relay//%65/${key.toUpperCase()}/x?y`]) {
    expect(await egress.post(new URL(path, server.url))).toMatchObject(blocked);
  }
  expect(await egress.post(new URL(`/e/${key}0`, server.url))).toMatchObject({ status: 200 });
  expect(server.received).toHaveLength(1);
});
