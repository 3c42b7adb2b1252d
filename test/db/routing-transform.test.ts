import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTransformation } from "#server/resources/transformations.ts";
import { type Branch, makeBranch } from "#test/support/branch.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

let made = 0;
async function transform(code: string) {
  const { id } = await createTransformation(world.ctx, { name: `transform-${++made}`, code });
  return { type: "transform", transformation_id: id } as const;
}
const firstIgnored = async (branch: Branch) =>
  (
    await eventually(
      () => world.ignored(branch.id),
      (rows) => rows.length === 1,
    )
  )[0];
const firstEvent = async (branch: Branch) =>
  (
    await eventually(
      () => world.events(branch.id),
      ([row]) => row?.status === "DELIVERED",
    )
  )[0];

describe("a transform", () => {
  test("reads UTF-8 headers as text, and what it leaves alone goes out with the bytes that came", async () => {
    await using receiver = await startReceiver();
    const rule = await transform(`
      request.headers["x-length"] = String([...request.headers["x-city"]].length);
      return request;`);
    const branch = await makeBranch(world, {
      to: { url: receiver.url },
      rules: [rule, { type: "filter", headers: { "x-city": "Zürich €" } }],
    });
    const bytes = Buffer.from("Zürich €").toString("latin1");
    await branch.send({ id: "e-1" }, { "X-City": bytes });
    const [receipt] = await receiver.received(1);
    expect(receipt?.headers).toMatchObject({ "x-city": bytes, "x-length": "8" });
  });

  test("as a bare body changes what is delivered: body, headers, path, query and method", async () => {
    await using receiver = await startReceiver();
    const rule = await transform(`
      console.log("seen", request.body.id);
      request.body = { provider: "acme", event_id: request.body.id };
      request.headers["x-added"] = "yes";
      delete request.headers["x-dropped"];
      request.path = "/normalised/" + request.query.kind;
      request.query = { a: ["1", "2"], b: "ü" };
      request.method = "PUT";
      return request;`);
    const branch = await makeBranch(world, { to: { url: receiver.url }, rules: [rule] });
    await branch.send({ id: "e-1" }, { "X-Kept": "kept", "x-dropped": "x" }, "/orig?kind=order");
    const [receipt] = await receiver.received(1);
    expect(receipt).toMatchObject({
      method: "PUT",
      url: "/hook/normalised/order?a=1&a=2&b=%C3%BC",
      headers: { "content-type": "application/json", "x-added": "yes", "x-kept": "kept" },
    });
    expect(receipt?.headers).not.toHaveProperty("x-dropped");
    expect(JSON.parse(String(receipt?.body))).toEqual({ provider: "acme", event_id: "e-1" });
    expect((await firstEvent(branch)) as unknown).toMatchObject({
      why: [
        { step: "connection" },
        {
          step: "transform",
          outcome: "changed",
          version: 1,
          console: [{ level: "log", text: "seen e-1" }],
          changes: expect.arrayContaining([{ path: "method", before: "POST", after: "PUT" }]),
        },
        { step: "queue", outcome: "queued" },
      ],
    });
  });

  test("as a handler does the same, and a form becomes the JSON that its header then says", async () => {
    await using receiver = await startReceiver();
    const rule = await transform(
      `addHandler("transform", (request, context) => ({ ...request, body: { ...request.body, seen: true } }));`,
    );
    const branch = await makeBranch(world, { to: { url: receiver.url }, rules: [rule] });
    await branch.post("a=1&b=x+y", { "content-type": "application/x-www-form-urlencoded" });
    const [receipt] = await receiver.received(1);
    expect(receipt?.headers["content-type"]).toBe("application/json");
    expect(JSON.parse(String(receipt?.body))).toEqual({ a: "1", b: "x y", seen: true });
  });

  test("that changes only a header leaves the body's bytes alone, large numbers and binary too", async () => {
    await using receiver = await startReceiver();
    const rule = await transform(`request.headers["x-added"] = "yes"; return request;`);
    const branch = await makeBranch(world, { to: { url: receiver.url }, rules: [rule] });
    const bodies = [
      Buffer.from('{ "id": 12345678901234567890,\n "n": 1.0 }'),
      Buffer.from(randomBytes(40_000)),
      Buffer.from(randomBytes(100)),
    ];
    for (const [index, body] of bodies.entries()) {
      await branch.post(body);
      const receipt = (await receiver.received(index + 1)).at(-1);
      expect(receipt?.headers["x-added"]).toBe("yes");
      expect(receipt?.body.equals(body)).toBe(true);
    }
  });

  test("that makes a large body delivers all of it", async () => {
    await using receiver = await startReceiver();
    const rule = await transform(`request.body = "é".repeat(50000); return request;`);
    const branch = await makeBranch(world, { to: { url: receiver.url }, rules: [rule] });
    await branch.send({});
    const [receipt] = await receiver.received(1);
    expect(String(receipt?.body)).toBe("é".repeat(50_000));
  });

  const failures: [string, string, RegExp][] = [
    [
      "throws",
      `console.warn("about to"); throw new Error("no such order");`,
      /threw an error in line 1: .*no such order/,
    ],
    ["returns nothing", `request.body = 1;`, /returned nothing/],
    ["never ends", `while (true) {}`, /ran too long/],
    ["returns no request", `return 7;`, /returned something that is no request/],
  ];
  test.each(failures)("that %s ignores the event and never passes it through", async (_name, code, detail) => {
    await using receiver = await startReceiver();
    const branch = await makeBranch(world, { to: { url: receiver.url }, rules: [await transform(code)] });
    await branch.send({ id: 1 });
    const ignored = await firstIgnored(branch);
    expect(ignored).toMatchObject({
      cause: "TRANSFORMATION_FAILED",
      detail: expect.stringMatching(detail),
      why: [{ step: "connection" }, { step: "transform", outcome: "failed", error: { kind: expect.any(String) } }],
    });
    if (code.includes("console"))
      expect(ignored?.why[1]).toMatchObject({ console: [{ level: "warn", text: "about to" }] });
    expect(await world.events(branch.id)).toEqual([]);
    expect(receiver.receipts).toEqual([]);
  });
});

describe("all five rules", () => {
  test("run in their one order, whatever order they were sent in", async () => {
    await using receiver = await startReceiver((_, index) => ({ status: index === 0 ? 503 : 200 }));
    const rule = await transform(`request.body = { kind: request.body.type, id: request.body.id }; return request;`);
    const branch = await makeBranch(world, {
      to: { url: receiver.url },
      rules: [
        { type: "retry", strategy: "linear", interval: 1_000, count: 1 },
        { type: "delay", delay: 200 },
        { type: "filter", body: { kind: "invoice.paid" } },
        rule,
        { type: "deduplicate", window: 60_000, include_fields: ["body.id"] },
      ],
    });
    await branch.send({ type: "invoice.paid", id: 1 });
    await eventually(
      () => world.events(branch.id),
      (rows) => rows.length === 1,
    );
    await branch.send({ type: "invoice.paid", id: 1 });
    await branch.send({ type: "invoice.void", id: 2 });
    const event = await firstEvent(branch);
    expect(event as unknown).toMatchObject({
      attempts: 2,
      why: [
        { step: "connection" },
        { step: "deduplicate", outcome: "first" },
        { step: "transform", outcome: "changed" },
        { step: "filter", outcome: "passed" },
        { step: "delay", outcome: "scheduled" },
      ],
    });
    expect(await world.attempts(event?.id ?? "")).toMatchObject([
      { trigger: "INITIAL", error_code: "BAD_RESPONSE" },
      { trigger: "AUTOMATIC", error_code: null },
    ]);
    const ignored = await eventually(
      () => world.ignored(branch.id),
      (rows) => rows.length === 2,
    );
    expect(ignored.map(({ cause }) => cause).sort()).toEqual(["DEDUPLICATED", "FILTERED"]);
    expect(receiver.receipts).toHaveLength(2);
    expect(JSON.parse(String(receiver.receipts[0]?.body))).toEqual({ kind: "invoice.paid", id: 1 });
  });

  test("a filter on a field that the transform dropped says exactly that", async () => {
    const rule = await transform(`request.body = {
      provider: "stripe",
      event_id: request.body.id,
      event_type: request.body.type,
      object_id: request.body.data?.object?.id,
      received_at: request.created_at,
      data: request.body.data?.object ?? request.body
    };
    return request;`);
    const branch = await makeBranch(world, { rules: [{ type: "filter", body: { type: "invoice.paid" } }, rule] });
    await branch.send({ id: "evt_1", type: "invoice.paid", data: { object: { id: "in_1" } } });
    const ignored = await firstIgnored(branch);
    const hint = `the transform ${rule.transformation_id} removed body.type, which was "invoice.paid" before it: filters see the transformed request`;
    expect(ignored).toMatchObject({ cause: "FILTERED", detail: expect.stringContaining(hint) });
    expect(ignored?.why.at(-1)).toMatchObject({
      step: "filter",
      outcome: "failed",
      mismatch: { path: "body.type", expected: "invoice.paid" },
      hint,
    });
  });
});
