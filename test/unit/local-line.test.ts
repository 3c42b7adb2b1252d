// Whom those who tell connect to, look by look, and when those who hear ask for more.
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeAsking } from "#server/process/line-frames.ts";
import { hearLocally, seekEars } from "#server/process/local-line.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "sw-"));
});
afterAll(() => rm(directory, { recursive: true }));

/** One end that hears as a worker of this database, until it is disposed. */
async function hearAs(identity: string) {
  const hearing = hearLocally({ onTold: () => {} }, { directory, identify: async () => identity });
  await hearing.follow();
  return { [Symbol.asyncDispose]: hearing.stop };
}

/** One end that looks when it is told to. `asked` counts how often it asked what its database is. */
function seekFrom(identity: string) {
  const seen = { identity, asked: 0 };
  const identify = async () => {
    seen.asked++;
    return seen.identity;
  };
  const { stop, ...sought } = seekEars({ directory, identify });
  return Object.assign(seen, sought, { [Symbol.dispose]: stop });
}

test("the database is asked about the socket of another at the first look, and at every thirtieth", async () => {
  await using _there = await hearAs("there");
  using line = seekFrom("here");
  for (let looks = 1; looks < 30; looks++) await line.look();
  expect([line.asked, line.ears.size]).toEqual([1, 0]);
  // As after a fail-over: no socket is new, and both ends have the same database now.
  line.identity = "there";
  await line.look();
  expect([line.asked, line.ears.size]).toEqual([2, 1]);
});

test("one that hears of the database from before is told nothing more, though it hears on", async () => {
  await using _before = await hearAs("before");
  using line = seekFrom("before");
  await line.look();
  const [before] = line.ears;
  if (!before) throw new Error("The one that hears was not found.");
  const [name, ear] = before;
  await once(ear.socket, "connect");
  expect(ear.isOpen()).toBe(true);
  await using _after = await hearAs("after");
  line.identity = "after";
  await line.look();
  expect(ear.isOpen()).toBe(false);
  await once(ear.socket, "close");
  expect([...line.ears.keys()]).toEqual([expect.not.stringMatching(name)]);
});

test("places that become free are asked for together while the other end has many, and at once when it has few", () => {
  const asked: number[] = [];
  const asking = makeAsking((count) => asked.push(count), { places: 8, few: 4, together: 3 });
  for (let i = 0; i < 7; i++) {
    asking.taken();
    asking.freed();
  }
  expect(asked.splice(0)).toEqual([3, 3]);
  // Seven are left and one is free: it is asked for when four are left.
  for (let i = 0; i < 3; i++) asking.taken();
  expect(asked.splice(0)).toEqual([1]);
  for (let i = 0; i < 5; i++) asking.taken();
  expect(asked).toEqual([]);
  for (let i = 0; i < 8; i++) asking.freed();
  // It has none left, then one to four, then five.
  expect(asked).toEqual([1, 1, 1, 1, 1, 3]);
});
