import { expect, test } from "vitest";
import type { Arrival } from "#server/ingest/arrival.ts";
import { makeLog } from "#server/process/log.ts";
import { DATABASE_PATIENCE_MS, MAX_AWAY_MS, makeSpoolingWriter } from "#server/spool/spooling-writer.ts";
import { makeFakeClock } from "#test/support/fake-clock.ts";

const arrivalOf = (id: string, rest: Partial<Arrival> = {}) => ({ id, status: "accepted", ...rest }) as Arrival;

/** A writer over a database and a spool that the test answers for. */
function makeParts() {
  const clock = makeFakeClock();
  const stored: string[] = [];
  const spooled: string[] = [];
  const state = { isAway: false, hasRoom: true };
  const back: (() => void)[] = [];
  const writer = makeSpoolingWriter({
    writer: {
      async store({ id }) {
        if (state.isAway) await new Promise<void>((resolve) => back.push(resolve));
        stored.push(id);
        return { duplicateOf: "of the database" };
      },
      waiting: () => ({ items: 0, bytes: 0 }),
      idle: async () => {},
    },
    async put({ id }) {
      if (!state.hasRoom) throw new Error("full");
      spooled.push(id);
    },
    log: makeLog("test", "silent"),
    clock,
  });
  const comesBack = () => {
    state.isAway = false;
    for (const resolve of back.splice(0)) resolve();
  };
  return { writer, clock, stored, spooled, state, comesBack };
}

/** A writer that spools, since the request `first` was not committed within its second. */
async function makeSpooling() {
  const parts = makeParts();
  parts.state.isAway = true;
  const first = parts.writer.store(arrivalOf("first"));
  await parts.clock.advance(DATABASE_PATIENCE_MS);
  expect(await first).toEqual({ duplicateOf: null });
  return parts;
}

test("while the database commits, nothing goes to the spool", async () => {
  const { writer, spooled, stored } = makeParts();
  expect(await writer.store(arrivalOf("one"))).toEqual({ duplicateOf: "of the database" });
  expect([stored, spooled, writer.isSpooling()]).toEqual([["one"], [], false]);
});

test("what is not committed within a second goes to the spool, and what follows it goes there at once", async () => {
  const { writer, spooled, stored, comesBack } = await makeSpooling();
  expect(await writer.store(arrivalOf("next"))).toEqual({ duplicateOf: null });
  expect(spooled).toEqual(["first", "next"]);
  expect(writer.counts()).toEqual({ spooled: 2, refused: 0 });
  comesBack();
  await Promise.resolve();
  // Both ways have the first one: its id makes it one request.
  expect(stored).toEqual(["first"]);
});

test("what the spool does not take waits for the database", async () => {
  const { writer, state, stored, comesBack } = await makeSpooling();
  state.hasRoom = false;
  const refused = writer.store(arrivalOf("refused"));
  await Promise.resolve();
  comesBack();
  expect(await refused).toEqual({ duplicateOf: "of the database" });
  expect(stored).toContain("refused");
  expect(writer.counts()).toEqual({ spooled: 1, refused: 1 });
});

test("rejected requests and tests of the way in never go there", async () => {
  const { writer, spooled, state } = await makeSpooling();
  state.isAway = false;
  await writer.store(arrivalOf("rejected", { status: "rejected" }));
  await writer.store(arrivalOf("tested", { test: "routed" }));
  expect(spooled).toEqual(["first"]);
});

test("new requests are held while the last are drained, and then go to the database behind them", async () => {
  const { writer, spooled, stored, comesBack } = await makeSpooling();
  comesBack();
  const drained = Promise.withResolvers<boolean>();
  const ending = writer.tryToEnd(() => drained.promise);
  const held = writer.store(arrivalOf("held"));
  await Promise.resolve();
  expect([spooled, stored]).toEqual([["first"], ["first"]]);
  stored.push("drained");
  drained.resolve(true);
  await ending;
  expect(await held).toEqual({ duplicateOf: "of the database" });
  expect([stored, writer.isSpooling()]).toEqual([["first", "drained", "held"], false]);
});

test("new requests go to the spool again where the last could not be drained", async () => {
  const { writer, spooled } = await makeSpooling();
  const ending = writer.tryToEnd(async () => false);
  const held = writer.store(arrivalOf("held"));
  await ending;
  await held;
  expect([spooled, writer.isSpooling()]).toEqual([["first", "held"], true]);
});

test("after a day without the database nothing more goes to the spool", async () => {
  const { writer, clock, spooled, stored, state } = await makeSpooling();
  expect(writer.isOver()).toBe(false);
  await clock.advance(MAX_AWAY_MS + 1);
  expect(writer.isOver()).toBe(true);
  state.isAway = false;
  await writer.store(arrivalOf("late"));
  expect([spooled, stored.includes("late")]).toEqual([["first"], true]);
});

test("those that wait for the database go to the spool before what comes after them", async () => {
  const { writer, clock, spooled, state } = makeParts();
  state.isAway = true;
  const first = writer.store(arrivalOf("first"));
  await clock.advance(DATABASE_PATIENCE_MS / 2);
  const second = writer.store(arrivalOf("second"));
  await clock.advance(DATABASE_PATIENCE_MS / 2);
  await Promise.all([first, writer.store(arrivalOf("third")), second]);
  expect(spooled).toEqual(["first", "second", "third"]);
});
