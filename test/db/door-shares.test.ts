// What strangers at one source hold of the door is never what the senders of another team need.
import type { Socket } from "node:net";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "#server/ids.ts";
import { createSource } from "#server/resources/sources.ts";
import { makeReadTurns, type ReadTurns } from "#server/shares/read-turns.ts";
import { makeProducer } from "#test/support/branch.ts";
import { startSecondDoor } from "#test/support/second-door.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

const MIB = 1024 * 1024;

let world: World;
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
});
afterAll(() => world[Symbol.asyncDispose]());

/** A door with a small budget, and senders that open a body of `bytes` each and leave its last byte unsent. */
async function startSmallDoor(maxHeldBytes: number, reads?: ReadTurns) {
  const door = await startSecondDoor(world, { maxHeldBytes, ...(reads && { reads }) });
  const sockets: Socket[] = [];
  return {
    url: (producer: { url: string }) => `${door.url}${new URL(producer.url).pathname}`,
    /** Resolves to the status that the sender is cut with; null while it is not. */
    stall(producer: { url: string }, bytes: number) {
      const socket = connect(door.port, "127.0.0.1");
      sockets.push(socket);
      const sender = { answer: "", isClosed: false };
      socket.on("data", (data) => (sender.answer += data.toString("latin1").slice(0, 12)));
      socket.on("error", () => {});
      socket.on("close", () => (sender.isClosed = true));
      socket.write(`POST ${new URL(producer.url).pathname} HTTP/1.1\r\nHost: x\r\nContent-Length: ${bytes}\r\n\r\n`);
      const sent = new Promise<void>((resolve) => socket.write(Buffer.alloc(bytes - 1, 97), () => resolve()));
      return { sender, sent };
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await door[Symbol.asyncDispose]();
    },
  };
}

async function makeOtherTeam() {
  const id = newId("team");
  await world.ctx.app.db.team.create({ data: { id, name: `other-${id.slice(-8).toLowerCase()}` } });
  const source = await createSource({ ...world.ctx, teamId: id }, { name: "healthy" });
  await world.config.upToDate();
  return { sourceId: source.id, url: world.ingestUrl(source) };
}

test.concurrent("stalled bodies that fill the budget leave another team's requests accepted, again and again", async () => {
  await using door = await startSmallDoor(16 * MIB);
  const hostile = await makeProducer(world);
  const healthy = await makeOtherTeam();
  await world.config.upToDate();
  for (let round = 0; round < 3; round++) {
    const sizes = [...Array(20).fill(MIB), ...Array(20).fill(64 * 1024), ...Array(60).fill(2_048)];
    const stalled = sizes.map((bytes) => door.stall(hostile, bytes));
    await Promise.race([
      Promise.all(stalled.map(({ sent }) => sent)),
      eventually(
        async () => 0,
        () => stalled.filter(({ sender }) => sender.isClosed).length > 4,
      ),
    ]);
    for (let i = 0; i < 40; i++) {
      const answer = await fetch(door.url(healthy), {
        method: "POST",
        body: "h".repeat(i % 10 === 0 ? 2 * MIB : 3_000),
      });
      expect(answer.status, `round ${round}, request ${i}`).toBe(200);
    }
  }
});

test.concurrent("a large body is read a little in each round of the thread, and a small one waits for no round", async () => {
  const rounds: (() => void)[] = [];
  await using door = await startSmallDoor(
    64 * MIB,
    makeReadTurns((round) => rounds.push(round)),
  );
  const [hostile, healthy] = [await makeProducer(world), await makeOtherTeam()];
  await world.config.upToDate();
  let status = 0;
  const large = fetch(door.url(hostile), { method: "POST", body: Buffer.alloc(3 * MIB, 97) }).then((answer) => {
    status = answer.status;
  });
  let served = 0;
  while (status === 0) {
    await eventually(
      async () => rounds.length > 0 || status > 0,
      (isReady) => isReady,
    );
    if (served < 3) {
      const answer = await fetch(door.url(healthy), { method: "POST", body: "h".repeat(3_000) });
      expect([answer.status, status]).toEqual([200, 0]);
    }
    for (const round of rounds.splice(0)) round();
    served++;
  }
  await large;
  expect(status).toBe(200);
  expect(served).toBeGreaterThan((8 * MIB) / (512 * 1024));
});

describe.concurrent("a body that stands still", () => {
  test("is cut with a 408 and its evidence is kept", async () => {
    await using door = await startSmallDoor(16 * MIB);
    const producer = await makeProducer(world);
    await world.config.upToDate();
    const { sender } = door.stall(producer, 50_000);
    await eventually(
      async () => sender.isClosed,
      (isClosed) => isClosed,
    );
    expect(sender.answer).toBe("HTTP/1.1 408");
    expect(await world.requests(producer.sourceId)).toMatchObject([
      {
        status: "rejected",
        rejection_cause: "BODY_TIMEOUT",
        rejection_detail: expect.stringContaining("49999 bytes"),
        body_bytes: 49_999,
      },
    ]);
  });
});
