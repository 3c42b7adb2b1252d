import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseJson } from "#server/json/parse.ts";
import { rewriteJson } from "#server/json/rewrite.ts";
import { type Json, jsonEquals } from "#server/json/value.ts";

// biome-ignore lint/suspicious/noExplicitAny: a test changes whatever the text holds
type Change = (body: any) => unknown;

/** Changes the parsed text as user code would, in place or by what is returned. */
function rewrite(source: string, change: Change) {
  const after = parseJson(source);
  const returned = change(after);
  return rewriteJson(source, parseJson(source), returned === undefined ? after : (returned as Json));
}
const textOf = (source: string, change: Change) => rewrite(source, change).text;

describe("what is left alone stays as it stands", () => {
  test.each<[string, string, Change, string]>([
    ["nothing changed", ' {"a" : 1.0}\n', () => {}, ' {"a" : 1.0}\n'],
    [
      "spelling of numbers and strings, white space",
      '{ "id": 8202522731445525542, "amount":10.00,\n"f":1E5, "s":"\\u00e9\\/", "l":[ 1.0 , -0 ] }',
      (body) => {
        body.note = "x";
      },
      '{"id": 8202522731445525542,"amount":10.00,"f":1E5,"s":"\\u00e9\\/","l":[ 1.0 , -0 ],"note":"x"}',
    ],
    [
      "the neighbours of a deep change",
      '{"a":{"b":{"c":1.0,"d":2.0}},"e":3.0}',
      (body) => {
        body.a.b.c = 5;
      },
      '{"a":{"b":{"c":5,"d":2.0}},"e":3.0}',
    ],
    [
      "the neighbours of what is removed",
      '{"a":1.0,"b":2.0,"c":3.0}',
      (body) => {
        delete body.b;
      },
      '{"a":1.0,"c":3.0}',
    ],
    [
      "the order of keys that look like numbers",
      '{"b":1.0,"10":2.0,"9":3.0}',
      (body) => {
        body.note = 1;
      },
      '{"b":1.0,"10":2.0,"9":3.0,"note":1}',
    ],
    [
      "and a new one among them",
      '{"b":1.0,"10":2.0}',
      (body) => {
        body["5"] = 1;
      },
      '{"5":1,"b":1.0,"10":2.0}',
    ],
    [
      "what is spread behind something new",
      '{"b":1.0,"a":2.0}',
      (body) => ({ first: 0, ...body }),
      '{"first":0,"b":1.0,"a":2.0}',
    ],
    [
      "doubled keys",
      '{"a":1.0,"b":2,"a":3.0,"c":0}',
      (body) => {
        body.c = 1;
      },
      '{"a":1.0,"b":2,"a":3.0,"c":1}',
    ],
    [
      "escaped keys",
      '{"\\u0061":1.0,"b":1}',
      (body) => {
        body.b = 2;
      },
      '{"\\u0061":1.0,"b":2}',
    ],
    [
      "a key __proto__",
      '{"__proto__":{"x":1.0},"b":1}',
      (body) => {
        body.b = 2;
      },
      '{"__proto__":{"x":1.0},"b":2}',
    ],
    [
      "elements around one that was changed",
      "[1.0,2.0,3.0]",
      (body) => {
        body[1] = 5;
      },
      "[1.0,5,3.0]",
    ],
    [
      "elements that move up or down",
      "[1.0,2.0,3.0,4.0]",
      (body) => body.filter((n: number) => n !== 2),
      "[1.0,3.0,4.0]",
    ],
    [
      "elements behind new ones",
      '[{"a":1.0},{"a":2.0}]',
      (body) => {
        body.unshift(0);
      },
      '[0,{"a":1.0},{"a":2.0}]',
    ],
    [
      "nothing of a list that became an object",
      '{"a":[1.0]}',
      (body) => {
        body.a = { 0: 1 };
      },
      '{"a":{"0":1}}',
    ],
    ["a text that is a number", "1.0", () => 2, "2"],
  ])("%s", (_name, source, change, expected) => {
    expect(rewrite(source, change)).toEqual({ text: expected, notes: [] });
  });

  test("a number counts as left alone when its value is the same", () => {
    expect(
      textOf('{"a":10.00,"b":1}', (body) => {
        Object.assign(body, { a: 10, b: 2 });
      }),
    ).toBe('{"a":10.00,"b":2}');
    expect(
      textOf("[9007199254740993,1]", (body) => {
        body[1] = 2;
      }),
    ).toBe("[9007199254740993,2]");
  });
});

describe("what cannot stay is said", () => {
  test("a doubled key that was changed stands once", () => {
    expect(
      rewrite('{"x":{"a":1,"a":2}}', (body) => {
        body.x.a = 3;
      }),
    ).toEqual({
      text: '{"x":{"a":3}}',
      notes: ["body.x.a stood more than once and was changed: it stands once now."],
    });
  });

  test("members in an order of the code's own lose that of the text", () => {
    const { text, notes } = rewrite('{"b":1,"1":2.0,"a":3}', (body) => ({ 1: body[1], a: 4, b: body.b }));
    expect(text).toBe('{"1":2.0,"a":4,"b":1}');
    expect(notes).toEqual(["The members of body stand in another order: the code put them in one of its own."]);
  });
});

test("the result always holds the new value, and an unchanged one is the very text", () => {
  const value = fc.jsonValue({ maxDepth: 4 });
  const spaced = fc.tuple(value, fc.constantFrom(undefined, 1, "\t"));
  fc.assert(
    fc.property(spaced, value, fc.nat(), ([old, space], replacement, seed) => {
      const source = JSON.stringify(old, null, space);
      expect(rewriteJson(source, parseJson(source), parseJson(source)).text).toBe(source);
      const after = changedAt(parseJson(source), JSON.parse(JSON.stringify(replacement)), seed);
      const { text } = rewriteJson(source, parseJson(source), after);
      expect(jsonEquals(parseJson(text), parseJson(JSON.stringify(after)), { left: 1e6 })).toBe(true);
    }),
  );
});

test("hostile nesting, doubling and length cost bounded time", () => {
  const deep = (inner: string) => `${'{"a":[0,'.repeat(200)}"${"x".repeat(2_000_000)}",${inner}${"]}".repeat(200)}`;
  expect(rewriteJson(deep("1"), parseJson(deep("1")), parseJson(deep("2"))).notes).toEqual([
    "The body was written anew as a whole: it is nested too deeply.",
  ]);
  const doubled = `{${'"a":1,'.repeat(300_000)}"b":1}`;
  expect(
    textOf(doubled, (body) => {
      body.b = 2;
    }),
  ).toBe(doubled.replace('"b":1', '"b":2'));
  const list = (length: number) => `[${Array.from({ length }, (_, i) => `{"a":${i}}`).join(",")}]`;
  expect(rewriteJson(list(100_000), parseJson(list(100_000)), parseJson(list(99_000))).text).toBe(list(99_000));
  expect(JSON.parse(textOf(list(100_000), (body) => body.reverse().slice(1)))).toHaveLength(99_999);
});

/** Replaces one place, chosen by the seed. */
function changedAt(value: Json, replacement: Json, seed: number): Json {
  if (typeof value !== "object" || value === null || seed % 3 === 0) return replacement;
  const keys = Object.keys(value);
  const key = keys[seed % Math.max(keys.length, 1)];
  if (key === undefined) return replacement;
  const holder = value as Record<string, Json>;
  const inner = changedAt(holder[key] ?? null, replacement, Math.floor(seed / 3));
  Object.defineProperty(holder, key, { value: inner, writable: true, enumerable: true, configurable: true });
  return value;
}
