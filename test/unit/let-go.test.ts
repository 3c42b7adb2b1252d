import { expect, test } from "vitest";
import { letGo } from "#server/wire/let-go.ts";

const KIB = 1024;

test.each([16 * KIB, 64 * KIB, 5 * 1024 * KIB])(
  "of %i bytes that were let go nothing is left, in any view",
  (bytes) => {
    const whole = Buffer.allocUnsafeSlow(bytes).fill(7);
    const view = new Uint8Array(whole.buffer, 1024, 100);
    letGo(whole.subarray(0, bytes));
    expect([whole.length, view.length, whole.buffer.byteLength]).toEqual([0, 0, 0]);
  },
);

test("a block that holds more than the body goes with it", () => {
  const roomy = Buffer.allocUnsafeSlow(256 * KIB);
  letGo(roomy.subarray(0, 100 * KIB));
  expect(roomy.length).toBe(0);
});

test("what may lie in Node's pool stays, and its neighbours with it", () => {
  const first = Buffer.allocUnsafe(20 * KIB).fill(1);
  const second = Buffer.allocUnsafe(20 * KIB).fill(2);
  letGo(first);
  letGo(second);
  expect([first.at(-1), second.at(-1)]).toEqual([1, 2]);
});

test("several large ones in one turn are all empty at once, and letting go twice does nothing", () => {
  const bodies = Array.from({ length: 3 }, () => Buffer.allocUnsafeSlow(5 * 1024 * KIB));
  for (const body of [...bodies, ...bodies]) letGo(body);
  expect(bodies.map(({ length }) => length)).toEqual([0, 0, 0]);
});
