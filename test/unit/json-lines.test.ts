import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  findLines,
  type JsonLines,
  lineText,
  pathOf,
  readJsonLines,
  unfoldTo,
  valueOn,
  visibleLines,
} from "#components/data/json-lines.ts";

function read(text: string, bounds?: { chars: number; lines: number }): JsonLines {
  const doc = readJsonLines(text, bounds);
  if (!doc) throw new Error("The text is not JSON.");
  return doc;
}
const textOf = (doc: JsonLines) => doc.lines.map((_, index) => lineText(doc, index)).join("\n");

const EVENT = '{"id":"evt_1","data":{"object":{"amount":1200,"tags":["a","b"],"none":{}}},"a.b":null}';

describe("the lines of a JSON text", () => {
  test("are those of its indented form", () => {
    expect(textOf(read(EVENT))).toBe(JSON.stringify(JSON.parse(EVENT), null, 2));
  });

  test("are those of its indented form, for any JSON and any spacing", () => {
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false }), fc.constantFrom(0, 1, "\t"), (json, space) => {
        const value: unknown = JSON.parse(json);
        expect(textOf(read(JSON.stringify(value, null, space)))).toBe(JSON.stringify(value, null, 2));
      }),
      { numRuns: 30 },
    );
  });

  test("keep every digit, escape and doubled key of the text", () => {
    const text = '{"n":12345678901234567890.10,"e":1E400,"s":"\\u00e9\\/","n":-0.0}';
    expect(textOf(read(text))).toBe(
      ["{", '  "n": 12345678901234567890.10,', '  "e": 1E400,', '  "s": "\\u00e9\\/",', '  "n": -0.0', "}"].join("\n"),
    );
  });

  test.each(["", " ", "{", "[1,", "[1,]", '{"a"}', '{"a":1,}', "{a:1}", "01", "1 2", "tru", '"a', "[1}", "NaN", "<p>"])(
    "%j is not JSON",
    (text) => expect(readJsonLines(text)).toBeNull(),
  );

  test("know the field path of each", () => {
    const doc = read(EVENT);
    const paths = doc.lines.map((_, index) => pathOf(doc, index, "body"));
    expect(paths).toContain("body.data.object.tags[1]");
    expect(paths).toContain('body["a.b"]');
    expect(paths[0]).toBe("body");
  });

  test("give a value whole: a container as it came, a string as what it says", () => {
    const doc = read('{"a": {"b" : [1, 2]}, "s": "x\\ny"}');
    expect(valueOn(doc, 1)).toBe('{"b" : [1, 2]}');
    expect(valueOn(doc, doc.lines.length - 2)).toBe("x\ny");
  });
});

describe("folding and finding", () => {
  test("a fold hides what is in it and leaves the other lines their numbers", () => {
    const doc = read(EVENT);
    const data = doc.lines.findIndex((line) => line.step === '"data"');
    const shown = visibleLines(doc, new Set([data])).map((index) => index + 1);
    expect(shown).toEqual([1, 2, 3, 13, 14]);
  });

  test("a hit in keys and values, in any case, opens the folds around it and no other", () => {
    const doc = read(EVENT);
    expect(findLines(doc, "AMOUNT").map((index) => pathOf(doc, index, "body"))).toEqual(["body.data.object.amount"]);
    expect(findLines(doc, "1200")).toHaveLength(1);
    expect(findLines(doc, "")).toEqual([]);
    const [hit = 0] = findLines(doc, "amount");
    const tags = doc.lines.findIndex((line) => line.step === '"tags"');
    const all = new Set(doc.lines.flatMap((line, index) => (line.kind === "open" ? [index] : [])));
    expect([...unfoldTo(doc, all, hit)]).toEqual([tags]);
  });
});

describe("a text that is too long or too deep", () => {
  test("is shown up to the bound, and says how far", () => {
    const text = `[${new Array(1000).fill('{"a":1}').join(",")}]`;
    const doc = read(text, { chars: 1_000_000, lines: 10 });
    expect(doc.lines).toHaveLength(10);
    expect(doc.shownChars).toBeLessThan(text.length);
    expect(visibleLines(doc, new Set([0]))).toEqual([0]);
  });

  test("takes work within the bound only: 10 MB cost no more than what is shown", () => {
    const text = `[${'{"id":"0123456789","n":[1,2,3]},'.repeat(320_000)}1]`;
    expect(text.length).toBeGreaterThan(10_000_000);
    const doc = read(text);
    expect(doc.lines.length).toBeLessThan(100_100);
    expect(doc.shownChars).toBeLessThanOrEqual(2_100_000);
  });

  test("may nest 100,000 deep", () => {
    const doc = read(`${"[".repeat(49_000)}${"]".repeat(49_000)}`);
    expect(doc.lines).toHaveLength(97_999);
    expect(lineText(doc, 48_000)).toBe(`${"  ".repeat(40)}[`);
  });
});
