// Lines that go one after the other, and the keys that make them.
import { describe, expect, test } from "vitest";
import { NO_ORDER } from "#server/contracts/ordering.ts";
import { inOrder, leavesItsLine, makeOrder } from "#server/delivery/order.ts";
import { orderMark, orderValue, shownOrderValue, toOrderKey } from "#server/rules/order-key.ts";

const itself = (id: string) => id;
const ONE_PLACE = { source: "s", key: "k" };
const line = (key: string, ...items: string[]) => ({ key, version: "1", items });

describe("lines", () => {
  test("let one event go at a time each, take turns, and end when they are empty or stuck", () => {
    const order = makeOrder<string>(itself, () => ONE_PLACE);
    order.add(line("a", "a1", "a2"));
    order.add(line("b", "b1", "b2"));
    order.add(line("a", "other"));
    expect(order.ready()).toBe(2);
    expect(order.take(9)).toEqual(["a1", "b1"]);
    expect(order.ready()).toBe(0);
    order.ended("b1", false);
    order.ended("a1", true);
    expect(order.take(9)).toEqual(["a2"]);
    expect(order.takeClosing()).toEqual([{ key: "b", version: "1" }]);
    order.ended("a2", true);
    order.ended("a2", true);
    expect(order.takeClosing().map(({ key }) => key)).toEqual(["a"]);
    expect(order.known()).toEqual(["a", "b"]);
    order.forget(["a", "b"]);
    expect(order.known()).toEqual([]);
  });

  test("take turns by what their events belong to, and those of one that may not go are let go of", () => {
    const order = makeOrder<string>(itself, (id) => ({ source: "s", key: id.charAt(0) }));
    for (const key of ["a1", "a2", "a3", "b1"]) order.add(line(key, `${key} first`, `${key} second`));
    expect([order.readyOf("a"), order.readyOf("b")]).toEqual([3, 1]);
    expect(order.take(3)).toEqual(["a1 first", "b1 first", "a2 first"]);
    order.ended("b1 first", true);
    expect(order.take(1, (id) => id.startsWith("b"))).toEqual(["b1 second"]);
    order.drop((turnKey) => turnKey === "a");
    expect(order.ready()).toBe(0);
    expect(order.known()).toEqual(["a1", "a2", "b1"]);
    order.ended("a1 first", true);
    expect(order.take(9)).toEqual(["a1 second"]);
  });

  test("go on after a delivery, a cancelling and a failure that is passed over, and after nothing else", () => {
    const failed = { status: "FAILED", ended_because: "exhausted" } as const;
    const skipping = { ...NO_ORDER, ordering: "fifo", on_order_failure: "skip" } as const;
    expect(leavesItsLine({ status: "DELIVERED" })).toBe(true);
    expect(leavesItsLine({ status: "CANCELLED" })).toBe(true);
    expect(leavesItsLine({ status: "RETRYING" })).toBe(false);
    expect(leavesItsLine({ status: "HOLD" })).toBe(false);
    expect(leavesItsLine(inOrder(failed, { ...skipping, on_order_failure: "block" }))).toBe(false);
    expect(leavesItsLine(inOrder(failed, skipping))).toBe(true);
    expect(inOrder(failed, { ...skipping, ordering: "none" })).toEqual(failed);
  });
});

describe("order keys", () => {
  const request = {
    headers: {},
    query: {},
    path: "/",
    method: "POST",
    body: { a: "x", n: 1, long: "y".repeat(500), deep: { b: 1, a: 2 } },
  };
  const keyValue = (path: string, body: object = request.body) =>
    orderValue(path, { ...request, body: body as never }, { left: 1_000 });

  test("are equal for equal values, shared by requests without one, and short", () => {
    expect(keyValue("body.a")).toBe("=x");
    expect(keyValue("body.n")).toBe("=1");
    expect(keyValue("body.missing")).toBe("");
    expect(keyValue("body.a", { a: "" })).toBe("=");
    expect(keyValue("body.deep")).toBe(keyValue("body.deep", { deep: { a: 2, b: 1 } }));
    expect(keyValue("body.long")).toMatch(/^#[0-9a-f]{64}$/);
    expect(keyValue("body.a", { a: "\u0000" })).toMatch(/^#/);
  });

  test("tell one order from another, and show their value", () => {
    const by = (ordering_key: string) =>
      orderMark({ ordering: "by_key", ordering_key, on_order_failure: "block" }) ?? "";
    const fifo = orderMark({ ordering: "fifo", ordering_key: null, on_order_failure: "block" }) ?? "";
    expect(orderMark(NO_ORDER)).toBeNull();
    expect(new Set([by("body.a"), by("body.b"), fifo]).size).toBe(3);
    expect([by("body.a"), fifo].map((mark) => mark.length)).toEqual([9, 9]);
    expect(shownOrderValue(toOrderKey(by("body.a"), "=x"))).toBe("x");
    expect(shownOrderValue(toOrderKey(fifo, null))).toBeNull();
  });
});
