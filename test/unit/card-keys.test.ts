import { expect, test } from "vitest";
import { cardKeys } from "#components/graph/card-keys.ts";
import type { GraphShared } from "#components/graph/graph-context.ts";
import type { Card } from "#components/graph/graph-types.ts";
import type { Capability } from "#server/contracts/capability.ts";

/** What the keys asked for, for somebody who may this, with this card under the hand. */
function pressAll(can: readonly Capability[], card: Partial<Card> | undefined): string[] {
  const asked: string[] = [];
  const shared = {
    can,
    actions: {
      setPaused: async (_: Card, isPaused: boolean) => void asked.push(isPaused ? "pause" : "resume"),
      replay: () => asked.push("replay"),
      duplicate: async () => void asked.push("duplicate"),
    },
    marks: { set: () => asked.push("rename") },
    go: { askDelete: () => asked.push("delete") },
  } as unknown as GraphShared;
  for (const { run } of cardKeys(shared, () => card as Card | undefined)) run();
  return asked;
}

const ALL: readonly Capability[] = ["connection.pause", "events.retry", "connection.write", "resources.delete"];

test("the keys of a card do what its menu does, for those who may, and nothing where no card is held", () => {
  const paused = { kind: "connection", id: "web_1", isPaused: true } as const;
  expect(pressAll(ALL, paused)).toEqual(["resume", "replay", "rename", "duplicate", "delete", "delete"]);
  expect(pressAll(["connection.pause"], { ...paused, isPaused: false })).toEqual(["pause"]);
  expect(pressAll(ALL, { kind: "source", id: "src_1" })).toEqual(["delete", "delete"]);
  expect(pressAll([], paused)).toEqual([]);
  expect(pressAll(ALL, undefined)).toEqual([]);
});
