// Headers that an owner gives for deliveries and answers: no spelling of them ends a line or a message, or speaks for the next hop.
import fc from "fast-check";
import { expect, test } from "vitest";
import { HttpDestinationConfig } from "#server/contracts/destination.ts";
import { CustomResponse } from "#server/contracts/source.ts";
import { cases } from "#test/support/generation.ts";

const headers = HttpDestinationConfig.shape.headers;
const broken = fc.constantFrom("\r", "\n", "\r\n", "\0", "\u000b", "\u007f", "\u2028", "\u0100", "\ud800");
const around = fc.string({ unit: fc.constantFrom("a", " ", ":", "\t", "é"), maxLength: 6 });
/** A text with something in it that no line of a head may hold. */
const hostile = fc.tuple(around, broken, around).map((parts) => parts.join(""));
const token = fc.stringMatching(/^[A-Za-z0-9-]{1,20}$/);

test("a value with a line break or a character that no head holds is refused, and a name with one too", () => {
  fc.assert(
    fc.property(
      token,
      hostile.filter((text) => !/^[\t\x20-\x7e\x80-\xff]*$/.test(text)),
      (name, text) => {
        expect(headers.safeParse({ [name]: text }).success).toBe(false);
        expect(headers.safeParse({ [`${name}${text}`]: "v" }).success).toBe(false);
        expect(CustomResponse.safeParse({ content_type: text, body: "" }).success).toBe(false);
      },
    ),
    cases(500),
  );
});

test("a name holds nothing but the letters of a token", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 3 }), (name) => {
      if (headers.safeParse({ [name]: "v" }).success) expect(name).toMatch(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/);
    }),
    cases(500),
  );
});
