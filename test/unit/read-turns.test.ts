import { expect, test } from "vitest";
import { makeReadTurns } from "#server/shares/read-turns.ts";

/** Turns whose rounds come when the test says so. */
function startTurns() {
  const due: (() => void)[] = [];
  const read: string[] = [];
  const turns = makeReadTurns((round) => due.push(round));
  return {
    wait: (teamId: string, ...bodies: string[]) => {
      for (const body of bodies) turns.next(teamId, () => read.push(body));
    },
    rounds: () => due.length,
    round() {
      read.length = 0;
      due.shift()?.();
      return [...read];
    },
  };
}

test("a round reads four parts, of teams in turns and of a team's bodies in order", () => {
  const turns = startTurns();
  turns.wait("tm_a", "a1", "a2", "a3", "a4", "a5");
  turns.wait("tm_b", "b1");
  expect(turns.round()).toEqual(["a1", "b1", "a2", "a3"]);
  turns.wait("tm_b", "b2");
  expect(turns.round()).toEqual(["a4", "b2", "a5"]);
});

test("one round is due at a time, and none when nobody waits", () => {
  const turns = startTurns();
  expect(turns.rounds()).toBe(0);
  turns.wait("tm_a", "a1", "a2", "a3", "a4", "a5");
  expect(turns.rounds()).toBe(1);
  turns.round();
  expect(turns.rounds()).toBe(1);
  turns.round();
  expect(turns.rounds()).toBe(0);
});
