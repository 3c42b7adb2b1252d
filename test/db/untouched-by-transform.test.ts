import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Rules } from "#server/contracts/rule.ts";
import { parseJson } from "#server/json/parse.ts";
import { getEvent } from "#server/resources/events.ts";
import { createTransformation } from "#server/resources/transformations.ts";
import { makeBranch } from "#test/support/branch.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

const ID = "8202522731445525542";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

let made = 0;

/** A branch with a transform of this code, and what its receiver gets. */
async function transformed(code: string, more: string[] = []) {
  const receiver = await startReceiver();
  const { id } = await createTransformation(world.ctx, { name: `untouched-${++made}`, code });
  const rules = Rules.parse([{ type: "transform", transformation_id: id }, ...more.map((rule) => parseJson(rule))]);
  const branch = await makeBranch(world, { to: { url: receiver.url }, rules });
  return {
    branch,
    async deliver(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}, rest = "") {
      const { length } = receiver.receipts;
      expect((await branch.post(body, headers, rest)).status).toBe(200);
      const receipt = (await receiver.received(length + 1)).at(-1);
      if (!receipt) throw new Error("Nothing was delivered.");
      return receipt;
    },
    async step() {
      const events = await eventually(
        () => world.events(branch.id),
        (rows) => rows.length > 0 && rows.every(({ status }) => status === "DELIVERED"),
      );
      const { why } = await getEvent(world.ctx, { id: events.at(-1)?.id ?? "" });
      return why.find(({ step }) => step === "transform");
    },
    [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose](),
  };
}

test("members that the code leaves alone keep their very text", async () => {
  await using wired = await transformed('request.body.note = "x"; return request;');
  const { body } = await wired.deliver(`{"id":${ID},"amount":10.00,"f":1E5,"10":1.0,"2":{"a":1.0,"a":2}}`);
  expect(String(body)).toBe(`{"id":${ID},"amount":10.00,"f":1E5,"10":1.0,"2":{"a":1.0,"a":2},"note":"x"}`);
  const told = await wired.step();
  expect(told).toMatchObject({ outcome: "changed", changes: [{ path: "body.note", after: "x" }] });
  expect(told).not.toHaveProperty("notes");
});

test("a doubled key that the code changes stands once, and the trace says so", async () => {
  await using wired = await transformed("request.body.a = 3; return request;");
  expect(String((await wired.deliver('{"a":1,"a":2,"b":1.0}')).body)).toBe('{"a":3,"b":1.0}');
  expect(await wired.step()).toMatchObject({
    notes: ["body.a stood more than once and was changed: it stands once now."],
  });
});

test("a number that no double holds is moved with its digits, seen by the filter behind, and shown in the trace", async () => {
  const code =
    "request.body = { moved: request.body.id, list: [request.body.id] }; console.log(request.body); return request;";
  await using wired = await transformed(code, [`{"type":"filter","body":{"moved":${ID}}}`]);
  expect(String((await wired.deliver(`{"id":${ID}}`)).body)).toBe(`{"moved":${ID},"list":[${ID}]}`);
  const told = JSON.stringify(await wired.step());
  expect(told).toContain(`{"path":"body.id","before":${ID}},{"path":"body.moved","after":${ID}}`);
  expect(told).toContain(`"text":"{\\"moved\\":${ID},\\"list\\":[${ID}]}"`);
});

test("a number that no double holds and the code calculates with ends in an error that says so", async () => {
  await using wired = await transformed("request.body.next = request.body.id + 1; return request;");
  await wired.branch.post(`{"id":${ID}}`);
  const [ignored] = await eventually(
    () => world.ignored(wired.branch.id),
    (rows) => rows.length === 1,
  );
  expect(ignored).toMatchObject({
    cause: "TRANSFORMATION_FAILED",
    detail: expect.stringContaining(`request.body.id is ${ID}, which a JavaScript number cannot hold.`),
  });
});

test("the bytes go as they came, compressed or not, where the body is equal", async () => {
  await using wired = await transformed(
    'request.body = JSON.parse(JSON.stringify(request.body)); request.headers["x-added"] = "y"; return request;',
  );
  const text = `{ "b": ${ID}, "a": 1.0,\n"10": [1E2] }`;
  for (const [body, headers] of [
    [Buffer.from(text), {}],
    [gzipSync(text), { "content-encoding": "gzip" }],
  ] as const) {
    const receipt = await wired.deliver(new Uint8Array(body), headers);
    expect(receipt.body.equals(body)).toBe(true);
    expect(receipt.headers).toMatchObject({ "x-added": "y", ...headers });
  }
});

test.each(["?name=caf%E9&x=1", "?sig=a%2Fb%20c~d&flag&e=", "?a=1&b=2&a=3", "?u=https://h/?z=1"])(
  "the query %s goes as it came when only the body is changed",
  async (query) => {
    await using wired = await transformed('request.body.note = "x"; return request;');
    expect((await wired.deliver('{"k":1}', {}, query)).url).toBe(`/hook${query}`);
  },
);

test("pairs of a changed query that are the same keep their spelling", async () => {
  await using wired = await transformed("request.query.page = '2'; return request;");
  expect((await wired.deliver("{}", {}, "?sig=a%2Fb%20c~d&page=1&flag")).url).toBe("/hook?sig=a%2Fb%20c~d&page=2&flag");
});
