import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeText } from "#server/wire/decode-text.ts";

const PIECE_BYTES = 512 * 1024;

test("a long text is what its bytes say, wherever a character is cut, and whatever is no UTF-8", () => {
  const odd = fc.oneof(fc.uint8Array({ maxLength: 12 }), fc.string({ unit: "binary", maxLength: 8 }).map(Buffer.from));
  fc.assert(
    fc.property(odd, odd, fc.nat(8), (atTheCut, atTheEnd, before) => {
      const bytes = Buffer.concat([
        Buffer.alloc(PIECE_BYTES - before, "a"),
        atTheCut,
        Buffer.alloc(PIECE_BYTES, "b"),
        atTheEnd,
      ]);
      expect(decodeText(bytes) === bytes.toString()).toBe(true);
    }),
    { numRuns: 100 },
  );
});

test.each([0, 1, PIECE_BYTES, PIECE_BYTES + 1])("%i bytes of text", (bytes) => {
  expect(decodeText(Buffer.alloc(bytes, "a"))).toBe("a".repeat(bytes));
});
