import { expect, test } from "vitest";
import { makeTurns, type Taken } from "#server/shares/turns.ts";

const LIMITS = { max: 3, maxPerTeam: 2, maxWaitingPerTeam: 2 };

/** What has been settled once everything that could happen by itself has happened. */
async function settled(promises: Promise<Taken>[]): Promise<(Taken | "waits")[]> {
  const waits = new Promise<"waits">((resolve) => setImmediate(() => resolve("waits")));
  return Promise.all(promises.map((promise) => Promise.race([promise, waits])));
}
const kinds = async (promises: Promise<Taken>[]) =>
  (await settled(promises)).map((taken) => (taken === "waits" ? taken : taken.kind));
const end = async (promise: Promise<Taken> | undefined) => {
  const taken = await promise;
  if (taken?.kind === "turn") taken.done();
};

test("a team leaves a place for others however idle they are, and its line is bounded", async () => {
  const turns = makeTurns(LIMITS);
  const ours = Array.from({ length: 5 }, () => turns.take("tm_a"));
  expect(await kinds(ours)).toEqual(["turn", "turn", "waits", "waits", "full"]);
  expect(await kinds([turns.take("tm_b")])).toEqual(["turn"]);
});

test("a free place goes to the team with fewest under way, then to who waits longest", async () => {
  const turns = makeTurns({ ...LIMITS, max: 2 });
  const [first, second, third] = [turns.take("tm_a"), turns.take("tm_a"), turns.take("tm_a")];
  const other = turns.take("tm_b");
  await end(first);
  expect(await kinds([third, other])).toEqual(["waits", "turn"]);
  await end(second);
  expect(await kinds([third])).toEqual(["turn"]);
});

test("whoever goes away leaves the line and takes no place", async () => {
  const turns = makeTurns({ ...LIMITS, max: 1 });
  const first = turns.take("tm_a");
  const caller = new AbortController();
  const gone = turns.take("tm_a", caller.signal);
  const last = turns.take("tm_a");
  caller.abort();
  expect(await kinds([gone, last])).toEqual(["gone", "waits"]);
  await end(first);
  expect(await kinds([last])).toEqual(["turn"]);
  expect(await kinds([turns.take("tm_a", caller.signal)])).toEqual(["gone"]);
});

test("a turn that ends twice frees one place", async () => {
  const turns = makeTurns({ ...LIMITS, max: 1 });
  const taken = await turns.take("tm_a");
  if (taken.kind !== "turn") throw new Error("The first of all had to wait.");
  taken.done();
  taken.done();
  expect(await kinds([turns.take("tm_a"), turns.take("tm_b")])).toEqual(["turn", "waits"]);
});
