import { expect, test } from "vitest";
import { isSame, makeSliceStore, slicesOf } from "#components/graph/slice-store.ts";

interface Card {
  name: string;
  badges: { state: string; count: number }[];
}
const card = (name: string, count = 0): Card => ({ name, badges: [{ state: "FAILED", count }] });

function countingStore(ids: string[]) {
  const store = makeSliceStore<Card>();
  store.replace(new Map(ids.map((id) => [id, card(id)])));
  const told: Record<string, number> = {};
  for (const id of ids) store.subscribe(id, () => (told[id] = (told[id] ?? 0) + 1));
  return { store, told };
}

test("news of one card of a thousand tells that card alone, and the others stay the same objects", () => {
  const ids = Array.from({ length: 1000 }, (_, n) => `web_${n}`);
  const { store, told } = countingStore(ids);
  const before = store.get("web_8");

  store.replace(new Map(ids.map((id) => [id, card(id, id === "web_7" ? 14 : 0)])));

  expect(told).toEqual({ web_7: 1 });
  expect(store.get("web_7")).toEqual(card("web_7", 14));
  expect(store.get("web_8")).toBe(before);
});

test("a card that goes is told, and one that lets go hears nothing more", () => {
  const { store, told } = countingStore(["a", "b"]);
  let heard = 0;
  const letGo = store.subscribe("b", () => (heard += 1));
  letGo();

  store.replace(new Map([["b", card("b", 1)]]));

  expect(told).toEqual({ a: 1, b: 1 });
  expect(heard).toBe(0);
  expect(store.get("a")).toBeUndefined();
  expect([...store.ids()]).toEqual(["b"]);
});

test("a listener that comes anew after the last one left is told", () => {
  const store = makeSliceStore<Card>();
  store.subscribe("a", () => {})();
  let heard = 0;
  store.subscribe("a", () => (heard += 1));
  store.replace(new Map([["a", card("a")]]));
  expect(heard).toBe(1);
});

test("plain values are the same when all of them are, at any depth", () => {
  expect(isSame(card("a", 1), card("a", 1))).toBe(true);
  expect(isSame(card("a", 1), card("a", 2))).toBe(false);
  expect(isSame({ a: undefined }, { b: undefined })).toBe(false);
  expect(isSame([], {})).toBe(false);
  expect(isSame(null, {})).toBe(false);
  expect(isSame(Number.NaN, Number.NaN)).toBe(true);
});

test("several slices are those that there are now, and the same array while none of them changes", () => {
  const { store } = countingStore(["a", "b", "c"]);
  const first = slicesOf(store, ["a", "b", "gone"], []);
  expect(first).toEqual([card("a"), card("b")]);
  store.replace(new Map([card("a"), card("b"), card("c", 9)].map((one) => [one.name, one])));
  expect(slicesOf(store, ["a", "b", "gone"], first)).toBe(first);
  store.replace(new Map([card("a", 1)].map((one) => [one.name, one])));
  expect(slicesOf(store, ["a", "b", "gone"], first)).toEqual([card("a", 1)]);
});
