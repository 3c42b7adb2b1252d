import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ExactNumber } from "#server/json/exact-number.ts";
import { parsePayload, parseQuery, toRuleRequest } from "#server/payload/payload.ts";

const parse = (body: string | Buffer, type: string | null = "application/json", encoding: string | null = null) =>
  parsePayload(Buffer.from(body), type, encoding);

describe("JSON", () => {
  test("a JSON content type is parsed whatever its parameters, and any +json type too", () => {
    expect(parse('{"a":1}', "application/json; charset=utf-8")).toEqual({ kind: "json", value: { a: 1 } });
    expect(parse('{"a":1}', "APPLICATION/CloudEvents+JSON")).toEqual({ kind: "json", value: { a: 1 } });
    expect(parse("true")).toEqual({ kind: "json", value: true });
  });

  test("an object or array without a content type, or as text/plain, is read as JSON; a bare word is not", () => {
    expect(parse(' [1, "x"]', null)).toEqual({ kind: "json", value: [1, "x"] });
    expect(parse('{"Type":"Notification"}', "text/plain; charset=UTF-8").kind).toBe("json");
    expect(parse("true", null)).toEqual({ kind: "text", value: "true" });
    expect(parse("{not json", null)).toEqual({ kind: "text", value: "{not json" });
  });

  test("a byte order mark before the JSON does no harm", () => {
    expect(parse(Buffer.from('\uFEFF{"a":1}'))).toEqual({ kind: "json", value: { a: 1 } });
  });

  test("512 levels are JSON, 513 and 100,000 are text, and brackets inside strings do not count", () => {
    const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
    expect(parse(nested(512)).kind).toBe("json");
    expect(parse(nested(513)).kind).toBe("text");
    expect(parse(nested(100_000)).kind).toBe("text");
    expect(parse(`{"a":"\\"${"[".repeat(600)}\\\\","b":"${"{".repeat(600)}"}`).kind).toBe("json");
  });

  test("a number that no double holds keeps its digits; any other is an ordinary number", () => {
    const text = '{"a":1e400,"b":[-1E+999,8202522731445525542,0.1234567890123456789],"c":"1e400","d":1e-400}';
    expect(JSON.stringify(parse(text).value)).toBe(text);
    expect(parse("9".repeat(400)).value).toEqual(new ExactNumber("9".repeat(400)));
    expect(parse('{"a":1E5,"b":10.00,"c":9007199254740992,"d":1234567890123456.0}').value).toEqual({
      a: 100_000,
      b: 10,
      c: 2 ** 53,
      d: 1234567890123456,
    });
  });

  test("a later duplicate of a key wins, and __proto__ is a property like any other", () => {
    expect(parse('{"a":1,"a":2}').value).toEqual({ a: 2 });
    const value = parse('{"__proto__":{"admin":true}}').value as object;
    expect(Object.keys(value)).toEqual(["__proto__"]);
    expect("admin" in value).toBe(false);
  });

  test("\\u0000 and a lone surrogate are kept", () => {
    expect(parse('{"a":"\\u0000","b":"\\ud800"}').value).toEqual({ a: "\u0000", b: "\ud800" });
  });

  test("whatever JSON is sent comes back as it was", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        expect(parse(text).value).toEqual(JSON.parse(text));
      }),
    );
  });
});

describe("other bodies", () => {
  test("nothing is empty, valid UTF-8 is text, the rest is binary", () => {
    expect(parse("")).toEqual({ kind: "empty", value: null });
    expect(parse("<a/>", "application/xml")).toEqual({ kind: "text", value: "<a/>" });
    expect(parse(Buffer.from([0xff, 0xfe, 0x00]), "application/json")).toEqual({ kind: "binary", value: null });
  });

  test("a form is an object, with an array for a repeated field", () => {
    expect(parse("a=1&b=x+y%20z&a=2&c", "application/x-www-form-urlencoded")).toEqual({
      kind: "form",
      value: { a: ["1", "2"], b: "x y z", c: "" },
    });
  });

  test("a form of more than 5,000 fields is text", () => {
    expect(parse("a=1&".repeat(5_000), "application/x-www-form-urlencoded").kind).toBe("text");
  });
});

describe("JSON inside a form", () => {
  const urlencoded = (body: string) => parse(body, "application/x-www-form-urlencoded").value;

  test("the field payload is parsed, with the very digits of its numbers", () => {
    const payload = encodeURIComponent('{"type":"block_actions","actions":[{"action_id":"a"}]}');
    expect(urlencoded(`payload=${payload}&token=t`)).toEqual({
      payload: { type: "block_actions", actions: [{ action_id: "a" }] },
      token: "t",
    });
    expect(urlencoded("payload=%7B%22id%22%3A8202522731445525542%7D")).toEqual({
      payload: { id: new ExactNumber("8202522731445525542") },
    });
  });

  test("a payload that is no JSON, and any other field, stay text", () => {
    expect(urlencoded("payload={broken&data=%7B%7D&payload2=[1]")).toEqual({
      payload: "{broken",
      data: "{}",
      payload2: "[1]",
    });
    expect(urlencoded("payload=true")).toEqual({ payload: "true" });
  });
});

describe("multipart forms", () => {
  const type = "multipart/form-data; charset=utf-8; boundary=BB";
  const part = (headers: string, body: string) => `--BB\r\n${headers}\r\n\r\n${body}\r\n`;
  const field = (name: string, body: string) => part(`Content-Disposition: form-data; name="${name}"`, body);
  const multipart = (body: string | Buffer, contentType = type) => parse(body, contentType);

  test("fields are readable by name, with an array for a repeated one, between preamble and epilogue", () => {
    const body = `preamble\r\n${field("event", "delivered")}${field("tag", "a")}${field("tag", "ü")}--BB--\r\nepilogue`;
    expect(multipart(body)).toEqual({ kind: "form", value: { event: "delivered", tag: ["a", "ü"] } });
    expect(multipart(`--BB--`)).toEqual({ kind: "form", value: {} });
  });

  test("JSON is parsed in the field payload and in a part that says it is JSON", () => {
    const json = part('Content-Disposition: form-data; name="meta"\r\nContent-Type: application/json', '{"a":1}');
    expect(multipart(`${field("payload", '{"event":"media.play"}')}${json}${field("raw", "{}")}--BB--`).value).toEqual({
      payload: { event: "media.play" },
      meta: { a: 1 },
      raw: "{}",
    });
  });

  test("a file is its name, type, size and hash; binary files leave the fields readable", () => {
    const head = part(
      'content-disposition: form-data; name="thumb"; filename="a;\\"b.jpg"\r\ncontent-type: image/jpeg',
      "",
    );
    const file = Buffer.concat([
      Buffer.from(head.slice(0, -2)),
      Buffer.from([0xff, 0xd8, 0x0d, 0x0a, 0x00]),
      Buffer.from("\r\n"),
    ]);
    const body = Buffer.concat([Buffer.from(field("event", "x")), file, Buffer.from("--BB--\r\n")]);
    expect(multipart(body).value).toEqual({
      event: "x",
      thumb: {
        filename: 'a;"b.jpg',
        content_type: "image/jpeg",
        bytes: 5,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    });
  });

  test("lines that only begin like the boundary belong to the part", () => {
    expect(multipart(`${field("a", "x\r\n--BBB\r\n-- BB\r\n--B")}--BB--`).value).toEqual({
      a: "x\r\n--BBB\r\n-- BB\r\n--B",
    });
  });

  test("names such as __proto__ are plain own properties", () => {
    const { value } = multipart(`${field("__proto__", "x")}${field("constructor", "y")}--BB--`);
    expect(Object.keys(value as object)).toEqual(["__proto__", "constructor"]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  test("what is no multipart form is text", () => {
    for (const body of ["--BB\r\nno end", "nothing", field("a", "b"), `${field("a", "b").repeat(5_001)}--BB--`]) {
      expect(multipart(body).kind, body.slice(0, 30)).toBe("text");
    }
    for (const contentType of ["multipart/form-data", `multipart/form-data; boundary=${"B".repeat(5_000)}`]) {
      expect(multipart(`${field("a", "b")}--BB--`, contentType).kind).toBe("text");
    }
  });

  test("10 MiB made to be searched for long is read in one pass", () => {
    const boundary = "a".repeat(70);
    for (const unit of ["a", "\r\n--", `\r\n--${boundary.slice(1)}b`, `\r\n--${boundary} x`]) {
      const body = Buffer.from(`--${boundary}\r\n\r\n${unit.repeat((10 * 1024 * 1024) / unit.length)}`);
      const before = process.threadCpuUsage().user;
      multipart(body, `multipart/form-data; boundary=${boundary}`);
      // A search that begins anew at each place takes minutes; others on the machine do not count.
      expect((process.threadCpuUsage().user - before) / 1_000).toBeLessThan(2_000);
    }
  });
});

describe("content encodings", () => {
  const json = Buffer.from('{"a":1}');

  test("gzip, deflate with and without its wrapper, br, and two of them in a row are inflated", () => {
    expect(parse(gzipSync(json), "application/json", "gzip").value).toEqual({ a: 1 });
    expect(parse(deflateSync(json), "application/json", "deflate").value).toEqual({ a: 1 });
    expect(parse(deflateRawSync(json), "application/json", "deflate").value).toEqual({ a: 1 });
    expect(parse(brotliCompressSync(json), "application/json", "BR").value).toEqual({ a: 1 });
    expect(parse(gzipSync(brotliCompressSync(json)), "application/json", "br, gzip").value).toEqual({ a: 1 });
  });

  test("a bomb, broken data, an unknown encoding and three encodings are binary", () => {
    const binary = { kind: "binary", value: null };
    expect(parse(gzipSync(Buffer.alloc(5 * 1024 * 1024, 0x20)), "application/json", "gzip")).toEqual(binary);
    expect(parse(gzipSync(json).subarray(0, 12), "application/json", "gzip")).toEqual(binary);
    expect(parse("x", "application/json", "deflate")).toEqual(binary);
    expect(parse(json, "application/json", "zstd")).toEqual(binary);
    expect(parse(gzipSync(gzipSync(gzipSync(json))), "application/json", "gzip, gzip, gzip")).toEqual(binary);
  });
});

describe("query", () => {
  test("repeats become arrays and bad percent-encoding stays as it stands", () => {
    expect(parseQuery("a=1&a=2&b=%zz&c=%E2%82%AC&=d&&e")).toEqual({
      a: ["1", "2"],
      b: "%zz",
      c: "€",
      "": "d",
      e: "",
    });
    expect(parseQuery("")).toEqual({});
  });

  test("at most 5,000 pairs are read, and __proto__ is harmless", () => {
    expect(Object.keys(parseQuery(Array.from({ length: 6_000 }, (_, i) => `k${i}=1`).join("&")))).toHaveLength(5_000);
    const query = parseQuery("__proto__=x&constructor=y");
    expect(Object.keys(query)).toEqual(["__proto__", "constructor"]);
    expect(Object.getPrototypeOf(query)).toBe(Object.prototype);
  });
});

test("header values are read as UTF-8 where they are that, and as they stand where they are not", () => {
  const read = (value: string) =>
    toRuleRequest({
      method: "POST",
      path: "/",
      query: "",
      headers: [["x-city", value]],
      body: Buffer.alloc(0),
      contentType: null,
      createdAt: new Date(0),
    }).headers["x-city"];
  expect(read(Buffer.from("Zürich €").toString("latin1"))).toBe("Zürich €");
  expect(read("Z\xfcrich")).toBe("Z\xfcrich");
  expect(read("plain")).toBe("plain");
});

test("a request for rules has lower-case headers, repeats joined, and its parsed body", () => {
  expect(
    toRuleRequest({
      method: "POST",
      path: "/orders",
      query: "a=1",
      headers: [
        ["X-Tag", "a"],
        ["content-encoding", "gzip"],
        ["x-tag", "b"],
      ],
      body: gzipSync('{"id":7}'),
      contentType: "application/json",
      createdAt: new Date("2026-05-29T00:00:00.000Z"),
    }),
  ).toEqual({
    method: "POST",
    path: "/orders",
    query: { a: "1" },
    headers: { "x-tag": "a, b", "content-encoding": "gzip" },
    body: { id: 7 },
    created_at: "2026-05-29T00:00:00.000Z",
  });
});

test("a request for rules without a body has none, and a binary one brings its bytes", () => {
  const request = {
    method: "POST",
    path: "/",
    query: "",
    headers: [],
    contentType: null,
    createdAt: new Date("2026-05-29T00:00:00.000Z"),
  };
  expect(toRuleRequest({ ...request, body: Buffer.alloc(0) })).not.toHaveProperty("body");
  const bytes = Buffer.from([0xff, 0x00]);
  expect(toRuleRequest({ ...request, body: bytes })).toMatchObject({ body: null, raw_body: bytes });
});
