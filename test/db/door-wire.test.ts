import { randomBytes } from "node:crypto";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeProducer, type Producer } from "#test/support/branch.ts";
import { sendRaw } from "#test/support/raw-client.ts";
import { createWorld, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
});
afterAll(() => world[Symbol.asyncDispose]());

const pathOf = ({ url }: Producer) => new URL(url).pathname;
const message = (producer: Producer, body = "{}", lines: string[] = [], rest = "") =>
  [
    `POST ${pathOf(producer)}${rest} HTTP/1.1`,
    "Host: gateway.test",
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...lines,
    "",
    body,
  ].join("\r\n");
const only = async (producer: Producer) => {
  const rows = await world.requests(producer.sourceId);
  expect(rows).toHaveLength(1);
  return rows[0] ?? {};
};

describe("what came is kept byte for byte", () => {
  const bodies: [string, Buffer<ArrayBuffer>, Record<string, string>][] = [
    ["5 MiB of noise", Buffer.from(randomBytes(5 * 1024 * 1024)), { "content-type": "application/octet-stream" }],
    ["gzip", Buffer.from(gzipSync('{"type":"zipped"}')), { "content-encoding": "gzip" }],
    ["brotli", Buffer.from(brotliCompressSync('{"type":"zipped"}')), { "content-encoding": "br" }],
    ["nothing", Buffer.alloc(0), {}],
    ["NUL and a lone surrogate", Buffer.from('{"a":"\\u0000 \\ud800 \0"}'), {}],
    ["bytes that are no UTF-8", Buffer.from([0xff, 0xfe, 0x00, 0x80]), {}],
    ["duplicate keys and 1e400", Buffer.from('{"a":1,"a":2,"n":1e400, "big":12345678901234567890}'), {}],
    ["JSON 100,000 deep", Buffer.from("[".repeat(100_000) + "]".repeat(100_000)), {}],
    ["a gzip bomb", Buffer.from(gzipSync(Buffer.alloc(50 * 1024 * 1024))), { "content-encoding": "gzip" }],
    ["gzip that is none", Buffer.from("not gzip"), { "content-encoding": "gzip" }],
  ];
  test.each(bodies)("%s", async (_name, body, headers) => {
    const producer = await makeProducer(world);
    const answer = await producer.post(body, headers);
    expect(answer.status).toBe(200);
    const row = await only(producer);
    expect((row.body as Buffer).equals(body)).toBe(true);
    expect(row.body_bytes).toBe(body.length);
  });

  test("what inflates is read for its type; what cannot be read has none", async () => {
    const zipped = await makeProducer(world);
    await zipped.post(Buffer.from(gzipSync('{"type":"zipped.event"}')), { "content-encoding": "gzip" });
    expect(await only(zipped)).toMatchObject({ event_type: "zipped.event" });
    const bomb = await makeProducer(world);
    await bomb.post(Buffer.from("nothing"), { "content-encoding": "gzip" });
    expect(await only(bomb)).toMatchObject({ event_type: null });
  });

  test("of large and of compressed bodies the type and the id are found", async () => {
    const large = (type: string) => `{"list":[1e1${",1".repeat(2_000_000)}],"type":"${type}","id":8202522731445525542}`;
    const plain = await makeProducer(world);
    await plain.post(large("large.event"));
    expect(await only(plain)).toMatchObject({ event_type: "large.event", provider_event_id: "8202522731445525542" });
    const zipped = await makeProducer(world);
    const text = randomBytes(500_000).toString("hex");
    await zipped.post(Buffer.from(gzipSync(`{"text":"${text}","type":"zipped.event"}`)), {
      "content-encoding": "gzip",
    });
    expect(await only(zipped)).toMatchObject({ event_type: "zipped.event" });
  });

  test("headers keep their order, case and repeats, whatever their names", async () => {
    const producer = await makeProducer(world);
    const lines = [
      "X-Case: One",
      "x-case: two",
      "__proto__: polluted",
      "constructor: x",
      "X-CASE: three",
      "X-Latin: \xfc",
    ];
    const [answer] = await sendRaw(world.doorUrl, [Buffer.from(message(producer, "{}", lines), "latin1")]);
    expect(answer?.status).toBe(200);
    expect((await only(producer)).headers).toEqual([
      ["Host", "gateway.test"],
      ["Content-Type", "application/json"],
      ["Content-Length", "2"],
      ["X-Case", "One"],
      ["x-case", "two"],
      ["__proto__", "polluted"],
      ["constructor", "x"],
      ["X-CASE", "three"],
      ["X-Latin", "\xfc"],
    ]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test("the path and the query are kept as they were sent, valid percent-encoding or not", async () => {
    const producer = await makeProducer(world);
    const rest = "/a//b/%zz/%2e%2e/b?x=%&&y=%20+%zz&x=2?";
    const [answer] = await sendRaw(world.doorUrl, [message(producer, "{}", [], rest)]);
    expect(answer?.status).toBe(200);
    expect(await only(producer)).toMatchObject({ path: "/a//b/%zz/%2e%2e/b", query: "x=%&&y=%20+%zz&x=2?" });
  });

  test("5,000 query pairs are no trouble", async () => {
    const producer = await makeProducer(world);
    const query = Array.from({ length: 2_500 }, (_, i) => `a${i % 9}`).join("&");
    expect((await producer.post("{}", {}, `?${query}`)).status).toBe(200);
    expect(await only(producer)).toMatchObject({ query });
  });

  test("a target in absolute form is that source all the same", async () => {
    const producer = await makeProducer(world);
    const absolute = message(producer, "{}", [], "/x?y=1").replace("POST /", "POST http://elsewhere.example:81/");
    expect(await sendRaw(world.doorUrl, [absolute])).toMatchObject([{ status: 200 }]);
    expect(await only(producer)).toMatchObject({ path: "/x", query: "y=1" });
  });
});

describe("malformed HTTP gets a well-formed refusal and leaves no row", () => {
  const cases: [string, number, (producer: Producer) => string][] = [
    ["two Host headers", 400, (p) => message(p, "{}", ["Host: other.test"])],
    ["no Host header", 400, (p) => message(p).replace("Host: gateway.test\r\n", "")],
    ["length and chunks", 400, (p) => message(p, "{}", ["Transfer-Encoding: chunked"])],
    ["two different lengths", 400, (p) => message(p, "{}", ["Content-Length: 3"])],
    ["a negative length", 400, (p) => message(p).replace("Content-Length: 2", "Content-Length: -2")],
    ["a bare line feed", 400, (p) => message(p, "{}", ["X-One: 1\nX-Two: 2"])],
    ["a NUL in a header", 400, (p) => message(p, "{}", ["X-Nul: a\0b"])],
    ["a path of 64 KB", 431, (p) => message(p, "{}", [], `/${"p".repeat(65_536)}`)],
    [
      "more headers than are counted",
      431,
      (p) =>
        message(
          p,
          "{}",
          Array.from({ length: 600 }, (_, i) => `X-${i}: 1`),
        ),
    ],
    [
      "2,100 headers",
      431,
      (p) =>
        message(
          p,
          "{}",
          Array.from({ length: 2_100 }, (_, i) => `X${i}: 1`),
        ),
    ],
    [
      "chunks that are none",
      400,
      (p) => message(p, "zz\r\nxx").replace("Content-Length: 6", "Transfer-Encoding: chunked"),
    ],
  ];
  test.each(cases)("%s", async (_name, status, build) => {
    const producer = await makeProducer(world);
    const answers = await sendRaw(world.doorUrl, [Buffer.from(build(producer), "latin1")]);
    expect(answers).toMatchObject([{ status }]);
    expect(await world.requests(producer.sourceId)).toEqual([]);
  });

  test("a gigabyte is refused by its declaration, before it is sent", async () => {
    const producer = await makeProducer(world);
    const head = message(producer, "").replace("Content-Length: 0", "Content-Length: 1073741824");
    expect(await sendRaw(world.doorUrl, [head])).toMatchObject([{ status: 413, headers: { connection: "close" } }]);
    expect(await only(producer)).toMatchObject({ status: "rejected", rejection_cause: "PAYLOAD_TOO_LARGE" });
  });

  test("an aborted body leaves no row and no trouble", async () => {
    const producer = await makeProducer(world);
    const whole = message(producer, "x".repeat(1_000));
    expect(await sendRaw(world.doorUrl, [whole.slice(0, -500)], { abort: true })).toEqual([]);
    expect((await producer.post("{}")).status).toBe(200);
    await only(producer);
  });
});

describe("connections", () => {
  test("Expect: 100-continue is answered, then the request", async () => {
    const producer = await makeProducer(world);
    const answers = await sendRaw(world.doorUrl, [message(producer, "{}", ["Expect: 100-continue"])]);
    expect(answers).toMatchObject([{ status: 100 }, { status: 200 }]);
    await only(producer);
  });

  test("pipelined requests are answered in their order, the bad one alone refused", async () => {
    const producer = await makeProducer(world);
    const wrongMethod = message(producer).replace("POST", "OPTIONS");
    expect(await sendRaw(world.doorUrl, [message(producer) + wrongMethod + message(producer)])).toMatchObject([
      { status: 200 },
      { status: 405 },
      { status: 200 },
    ]);
    const statuses = (await world.requests(producer.sourceId)).map((row) => row.status);
    expect(statuses.toSorted()).toEqual(["accepted", "accepted", "rejected"]);
  });

  test("an expectation of a status that nobody can promise is answered 417, and nothing is stored", async () => {
    const producer = await makeProducer(world);
    const answers = await sendRaw(world.doorUrl, [message(producer, "{}", ["Expect: 200-ok"])]);
    expect(answers).toMatchObject([{ status: 417 }]);
    expect(await world.requests(producer.sourceId)).toHaveLength(0);
  });

  test.each(["", "application/json", "nonsense"])(
    "an Expect of '%s' is a request like any other",
    async (expectation) => {
      const producer = await makeProducer(world);
      expect(await sendRaw(world.doorUrl, [message(producer, "{}", [`Expect: ${expectation}`])])).toMatchObject([
        { status: 200 },
      ]);
      await only(producer);
    },
  );

  const bad: [string, (producer: Producer) => string][] = [
    ["a line that is no HTTP", (p) => message(p).replace("POST", "BR EW")],
    ["two different lengths", (p) => message(p, "{}", ["Content-Length: 3"])],
    ["chunks that are none", (p) => message(p, "zz\r\nxx").replace("Content-Length: 6", "Transfer-Encoding: chunked")],
  ];
  test.each(bad)(
    "what came whole before %s is answered, the bad is refused, and nothing behind it is read",
    async (_name, build) => {
      const producer = await makeProducer(world);
      const pieces = message(producer) + message(producer) + build(producer) + message(producer);
      expect((await sendRaw(world.doorUrl, [pieces])).map(({ status }) => status)).toEqual([200, 200, 400]);
      expect(await world.requests(producer.sourceId)).toHaveLength(2);
      expect((await producer.post("{}")).status).toBe(200);
    },
  );

  test("chunked bodies are joined", async () => {
    const producer = await makeProducer(world);
    const chunked = message(producer, '3\r\n{"a\r\n4\r\n":1}\r\n0\r\n\r\n').replace(
      /Content-Length: \d+/,
      "Transfer-Encoding: chunked",
    );
    expect(await sendRaw(world.doorUrl, [chunked])).toMatchObject([{ status: 200 }]);
    expect(await only(producer)).toMatchObject({ body: Buffer.from('{"a":1}') });
  });
});
