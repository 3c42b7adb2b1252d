import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HeaderList } from "#server/contracts/header-list.ts";
import type { Json } from "#server/json/value.ts";
import { bodyToSend, headersToSend, queryToSend } from "#server/payload/as-received.ts";
import { parseQuery } from "#server/payload/payload.ts";

describe("a query", () => {
  const queries = [
    "name=caf%E9&x=1",
    "sig=a%2Fb%20c~d&flag&e=",
    "a=1&b=2&a=3",
    "u=https://h/?z=1",
    "a=1&&b=%zz&",
    "",
    "10=x&2=y",
    "__proto__=1",
  ];
  test.each(queries)("%j goes as it came when its values are the same", (query) => {
    expect(queryToSend(parseQuery(query), query)).toBe(query);
  });

  test.each<[string, Record<string, Json>, string]>([
    ["sig=a%2Fb%20c~d&x=1&flag", { sig: "a/b c~d", x: "2", flag: "" }, "sig=a%2Fb%20c~d&x=2&flag"],
    ["a=1&b=%7E&a=3", { a: ["1", "4", "5"], b: "~" }, "a=1&b=%7E&a=4&a=5"],
    ["a=1&b=%7E&a=3", { a: "1", b: "~", c: "ü & ~" }, "a=1&b=%7E&c=%C3%BC+%26+%7E"],
    ["a=1&b=%7E", { b: "~" }, "b=%7E"],
    ["a=1", {}, ""],
    ["", { a: ["1", "2"], n: 5, o: { x: 1 } }, "a=1&a=2&n=5&o=%7B%22x%22%3A1%7D"],
  ])("%j with other values keeps the pairs that are the same", (received, query, expected) => {
    expect(queryToSend(query, received)).toBe(expected);
  });

  test("says what it is to say, whatever was received", () => {
    const name = fc.constantFrom("a", "b", "c d", "ü", "__proto__", "1");
    const values = fc.dictionary(name, fc.oneof(fc.string(), fc.array(fc.string(), { minLength: 2 })));
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.string())), values, (received, query) => {
        const wanted = Object.fromEntries(Object.entries(query));
        const sent = queryToSend(wanted, new URLSearchParams(received).toString());
        expect(parseQuery(sent)).toEqual(wanted);
      }),
    );
  });
});

test("headers keep order, case and repeats; a changed one keeps its place, a new one comes last", () => {
  const received: HeaderList = [
    ["X-B", "1"],
    ["x-repeat", "a"],
    ["X-A", "2"],
    ["X-Repeat", "b"],
    ["X-Gone", "x"],
    ["x-name", "caf\xc3\xa9"],
  ];
  const headers = { "x-a": "3", "x-new": "n", "x-repeat": "a, b", "x-b": "1", "x-name": "café" };
  expect(headersToSend(headers, received)).toEqual([
    ["X-B", "1"],
    ["x-repeat", "a"],
    ["X-A", "3"],
    ["X-Repeat", "b"],
    ["x-name", "caf\xc3\xa9"],
    ["x-new", "n"],
  ]);
  expect(headersToSend({ "x-repeat": "c" }, received)).toEqual([["x-repeat", "c"]]);
});

describe("a changed body", () => {
  const json = (text: string, headers: HeaderList = []) => {
    const isGzip = headers.some(([, value]) => value === "gzip");
    return { body: isGzip ? gzipSync(text) : Buffer.from(text), content_type: "application/json", headers };
  };
  const sent = (...args: Parameters<typeof bodyToSend>) => String(bodyToSend(...args).bytes);

  test("keeps the text of what is the same, also of what came compressed", () => {
    const text = '\ufeff{"amount":10.00,"id":1}';
    for (const received of [json(text), json(text, [["Content-Encoding", "gzip"]])]) {
      expect(sent({ amount: 10, id: 2 }, received)).toBe('{"amount":10.00,"id":2}');
    }
  });

  test("is a string as it is, nothing where there is none, and plain JSON where there was no JSON", () => {
    expect(sent("é", json("{}"))).toBe("é");
    expect(sent(undefined, json("{}"))).toBe("");
    expect(
      sent(
        { a: "1", b: 2 },
        { body: Buffer.from("a=1"), content_type: "application/x-www-form-urlencoded", headers: [] },
      ),
    ).toBe('{"a":"1","b":2}');
    expect(sent([1], { body: null, content_type: null, headers: [] })).toBe("[1]");
  });
});
