import { afterAll, describe, expect, test } from "vitest";
import { parseJson } from "#server/json/parse.ts";
import { makeSandbox } from "#server/sandbox/pool.ts";

const sandbox = makeSandbox({ timeoutMs: 3_000 });
afterAll(() => sandbox.close());

const ID = "8202522731445525542";

/** Runs code on a body that is given as JSON text. */
async function run(code: string, body = `{"id":${ID},"n":{"list":[1e400,1]},"plain":9007199254740992}`) {
  const request = { headers: {}, query: {}, path: "/", method: "POST", body: parseJson(body) };
  return sandbox.run({ teamId: "tm_a", code: `${code}\nreturn request;`, env: {}, request });
}

/** What the code left in `request.body`, as JSON text. */
async function bodyOf(code: string, body?: string): Promise<string> {
  const result = await run(code, body);
  if (result.kind === "failed") throw new Error(result.error.message);
  return JSON.stringify(result.request.body);
}

async function messageOf(code: string, body?: string): Promise<string> {
  const result = await run(code, body);
  return result.kind === "failed" ? result.error.message : `returned ${JSON.stringify(result.request.body)}`;
}

describe("in a transform a number that no double holds keeps its digits", () => {
  test.each([
    [
      "left alone",
      "request.body.note = 'x'",
      `{"id":${ID},"n":{"list":[1e400,1]},"plain":9007199254740992,"note":"x"}`,
    ],
    [
      "moved",
      "request.body = { moved: request.body.id, all: request.body.n }",
      `{"moved":${ID},"all":{"list":[1e400,1]}}`,
    ],
    ["spread", "request.body = { ...request.body.n, id: request.body.id }", `{"list":[1e400,1],"id":${ID}}`],
    [
      "mapped, filtered and spread in lists",
      "request.body = [...request.body.n.list].map((n) => ({ n })).filter(Boolean)",
      '[{"n":1e400},{"n":1}]',
    ],
    ["copied through JSON", "request.body = JSON.parse(JSON.stringify(request.body)).id", ID],
    [
      "written as JSON text",
      "request.body = JSON.stringify({ id: request.body.id }, null, 1)",
      JSON.stringify(`{\n "id": ${ID}\n}`),
    ],
    [
      "written with a list of keys",
      "request.body = JSON.stringify(request.body, ['id'])",
      JSON.stringify(`{"id":${ID}}`),
    ],
    [
      "seen by a replacer",
      "request.body = JSON.stringify(request.body, function (key, value) { return key === 'n' ? String(this.id) : value })",
      JSON.stringify(`{"id":${ID},"n":"${ID}","plain":9007199254740992}`),
    ],
    [
      "given by toJSON",
      "const { id } = request.body; request.body = JSON.stringify([{ toJSON: () => id }])",
      JSON.stringify(`[${ID}]`),
    ],
    [
      "read from a text",
      "request.body = JSON.parse('[8202522731445525543, 1.5, \"8202522731445525543\"]')",
      '[8202522731445525543,1.5,"8202522731445525543"]',
    ],
    [
      "read by a reviver",
      "request.body = JSON.parse('{\"a\":[8202522731445525543,1],\"b\":2}', (key, value) => key === 'b' ? undefined : value)",
      '{"a":[8202522731445525543,1]}',
    ],
    ["in a template", `request.body = \`id \${request.body.id}\``, `"id ${ID}"`],
    ["joined", "request.body = [request.body.id, 1].join('-')", `"${ID}-1"`],
    ["as a BigInt of its text", "request.body = String(BigInt(String(request.body.id)) + 1n)", '"8202522731445525543"'],
    ["awaited", "request.body = await request.body.id", ID],
    ["as a key", "request.body = { [request.body.id]: 1 }", `{"${ID}":1}`],
  ])("%s", async (_name, code, expected) => {
    expect(await bodyOf(code)).toBe(expected);
  });

  test("equal to itself wherever it stands", async () => {
    const code =
      "const { a, b, c } = request.body; request.body = [a === b[0], b.includes(a), new Set([a, b[0]]).size, a === c, a == null]";
    expect(await bodyOf(code, `{"a":${ID},"b":[${ID}],"c":8202522731445525543}`)).toBe("[true,true,1,false,false]");
  });

  test("in the console", async () => {
    const result = await run("console.log(request.body.id, { id: request.body.id }, request.body.n.list)");
    expect(result.console).toEqual([{ level: "log", text: `${ID} {"id":${ID}} [1e400,1]` }]);
  });

  test("a sender's strings are never taken for numbers", async () => {
    const text = `{"id":${ID},"s":"number-1-2-3-4:5","${ID}":"${ID}","__proto__":${ID}}`;
    expect(await bodyOf("request.body.s += '!'", text)).toBe(text.replace(":5", ":5!").replace(`{"id"`, `{"id"`));
  });
});

describe("in a transform a number that no double holds is refused with a sentence", () => {
  test.each([
    "request.body.id + 1",
    "'' + request.body.id",
    "request.body.id * 2",
    "-request.body.id",
    "request.body.id > 5",
    "request.body.id == 8202522731445525542",
    "Number(request.body.id)",
    "BigInt(request.body.id)",
    "Math.max(request.body.id)",
    "parseInt(request.body.id)",
    "Number.parseFloat(request.body.id)",
    "request.body.id.toFixed(2)",
    "request.body.id.valueOf()",
    "isNaN(request.body.id)",
    "new Date(request.body.id)",
    "({ ...request.body.id })",
    "Object.keys(request.body.id)",
    "Object.assign({}, request.body.id)",
    "(() => { for (const key in request.body.id) console.log(key); })()",
    "request.body.id.x = 1",
    "[3, request.body.id].sort((a, b) => a - b)",
  ])("%s", async (expression) => {
    expect(await messageOf(`request.body.out = ${expression}`)).toBe(
      `TypeError: request.body.id is ${ID}, which a JavaScript number cannot hold. Pass it on as it is, or use String(request.body.id) for its digits.`,
    );
  });

  test("that names its place and is bounded", async () => {
    expect(await messageOf("request.body['a b'].list[1] + 1", `{"a b":{"list":[0,${ID}]}}`)).toContain(
      `request.body["a b"].list[1] is ${ID}`,
    );
    const long = await messageOf("request.body[0] + 1", `[${"9".repeat(5000)}]`);
    expect(long).toContain(`request.body[0] is ${"9".repeat(60)}…, which`);
  });
});

test("a double that was written with 17 digits can be calculated with, and keeps its digits where it is moved", async () => {
  const code = `const { a, b } = request.body;
request.body = { sum: a * 3 + b, more: a > 0.05, fixed: a.toFixed(2), moved: a, text: String(a), whole: [-b] };`;
  expect(await bodyOf(code, '{"a":0.10000000000000001,"b":1.2300000000000000E+1}')).toBe(
    '{"sum":12.600000000000001,"more":true,"fixed":"0.10","moved":0.10000000000000001,"text":"0.10000000000000001","whole":[-12.3]}',
  );
  for (const number of ["12345678901234567", "0.100000000000000012", "90071992547409930e-1", "1e400", "5e-400"]) {
    expect(await messageOf("request.body[0] * 2", `[${number}]`)).toContain(`request.body[0] is ${number}, which`);
  }
});

test("ordinary numbers stay ordinary", async () => {
  const code = "request.body = [typeof request.body.a, request.body.a + 1, request.body.b * 2, request.body.c]";
  expect(await bodyOf(code, '{"a":10.00,"b":1E5,"c":9007199254740992,"d":1e400}')).toBe(
    '["number",11,200000,9007199254740992]',
  );
});

test("what a transform does to its built-ins can spoil its own numbers only", async () => {
  expect(
    await messageOf(
      "WeakMap.prototype.get = () => 'x'; Map.prototype.get = () => 1; String.prototype.slice = () => 'y'; request.body.note = 1",
      `{"id":${ID}}`,
    ),
  ).toBe(`returned {"id":${ID},"note":1}`);
  const forged = await messageOf(
    "let tag; const id = request.body.id; JSON.stringify({ toJSON() { tag = id.toJSON().slice(0, -19); } }); request.body = tag + 'x]'",
    `{"id":${ID}}`,
  );
  expect(forged).toMatch(/^(It returned|Return the request|returned "number)/);
  expect(await bodyOf("request.body.note = 1", `{"id":${ID}}`)).toBe(`{"id":${ID},"note":1}`);
});
