import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { HeaderList } from "#server/contracts/header-list.ts";
import { makeDerivedMask } from "#server/masking/mask-derived.ts";
import { maskRequest } from "#server/masking/mask-request.ts";

interface Sent {
  body?: string | Buffer;
  type?: string | null;
  headers?: HeaderList;
  query?: string;
  path?: string;
}

function mask(paths: string[], { body = "", type = "application/json", headers = [], query = "", path = "/" }: Sent) {
  const request = { path, query, headers, body: Buffer.from(body), content_type: type };
  const masks = JSON.stringify(paths);
  const masked = maskRequest(request, masks);
  const again = maskRequest({ ...masked.request }, masks);
  expect([again.request, again.secrets, again.isWhole], "a mask is not masked again").toEqual([
    masked.request,
    [],
    false,
  ]);
  const { request: shown, ...rest } = masked;
  return { ...shown, ...rest, text: shown.body?.toString() };
}

describe("a JSON body", () => {
  test("keeps digits, order of keys and spelling of everything else", () => {
    const body = `{"id": 8202522731445525542,"user": {"card": "4111 1111","n": 1.50e2},"\\u0061": "\\u00e9"}`;
    const { text, secrets } = mask(["body.user.card"], { body });
    expect(text).toBe(body.replace('"4111 1111"', '"***"'));
    expect(secrets).toEqual(["4111 1111"]);
  });

  test("is masked in every element of a list, at an index, and at whole objects", () => {
    const body = '{"items":[{"sku":"a","n":1},{"sku":"b"}],"tags":["x","y"],"who":{"name":"Ada","age":36}}';
    const { text, secrets } = mask(["body.items[*].sku", "body.tags[1]", "body.who"], { body });
    expect(text).toBe('{"items":[{"sku":"***","n":1},{"sku":"***"}],"tags":["x","***"],"who":"***"}');
    expect(secrets).toEqual(["a", "b", "y", "Ada", "36"]);
  });

  test("of a key that came twice keeps neither value", () => {
    const { text } = mask(["body.card"], { body: '{"card":"first","n":12345678901234567890,"card":"second"}' });
    expect(text).toBe('{"card":"***","n":12345678901234567890}');
  });

  test("that has nothing at the path stays byte for byte", () => {
    const body = ' {"a" : {"b":"c"}} ';
    for (const path of ["body.b", "body.a.b.c", "body.a[0]", "body.a[*].b", 'body["a.b"]'])
      expect(mask([path], { body })).toMatchObject({ text: body, secrets: [] });
  });

  test("is stored in clear where it came compressed", () => {
    const headers: HeaderList = [
      ["Content-Encoding", "gzip"],
      ["x-a", "1"],
    ];
    const masked = mask(["body.a"], { body: gzipSync('{"a":"secret","b":2}'), headers });
    expect([masked.text, masked.headers]).toEqual(['{"a":"***","b":2}', [["x-a", "1"]]]);
  });
});

test("a form keeps what is not masked as it was written", () => {
  const type = "application/x-www-form-urlencoded";
  const body = "a=1+2&card=41%2011&b=%7e&card=second";
  expect(mask(["body.card"], { body, type })).toMatchObject({
    text: "a=1+2&card=***&b=%7e",
    secrets: ["41 11", "second"],
  });
});

test("what cannot be read at a path is masked as a whole", () => {
  for (const [body, type] of [
    ["plain", "text/plain"],
    ['{"broken":', "application/json"],
    [Buffer.from([0xff, 0x00]), "application/octet-stream"],
    ['--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n', "multipart/form-data; boundary=b"],
  ] as const)
    expect(mask(["body.a"], { body, type })).toMatchObject({ text: "***", isWhole: true });
  expect(mask(["body.a"], { body: "", type: "text/plain" })).toMatchObject({ text: "", isWhole: false });
});

test("headers, query and path are masked by name, and what tells how to read the body stays", () => {
  const headers: HeaderList = [
    ["X-Token", "t1"],
    ["content-type", "application/json"],
    ["x-token", "t2"],
    ["x-other", "o"],
  ];
  const masked = mask(["headers.x-token", "query.key", "path"], {
    headers,
    query: "a=%20&key=k%31&key=k2",
    path: "/users/ada",
  });
  expect(masked.headers.map(([, value]) => value)).toEqual(["***", "application/json", "***", "o"]);
  expect([masked.query, masked.path]).toEqual(["a=%20&key=***", "/***"]);
  expect(masked.secrets).toEqual(["/users/ada", "k1", "k2", "t1", "t2"]);
  const all = mask(["headers", "query"], { headers, query: "a=1&b=2" });
  expect(all.headers.map(([, value]) => value)).toEqual(["***", "application/json", "***", "***"]);
  expect(all.query).toBe("a=***&b=***");
});

test("what was made of it is masked wherever it holds a masked text, however that is written", () => {
  const derived = makeDerivedMask({ secrets: ['a "quoted" ü', "4111"], isWhole: false });
  expect(derived.bytes(Buffer.from('{"copy":"a \\"quoted\\" ü"}')).toString()).toBe("***");
  expect(derived.url("https://r.example.com/h?n=a+%22quoted%22+%C3%BC")).toBe("https://r.example.com/***");
  expect(derived.url("https://r.example.com/h?n=1")).toBe("https://r.example.com/h?n=1");
  expect(
    derived.headers([
      ["x", "no 4111"],
      ["y", "no"],
    ]),
  ).toEqual([
    ["x", "***"],
    ["y", "no"],
  ]);
  expect(derived.list('[{"step":"filter","actual":4111}]')).toBe("[]");
  expect(derived.head({ method: "POST", path: "/4111", query: "n=4111", headers: [] })).toEqual({
    method: "POST",
    path: "/***",
    query: "",
    headers: [],
  });
  const whole = makeDerivedMask({ secrets: [], isWhole: true });
  expect([whole.text("anything"), whole.list("[]"), whole.bytes(Buffer.alloc(0)).length]).toEqual(["***", "[]", 0]);
});

test("many texts are not sought in long ones: what was made of the request is masked unread", () => {
  const secrets = Array.from({ length: 50_000 }, (_, at) => `card ${at}`);
  const derived = makeDerivedMask({ secrets, isWhole: false });
  expect(derived.text("short")).toBe("short");
  expect(derived.bytes(Buffer.from("no card ".repeat(8_000))).toString()).toBe("***");
  expect(derived.text("short"), "the time of the request is spent").toBe("***");
});
