import fc from "fast-check";
import { expect, test } from "vitest";
import { storableJson, storableJsonText, storableText } from "#server/json/storable.ts";
import { anyJson, anyText } from "#test/support/any-text.ts";
import { cases } from "#test/support/generation.ts";

const isClean = (text: string) => text.isWellFormed() && !text.includes("\u0000");

test("a storable text is left as it is", () => {
  for (const text of ["", "plain", "\ud83d\ude00", "\\u0000", "\\ud800", "\\\\u0000"]) {
    expect(storableText(text)).toBe(text);
    expect(storableJson({ [text]: [text] })).toBe(JSON.stringify({ [text]: [text] }));
  }
});

test("NUL and half surrogate pairs become U+FFFD, as values and as keys, however many backslashes stand before", () => {
  expect(storableText("a\u0000b\ud800c")).toBe("a\ufffdb\ufffdc");
  expect(JSON.parse(storableJson({ "k\u0000": ["\\\u0000", "\\\\\udfff", "\\u0000"] }))).toEqual({
    "k\ufffd": ["\\\ufffd", "\\\\\ufffd", "\\u0000"],
  });
});

test("any text and any JSON comes out clean, and clean ones unchanged", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(isClean(storableText(text))).toBe(true);
      expect(JSON.parse(storableJson([text]))).toEqual([storableText(text)]);
      if (isClean(text)) expect(storableText(text)).toBe(text);
    }),
    cases(100),
  );
  fc.assert(
    fc.property(anyJson, (value) => {
      const json = storableJson(value);
      expect(storableJsonText(json)).toBe(json);
      expect(storableText(JSON.stringify(JSON.parse(json)))).not.toMatch(/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/);
    }),
    cases(100),
  );
});
