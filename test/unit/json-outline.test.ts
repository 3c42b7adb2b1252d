import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_LISTED, outlineJson, wantedAt } from "#server/json/json-outline.ts";
import { field } from "#server/providers/body-fields.ts";

const NAMES = ["type", "id", "event", "payload"];
const WANTED = wantedAt([...NAMES, "event.type", "event.id"]);
const outline = (text: string, ...paths: string[]) =>
  outlineJson(Buffer.from(text), paths.length > 0 ? wantedAt(paths) : WANTED);
const MIB = 1024 * 1024;

describe("members by name", () => {
  test("texts, numbers and truth values of the object, and of objects in it", () => {
    expect(
      outline(
        '{"a":[1,{"type":"no"}],"type":"x\\u00e9\\n","id":7,"event":{"type":"y","deep":{"id":1}},"payload":[{"id":1}]}',
      ),
    ).toEqual({ type: "xé\n", id: 7, event: { type: "y" } });
    expect(outline(' \r\n\t{ "id" : -1.5e3 , "type":null,"event":true } \n')).toEqual({
      id: -1500,
      type: null,
      event: true,
    });
    expect(outline('\ufeff{"id":1}')).toEqual({ id: 1 });
  });

  test("objects and lists of which nothing is wanted, and texts over 16 KiB, are left out or empty", () => {
    const long = "x".repeat(17_000);
    expect(outline(`{"event":{"event":{"id":1},"id":2},"payload":{"id":3},"id":[1],"type":"${long}"}`)).toEqual({
      event: { id: 2 },
      payload: {},
    });
  });

  test("values at any depth, of elements of lists by their number, and of each element", () => {
    const text =
      '{"data":{"attributes":{"name":"n","more":[1,2]}},"events":[{"id":1,"a":{"b":[{"c":"x"}]}},7,{"id":3}]}';
    expect(outline(text, "data.attributes.name")).toEqual({ data: { attributes: { name: "n" } } });
    expect(outline(text, "events.0.a.b.0.c")).toEqual({ events: [{ a: { b: [{ c: "x" }] } }] });
    expect(outline(text, "events.1", "events.2.id")).toEqual({ events: [undefined, 7, { id: 3 }] });
    expect(outline(text, "events.*.id")).toEqual({ events: [{ id: 1 }, 7, { id: 3 }] });
    expect(outline(' [ {"id":1} , [ ] , {"id":2} ] ', "*.id")).toEqual([{ id: 1 }, undefined, { id: 2 }]);
    expect(outline("[]", "*.id")).toEqual([]);
    for (const text of ["[", "[1", "[1,]x", "[1 2]", "[{}]x", '[{"id":1}'])
      expect(outline(text, "*.id"), text).toBeUndefined();
  });

  test("of a list at most 2,000 elements, and one that says that there are more", () => {
    const listed = (count: number) => outline(`[${Array.from({ length: count }, () => '{"id":1}').join()}]`, "*.id");
    expect(listed(MAX_LISTED)).toHaveLength(MAX_LISTED);
    expect(listed(MAX_LISTED + 1)).toHaveLength(MAX_LISTED + 1);
    expect(listed(MAX_LISTED + 2)).toHaveLength(MAX_LISTED + 1);
  });

  test("an integer beyond 2^53 keeps its digits, up to 255 of them", () => {
    expect(outline('{"id":8202522731445525542}')).toEqual({ id: 8202522731445525542n });
    expect(outline(`{"id":${"9".repeat(255)}}`)).toEqual({ id: BigInt("9".repeat(255)) });
    expect(outline(`{"id":${"9".repeat(256)}}`)).toEqual({});
    expect(outline('{"id":4439316786761690}')).toEqual({ id: 4439316786761690 });
  });

  test("of a key that comes twice the last counts, and __proto__ is no name", () => {
    expect(outline('{"id":1,"__proto__":{"type":"x"},"id":2}')).toEqual({ id: 2 });
  });

  test("what is no JSON object has none", () => {
    for (const text of [
      "",
      "[]",
      "1",
      "{",
      '{"id"',
      '{"id":',
      '{"id":1',
      '{"id":1,}',
      '{"id":1}x',
      '{"id" 1}',
      '{"id":}',
      "{id:1}",
      '{"a":[1}',
      '{"id":"x}',
      '{"id":1 2}',
    ])
      expect(outline(text), text).toBeUndefined();
    expect(outline("{}")).toEqual({});
    expect(outline(`{"a":${"[".repeat(511)}${"]".repeat(511)},"id":1}`)).toEqual({ id: 1 });
    expect(outline(`{"a":${"[".repeat(512)}${"]".repeat(512)},"id":1}`)).toBeUndefined();
  });

  test("agrees with a parser on whatever object is sent", () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    const object = fc.dictionary(fc.oneof(fc.constantFrom(...NAMES), fc.string()), value);
    fc.assert(
      fc.property(object, fc.boolean(), (sent, isSpaced) => {
        const parsed = JSON.parse(JSON.stringify(sent)) as Record<string, unknown>;
        const found = outline(JSON.stringify(sent, null, isSpaced ? 2 : 0));
        for (const name of NAMES) {
          const wanted = Object.hasOwn(parsed, name) ? parsed[name] : undefined;
          const isScalar = typeof wanted !== "object" || wanted === null;
          const got = field(found, name);
          // Integers past 2^53 keep their digits; a parser has rounded them already.
          if (isScalar) expect(typeof got === "bigint" ? Number(got) : got).toEqual(wanted);
        }
      }),
      { examples: [[{ type: 2 ** 53 }, false]] },
    );
  });
});

const DEEP = wantedAt([...NAMES, "event.a.b.c", "event.a.0.b.0.id", "a.*.b.*.id", "a.*.id"]);
const fill = (head: string, unit: string, tail: string) =>
  Buffer.from(head + unit.repeat((10 * MIB - head.length - tail.length) / unit.length) + tail);
const shapes: [string, Buffer][] = [
  ["numbers after an exponent", fill('{"a":[1e1,', "1,", '1],"type":"t"}')],
  ["empty objects", fill('{"a":[', "{},", '1],"type":"t"}')],
  ["lists 500 deep", fill('{"a":[', `${"[".repeat(500)}${"]".repeat(500)},`, '1],"type":"t"}')],
  ["700,000 keys", fill("{", '"k00000":1,  ', '"type":"t"}')],
  ["the same key a million times", fill("{", '"id":"x",', '"type":"t"}')],
  ["keys with escapes", fill("{", '"\\u0061":1,', '"type":"t"}')],
  ["one text of escapes", fill('{"a":"', "\\\\", '","type":"t"}')],
  ["blanks", fill("{", " ", '"type":"t"}')],
  ["elements that are wanted", fill('{"a":[', '{"id":"x"},', '1],"type":"t"}')],
  ["a wanted object within wanted ones", fill('{"event":{"a":[{"b":[', "1,", '1]}]},"type":"t"}')],
  ["a named object full of numbers", fill('{"event":{"a":[', "1,", '1]},"type":"t"}')],
];
test.each(shapes)("10 MiB of %s are read in a few passes, and the type behind them is found", (_name, body) => {
  const before = process.threadCpuUsage().user;
  expect(field(outlineJson(body, DEEP), "type")).toBe("t");
  // Some 40 to 150 ms; a parser takes up to 5 s.
  expect((process.threadCpuUsage().user - before) / 1_000).toBeLessThan(500);
});

test("a member that is an object is found whatever its name, and one that is wanted by its own name is not it", () => {
  const any = wantedAt(["type", "{}.id", "named.id"]);
  const read = (text: string) => outlineJson(Buffer.from(text), any);
  expect(read('{"type":"a.b","a.b":{"id":1,"x":2}}')).toEqual({ type: "a.b", "{}": { id: 1 } });
  expect(read('{"a":{"id":1},"b":[{"id":2}],"c":"{}","d":{"id":3},"e":4}')).toEqual({ "{}": { id: 3 } });
  expect(read('{"named":{"id":1},"b":[1]}')).toEqual({ named: { id: 1 } });
});
