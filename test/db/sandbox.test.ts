import { afterAll, describe, expect, test } from "vitest";
import { makeSandbox } from "#server/sandbox/pool.ts";

// Long enough for a slow machine: a result is what is asked here.
const sandbox = makeSandbox({ timeoutMs: 3_000 });
/** With the limit that users have, for what runs into it. */
const ordinary = makeSandbox();
afterAll(() => Promise.all([sandbox.close(), ordinary.close()]));

const received = {
  headers: { "content-type": "application/json", "x-shop": "a.example" },
  body: { id: "evt_1", type: "payment.succeeded", data: { object: { id: "pi_1", amount: 2000 } } },
  query: { page: "2" },
  path: "/orders",
  method: "POST",
  created_at: "2026-05-29T12:00:00.000Z",
};

const run = (code: string, env: Record<string, string> = {}, request = received, within = sandbox) =>
  within.run({ teamId: "tm_a", code, env, request });

async function bodyOf(code: string, env: Record<string, string> = {}) {
  const result = await run(code, env);
  if (result.kind === "failed") throw new Error(result.error.message);
  return result.request.body;
}

async function errorOf(code: string) {
  const result = await run(code);
  return result.kind === "failed" ? result.error : null;
}

describe("the two forms of code", () => {
  test("a bare body changes the request and returns it", async () => {
    const code = `request.body = {
provider: "stripe",
event_id: request.body.id,
object_id: request.body.data?.object?.id,
received_at: request.created_at,
missing: request.body.nothing?.here,
data: request.body.data?.object ?? request.body
};
return request;`;
    expect(await run(code)).toMatchObject({
      kind: "returned",
      request: {
        ...received,
        body: {
          provider: "stripe",
          event_id: "evt_1",
          object_id: "pi_1",
          received_at: received.created_at,
          data: { id: "pi_1", amount: 2000 },
        },
      },
      console: [],
    });
  });

  test("a registered handler gets the request and the context", async () => {
    const code = `const prefix = "in ";
addHandler("transform", (request, context) => { request.body = prefix + context.env.REGION; return request; });`;
    expect(await bodyOf(code, { REGION: "eu" })).toBe("in eu");
  });

  test("an async handler is awaited", async () => {
    expect(await bodyOf(`addHandler("transform", async (r) => { r.body = await Promise.resolve(7); return r; })`)).toBe(
      7,
    );
    expect(await bodyOf("request.body = await Promise.resolve(8); return request;")).toBe(8);
  });

  test("a new object may be returned, and what it leaves out stays as received but for the body", async () => {
    const result = await run(`return { headers: { "X-New": "1" } };`);
    expect(result).toMatchObject({
      request: { headers: { "x-new": "1" }, query: { page: "2" }, path: "/orders", method: "POST" },
    });
    expect(result.kind === "returned" && "body" in result.request).toBe(false);
  });
});

describe("console", () => {
  test("lines keep their level and order", async () => {
    const result = await run(
      `console.log("a", 1, { b: [2] }); console.warn(null); console.error(new TypeError("no")); return request;`,
    );
    expect(result.console).toEqual([
      { level: "log", text: 'a 1 {"b":[2]}' },
      { level: "warn", text: "null" },
      { level: "error", text: "TypeError: no" },
    ]);
  });

  test("what was logged before a failure is kept", async () => {
    const result = await run(`console.info("so far"); throw new Error("stop");`);
    expect(result).toMatchObject({ kind: "failed", console: [{ level: "info", text: "so far" }] });
  });

  test("100 lines and 8 KiB are the most that is kept", async () => {
    const many = await run("for (let i = 0; i < 1000; i++) console.log(i); return request;");
    expect(many.console).toHaveLength(100);
    const long = await run(`for (let i = 0; i < 50; i++) console.log("x".repeat(1000)); return request;`);
    expect(long.console.reduce((sum, line) => sum + line.text.length, 0)).toBe(8192);
  });
});

describe("failures", () => {
  test("a throw names the owner's line", async () => {
    expect(await errorOf("let a = 1;\n\nnull.x;\nreturn request;")).toEqual({
      kind: "threw",
      message: "TypeError: cannot read property 'x' of null",
      line: 3,
    });
  });

  test("work that does not end names the line it was stopped in", async () => {
    const result = await run("let n = 0;\nfor (;;) {\n  n += Math.sqrt(n);\n}", {}, received, ordinary);
    if (result.kind !== "failed") throw new Error("It has ended.");
    expect(result.error).toMatchObject({ kind: "timed_out" });
    expect([2, 3]).toContain(result.error.line);
  });

  test("code that does not parse names its line", async () => {
    expect(await errorOf("let a = 1;\nlet b = ;")).toMatchObject({ kind: "syntax_error", line: 2 });
    expect(await errorOf("return request; }); (function () {")).toMatchObject({ kind: "syntax_error" });
    expect(await errorOf("if (true) {")).toMatchObject({ kind: "syntax_error", line: 1 });
  });

  test.each(["", "request.body = 1;", "return;", `addHandler("transform", () => {})`, "return new Promise(() => {})"])(
    "nothing returned is said so: %s",
    async (code) => {
      expect(await errorOf(code)).toMatchObject({ kind: "no_return_value" });
    },
  );

  test.each([
    ["return null", "null"],
    ["return [request]", "an array"],
    ["return 'request'", "a string"],
    ["return request.body", "none of headers"],
    ["request.body = { amount: NaN }; return request", '"amount" is NaN'],
    ["request.body = 1n; return request", "BigInt"],
    ["request.body = { f() {} }; return request", "a function"],
    ["request.body = request; return request", "circular"],
    ["request.headers.a = 'b\\r\\nc: d'; return request", '"a"'],
    ["request.headers.a = 'b\\u0000'; return request", '"a"'],
    ["request.headers['a b'] = 'c'; return request", '"a b"'],
    ["request.headers.a = 5; return request", "must be a string"],
    ["request.headers = []; return request", "request.headers"],
    ["request.path = 'orders'; return request", "request.path"],
    ["request.path = '/a b'; return request", "request.path"],
    ["request.method = 'G ET'; return request", "request.method"],
    ["request.query = 'a=b'; return request", "request.query"],
    ["request.body = 'x'.repeat(11 * 1024 * 1024); return request", "10 MiB"],
  ])("%s is refused", async (code, part) => {
    const error = await errorOf(code);
    expect(error).toMatchObject({ kind: "bad_output" });
    expect(error?.message).toContain(part);
  });

  test.each([
    ["throw 'plain'", "plain"],
    ["throw { code: 7 }", '{"code":7}'],
    ["throw undefined", "undefined"],
    ["throw { toJSON() { throw 1 }, toString() { throw 2 } }", "cannot be shown"],
    ["throw Object.defineProperty(new Error(), 'message', { get() { throw 3 } })", "cannot be shown"],
  ])("%s has a readable message", async (code, part) => {
    const error = await errorOf(code);
    expect(error).toMatchObject({ kind: "threw" });
    expect(error?.message).toContain(part);
  });

  test("a message is at most 2 KiB", async () => {
    const error = await errorOf(`throw new Error("é".repeat(1_000_000))`);
    expect(Buffer.byteLength(error?.message ?? "")).toBeLessThanOrEqual(2048);
    expect(error?.message.length).toBeGreaterThan(1000);
  });

  test("a __proto__ key stays a key", async () => {
    const body = await bodyOf(`request.body = JSON.parse('{"__proto__": {"polluted": true}}'); return request;`);
    expect(JSON.stringify(body)).toBe('{"__proto__":{"polluted":true}}');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe("check", () => {
  test("compiles without running", async () => {
    const started = performance.now();
    expect(await sandbox.check({ teamId: "tm_a", code: "for (;;);" })).toBeNull();
    expect(performance.now() - started).toBeLessThan(900);
  });

  test("says what is wrong and where", async () => {
    expect(await sandbox.check({ teamId: "tm_a", code: "const a = 1;\nconst b = (;" })).toMatchObject({
      kind: "syntax_error",
      line: 2,
    });
    expect(await sandbox.check({ teamId: "tm_a", code: "import fs from 'fs';" })).toMatchObject({
      kind: "syntax_error",
    });
  });
});
