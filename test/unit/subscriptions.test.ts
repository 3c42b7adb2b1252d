// The connections of a source with many, by the event types that they ask for.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CachedConnection } from "#server/config/config-cache.ts";
import type { Rule } from "#server/contracts/rule.ts";
import { connectionsFor } from "#server/routing/subscriptions.ts";
import { matchFilter } from "#server/rules/filter.ts";

const connection = (n: number, rules: Rule[], change: Partial<CachedConnection> = {}): CachedConnection => ({
  id: `web_${String(n).padStart(6, "0")}`,
  ...{ teamId: "tm_1", name: `c${n}`, sourceId: "src_1", destinationId: `des_${n}`, quietHours: null },
  ...{ isPaused: false, isDisabled: false },
  rules,
  ...change,
});
const asks = (event_type: string | string[]): Rule => ({ type: "filter", event_type });
/** Whether the filters of a connection let an event of this type through. */
const takes = ({ rules }: CachedConnection, type: string | null) =>
  rules.every(
    (rule) =>
      rule.type !== "filter" ||
      matchFilter(rule, { headers: {}, query: {}, path: "/", method: "POST" }, type).kind === "match",
  );
const idsOf = (connections: readonly CachedConnection[]) => connections.map(({ id }) => id);

/** Three that ask for an order among thousands that ask for something else. */
const others = Array.from({ length: 9_997 }, (_, n) => connection(n, [asks([`agent-${n % 50}.*`, `only.${n}`])]));
const orders = ["order.*", "order.paid", ["x", "*.paid"]].map((types, n) => connection(10_000 + n, [asks(types)]));

describe("of ten thousand connections", () => {
  const all = [...others, ...orders];

  test("those are judged that ask for the type, as the filter itself would have it", () => {
    for (const type of ["order.paid", "only.17", "agent-3.born", "nobody.asks", "order."]) {
      const expected = all.filter((each) => takes(each, type));
      expect(idsOf(connectionsFor(all, type)), type).toEqual(idsOf(expected));
    }
    expect(connectionsFor(all, null)).toEqual([]);
    expect(connectionsFor(all, "only.17")).toHaveLength(1);
  });

  test("one whose first word is another rule's or a switch's is judged in any case, and in its place", () => {
    const spoken = [
      connection(5, []),
      connection(6, [asks("x"), { type: "deduplicate", window: 1_000 }]),
      connection(7, [{ type: "transform", transformation_id: "trs_1" }, asks("x")]),
      connection(8, [asks("x")], { isDisabled: true }),
      connection(9, [{ type: "filter", body: { a: 1 } }]),
    ];
    const mixed = [...spoken, ...orders, ...others.slice(10)];
    expect(idsOf(connectionsFor(mixed, "order.paid"))).toEqual(idsOf([...spoken, ...orders]));
    expect(idsOf(connectionsFor(mixed, null))).toEqual(idsOf(spoken));
  });
});

test("of few, all are judged: each leaves a row that says why it was ignored", () => {
  const few = others.slice(0, 256);
  expect(connectionsFor(few, "nobody.asks")).toBe(few);
  expect(connectionsFor(others.slice(0, 257), "nobody.asks")).toEqual([]);
});

const word = fc.constantFrom("a", "b", "a.b", "b.a", "a.a.b");
const glob = fc.oneof(word, fc.constantFrom("*", "a*", "*.b", "a.*.b", "**", "a, b", "b (+2)", ""));
const type = fc.oneof(
  word,
  fc.array(word, { minLength: 2, maxLength: 3 }).map((types) => types.join(", ")),
  fc.tuple(word, word).map((types) => `${types.join(", ")} (+2)`),
  fc.constantFrom(null, "", "c", "a (+x)", "a,b"),
);

test("none is left out that takes the event, also where it is a list of types; of those that ask for a type alone all others are", () => {
  const asked = fc.oneof(glob, fc.array(glob, { minLength: 1, maxLength: 3 }));
  fc.assert(
    fc.property(fc.array(asked, { maxLength: 8 }), type, (asking, eventType) => {
      const all = [...others.slice(0, 256), ...asking.map((each, n) => connection(20_000 + n, [asks(each)]))];
      const judged = connectionsFor(all, eventType);
      const taking = all.filter((each) => takes(each, eventType));
      expect(idsOf(judged)).toEqual(idsOf(all.length > 256 ? taking : all));
    }),
  );
});
