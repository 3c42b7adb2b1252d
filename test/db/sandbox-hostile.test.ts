import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeSandbox } from "#server/sandbox/pool.ts";
import { cases } from "#test/support/generation.ts";

const sandbox = makeSandbox();
const request = { headers: {}, query: {}, path: "/", method: "POST", body: {} };
const run = (teamId: string, code: string) => sandbox.run({ teamId, code, env: {}, request });
const wellBehaved = () => run("tm_good", "request.body = 6 * 7; return request;");

beforeAll(() => wellBehaved());
afterAll(() => sandbox.close());

const endless = {
  loop: "for (;;);",
  getter: "return { get body() { for (;;); } };",
  proxy: "return new Proxy({}, { ownKeys() { for (;;); } });",
  toJSON: "return { body: { toJSON() { for (;;); } } };",
  "promise chain": `addHandler("transform", async (r) => { for (;;) await null; })`,
  thenable: "return { then() { for (;;); } };",
  "thenable of itself": "return { then(resolve) { resolve(this); } };",
  "promise fork bomb": "const f = async () => { await null; f(); f(); }; await f(); await new Promise(() => {});",
  comparator: "[3, 2, 1].sort(() => { for (;;); });",
  "catastrophic regex": "/(a+)+$/.test('a'.repeat(50) + 'b'); for (;;);",
  "sparse reverse": "new Array(4294967295).reverse(); for (;;);",
  "sparse join": "return { body: new Array(1e9) + '' };",
  "console flood": "for (;;) console.log('x'.repeat(1e5));",
};

test.each(Object.entries(endless))("endless work is stopped: %s", async (_, code) => {
  await wellBehaved();
  const result = await run("tm_evil", code);
  expect(result).toMatchObject({ kind: "failed", error: { kind: expect.stringMatching(/timed_out|out_of_memory/) } });
  expect(result.duration_ms).toBeLessThan(1200);
  expect(await wellBehaved()).toMatchObject({ kind: "returned", request: { body: 42 } });
});

const greedy = {
  strings: "const a = []; for (;;) a.push('x'.repeat(1 << 20) + a.length);",
  arrays: "const a = []; for (;;) a.push(new Array(1000).fill(a));",
  buffers: "const a = []; for (;;) a.push(new ArrayBuffer(1 << 20));",
  "one array": "return { body: new Array(4e9).fill(0) };",
  "one string": "return { body: 'x'.padStart(1e9) };",
  BigInt: "return { body: 2n ** (2n ** 28n) };",
  "a 100 MB message": "throw new Error('x'.repeat(1e8));",
  "a million levels": "let x = []; for (let i = 0; i < 1e6; i++) x = [x]; return { body: x };",
  "a million levels of text": "return { body: JSON.parse('['.repeat(1e6) + ']'.repeat(1e6)) };",
  "a thousand levels": "let x = []; for (let i = 0; i < 1000; i++) x = [x]; return { body: x };",
  recursion: "const f = () => f() + 1; f();",
  "recursion in a getter": "const o = { get a() { return this.a; } }; return o.a;",
  "output 100 × the input": "return { body: 'x'.repeat(2e7) };",
  "input passed on, and a stack without end": "Error.stackTraceLimit = 1e9; throw new Error('x');",
};

test.each(Object.entries(greedy))("what is too large is refused: %s", async (_, code) => {
  const result = await run("tm_evil", code);
  expect(result.kind).toBe("failed");
  expect(result.duration_ms).toBeLessThan(1200);
  expect(await wellBehaved()).toMatchObject({ kind: "returned", request: { body: 42 } });
});

test.each([
  "return this.constructor.constructor('return process')();",
  "return (async () => {}).constructor('return 1')();",
  "return (function* () {}).constructor('yield 1')();",
  "return Function('return 1')();",
  "return new Function('return 1')();",
  "return eval('1');",
  "return (0, eval)('1');",
  "return import('node:fs');",
  "return require('node:fs');",
  "return process.env;",
  "return fetch('http://127.0.0.1');",
  "Atomics.wait(new Int32Array(new SharedArrayBuffer(8)), 0, 0);",
  "return new SharedArrayBuffer(8);",
  "return WebAssembly.compile(new Uint8Array(8));",
  "setTimeout(() => {}, 1);",
])("there is no way out: %s", async (code) => {
  expect(await run("tm_evil", code)).toMatchObject({ kind: "failed", error: { kind: "threw" } });
});

/** Something callable, or something that came from outside the code. */
const CALLABLE = [
  "(() => {})", "(async () => {})", "(function* () {})", "(async function* () {})", "(class {})", "Math.max", "console.log",
  "request.toString", "request.headers.toString", "context.constructor", "addHandler", "Error.captureStackTrace", "JSON.parse",
  "Object.getOwnPropertyDescriptor(Map.prototype, 'size').get", "(() => {}).bind(null)", "new Proxy(() => {}, {})",
  "Promise.prototype.then", "[].map", "structuredClone", "URL", "URLSearchParams", "TextEncoder", "atob", "crypto.randomUUID",
  "(() => { try { (function f() { f(); })(); } catch (error) { return error.toString; } })()", "Reflect.construct",
  "(() => { try { null.x; } catch (error) { return error.constructor; } })()", "globalThis.constructor", "Symbol", "Intl.Collator",
]; // biome-ignore format: a list
const TO_CONSTRUCTOR = [
  "(it).constructor", "(it)['constr' + 'uctor']", "Reflect.get(it, 'constructor')", "Object.getPrototypeOf(it).constructor",
  "(it).__proto__.constructor", "Reflect.getPrototypeOf(it).constructor", "(it).constructor.constructor",
  "Object.getOwnPropertyDescriptor(Object.getPrototypeOf(it), 'constructor').value", "(it).call.constructor",
]; // biome-ignore format: a list
const WANTED = [
  "process",
  "globalThis.process",
  "require",
  "globalThis.require",
  "import('node:fs')",
  "this.process.env",
  "fetch",
];

test("no function leads to a constructor of functions, however it is reached", async () => {
  const attack = fc.record({
    it: fc.constantFrom(...CALLABLE),
    way: fc.constantFrom(...TO_CONSTRUCTOR),
    wanted: fc.constantFrom(...WANTED),
    isInHandler: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(attack, async ({ it, way, wanted, isInHandler }) => {
      const steal = `const it = ${it}; const make = ${way}; const got = make("return ${wanted}")(); request.body = { stolen: String(got) }; return request;`;
      const code = isInHandler ? `addHandler("transform", (request, context) => { ${steal} });` : steal;
      const result = await run("tm_evil", code);
      expect(result, code).toMatchObject({ kind: "failed", error: { kind: "threw" } });
    }),
    cases(120),
  );
  expect(await wellBehaved()).toMatchObject({ kind: "returned", request: { body: 42 } });
});

test("replacing every built-in spoils nothing but the run itself", async () => {
  const code = `
    for (const target of [Array, Object, String, JSON, Promise, Number, Function].flatMap((c) => [c, c.prototype ?? {}])) {
      for (const key of Object.getOwnPropertyNames(target)) { try { target[key] = () => { throw 1; }; } catch {} }
    }
    throw new Error("done");`;
  await run("tm_evil", code);
  const next = await run("tm_evil", "request.body = [1, 2].map(String).join(); return request;");
  expect(next).toMatchObject({ kind: "returned", request: { body: "1,2" } });
});

test("hostile code cannot hold up a check", async () => {
  const code = `${"(".repeat(130_000)}1${")".repeat(130_000)}`;
  expect(await sandbox.check({ teamId: "tm_evil", code })).toMatchObject({ kind: "syntax_error" });
  expect(await wellBehaved()).toMatchObject({ kind: "returned" });
});
