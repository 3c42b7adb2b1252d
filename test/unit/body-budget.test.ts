// The memory of large bodies: bounded for each team, and never kept from one by another.
import { expect, test } from "vitest";
import { makeBodyBudget, TEAM_BYTES } from "#server/delivery/body-budget.ts";

/** Whether the memory was given at once, and how to give it back. */
async function ask(hold: Promise<() => void>) {
  const asked = { release: null as (() => void) | null };
  hold.then((release) => {
    asked.release = release;
  });
  await new Promise(setImmediate);
  return asked;
}

test("a team whose bodies all wait for an answer keeps no other team from sending its own", async () => {
  const { hold } = makeBodyBudget();
  const held = [await ask(hold("tm_slow", TEAM_BYTES / 2)), await ask(hold("tm_slow", TEAM_BYTES / 2))];
  expect(held.map(({ release }) => release !== null)).toEqual([true, true]);
  const more = await ask(hold("tm_slow", 1));
  expect(more.release).toBeNull();
  const other = await ask(hold("tm_other", TEAM_BYTES));
  expect(other.release).not.toBeNull();
  expect((await ask(hold("tm_third", 1))).release).not.toBeNull();
  other.release?.();
  held[0]?.release?.();
  await new Promise(setImmediate);
  expect(more.release).not.toBeNull();
});

test("a body larger than the part of its team goes when nothing else of it is held, and none behind it passes it", async () => {
  const { hold } = makeBodyBudget();
  const small = await ask(hold("tm_a", 1));
  const large = await ask(hold("tm_a", TEAM_BYTES * 2));
  const behind = await ask(hold("tm_a", 1));
  expect([large.release, behind.release]).toEqual([null, null]);
  small.release?.();
  await new Promise(setImmediate);
  expect(large.release).not.toBeNull();
  expect(behind.release).toBeNull();
});
