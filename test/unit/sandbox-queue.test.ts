import { expect, test } from "vitest";
import { makeFairQueue } from "#server/sandbox/fair-queue.ts";
import { nestingDepth } from "#server/sandbox/output.ts";
import { boundBytes, lineOf } from "#server/sandbox/transform-error.ts";

const lineOfJobs = (jobs: number, bytes = 1_000) => makeFairQueue<number>({ jobs, bytes }, (job) => job);
const anyone = () => true;

test("teams take turns and each keeps its order", () => {
  const queue = lineOfJobs(10);
  for (const job of [1, 2, 3]) queue.add("tm_a", job);
  queue.add("tm_b", 4);
  expect(queue.take(2, anyone)).toEqual({ teamId: "tm_a", jobs: [1, 2] });
  expect(queue.take(2, anyone)).toEqual({ teamId: "tm_b", jobs: [4] });
  expect(queue.take(2, anyone)).toEqual({ teamId: "tm_a", jobs: [3] });
  expect(queue.take(2, anyone)).toBeNull();
});

test("jobs put back come before what arrived since", () => {
  const queue = lineOfJobs(10);
  queue.add("tm_a", 3);
  queue.putBack("tm_a", [1, 2]);
  expect(queue.take(9, anyone)?.jobs).toEqual([1, 2, 3]);
});

test("a team that may not run keeps its place and holds up no other", () => {
  const queue = lineOfJobs(10);
  queue.add("tm_a", 1);
  queue.add("tm_b", 2);
  expect(queue.take(1, (team) => team !== "tm_a")?.teamId).toBe("tm_b");
  expect(queue.take(1, (team) => team !== "tm_a")).toBeNull();
  expect(queue.take(1, anyone)?.jobs).toEqual([1]);
});

test("a team's line is bounded, another team's is not its concern", () => {
  const queue = lineOfJobs(2);
  expect([1, 2, 3].map((job) => queue.add("tm_a", job))).toEqual([true, true, false]);
  expect(queue.add("tm_b", 1)).toBe(true);
});

test("a team's line is bounded in bytes too, but for a single job, and jobs that leave it make room", () => {
  const queue = lineOfJobs(10, 100);
  expect([150, 1].map((bytes) => queue.add("tm_a", bytes))).toEqual([true, false]);
  expect(queue.add("tm_b", 60)).toBe(true);
  expect(queue.add("tm_b", 60)).toBe(false);
  expect(queue.remove("tm_b", 60)).toBe(true);
  expect([70, 30, 1].map((bytes) => queue.add("tm_b", bytes))).toEqual([true, true, false]);
  expect(queue.take(1, (team) => team === "tm_b")?.jobs).toEqual([70]);
  expect(queue.add("tm_b", 70)).toBe(true);
  queue.putBack("tm_b", [70]);
  expect(queue.add("tm_b", 1)).toBe(false);
});

test("nesting is counted outside strings only", () => {
  expect(nestingDepth('{"a":[1,{"b":[]}],"c":"[[[[[\\"[["}')).toBe(4);
  expect(nestingDepth('"\\\\"')).toBe(0);
});

test("text is cut by bytes and never within a character", () => {
  expect(boundBytes("ééé", 5)).toBe("éé");
  expect(boundBytes("a😀b", 4)).toBe("a");
  expect(boundBytes("abc", 3)).toBe("abc");
});

test("a line outside the owner's code is not believed", () => {
  const code = "one\ntwo";
  expect(lineOf("    at transform (<input>:3:5)\n", code)).toBe(2);
  expect(lineOf("    at <input>:4:1\n", code)).toBe(2);
  expect(lineOf("    at x (<input>:1:1)\n", code)).toBeNull();
  expect(lineOf("    at x (<input>:99:1)\n", code)).toBeNull();
  expect(lineOf("anything", code)).toBeNull();
});
