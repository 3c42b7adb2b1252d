import fc from "fast-check";
import { expect, test } from "vitest";
import { gatherBytes } from "#server/wire/gathered-bytes.ts";

const KIB = 1024;

test("what is gathered is what came, whatever was declared", () => {
  const part = fc.uint8Array({ maxLength: 40 * KIB, size: "max" }).map((bytes) => Buffer.from(bytes));
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), fc.nat(300 * KIB), (parts, declaredBytes) => {
      const gathered = gatherBytes(declaredBytes);
      for (const each of parts) gathered.add(Buffer.from(each));
      expect(gathered.take().equals(Buffer.concat(parts))).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test("a body that came in one part is handed on as it came", () => {
  const only = Buffer.from("{}");
  const gathered = gatherBytes(2);
  gathered.add(only);
  expect(gathered.take()).toBe(only);
});

test("a long body keeps none of its parts: it has one block of the declared size, and their memory is given back as they come", () => {
  const gathered = gatherBytes(256 * KIB);
  const parts = Array.from({ length: 4 }, (_, i) => Buffer.allocUnsafeSlow(64 * KIB).fill(i));
  for (const each of parts) gathered.add(each);
  const taken = gathered.take();
  expect(taken.buffer.byteLength).toBe(256 * KIB);
  expect([0, 1, 2, 3].map((i) => taken[i * 64 * KIB])).toEqual([0, 1, 2, 3]);
  expect(parts.map(({ length }) => length)).toEqual([0, 0, 0, 0]);
});

test("what was taken stays when the rest is dropped", () => {
  const gathered = gatherBytes(128 * KIB);
  for (let i = 0; i < 2; i++) gathered.add(Buffer.alloc(64 * KIB, 5));
  const taken = gathered.take();
  gathered.drop();
  expect([taken.length, taken.at(-1)]).toEqual([128 * KIB, 5]);
});

test("a sender that declares less than it sends, or nothing, loses nothing", () => {
  const gathered = gatherBytes(10);
  for (let i = 0; i < 40; i++) gathered.add(Buffer.alloc(64 * KIB, i));
  const taken = gathered.take();
  expect(taken.length).toBe(40 * 64 * KIB);
  expect(taken.at(-1)).toBe(39);
});

test("what is announced and does not come takes no room", () => {
  const gathered = gatherBytes(10 * 1024 * KIB);
  for (let i = 0; i < 2; i++) gathered.add(Buffer.alloc(50 * KIB, i));
  expect(gathered.take().buffer.byteLength).toBeLessThanOrEqual(400 * KIB);
});
