// What the pages of one event and one request are made of.
import { createHmac } from "node:crypto";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Ctx } from "#server/auth/ctx.ts";
import { ReadBodyText } from "#server/contracts/body-text.ts";
import { newId } from "#server/ids.ts";
import { getEvent, getEventBodyText, retryEvent } from "#server/resources/events.ts";
import { getFailureDiff } from "#server/resources/failure-diff.ts";
import { listRequestBranches } from "#server/resources/request-branches.ts";
import { getRequestVerification } from "#server/resources/request-verification.ts";
import { getRequest, getRequestBodyText } from "#server/resources/requests.ts";
import { updateSource } from "#server/resources/sources.ts";
import { type Branch, makeBranch } from "#test/support/branch.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.[Symbol.asyncDispose]());

const stranger = (): Ctx => ({ ...world.ctx, teamId: newId("team") });
const read = (id: string, max_bytes?: number) => ReadBodyText.parse({ id, max_bytes });
const ended = (branch: Branch, count: number) =>
  eventually(
    () => world.events(branch.id),
    (events) => events.length === count && events.every(({ status }) => ["DELIVERED", "FAILED"].includes(status)),
  );
const NO_RETRY = [{ type: "retry" as const, strategy: "linear" as const, interval: 1000, count: 0 }];

describe("a body for a reader", () => {
  test("keeps every digit, doubled key and space of JSON, also behind a content encoding", async () => {
    const branch = await makeBranch(world, {});
    const text = '{ "n": 12345678901234567890.10, "n": 1e400, "s": "\\u202e" }';
    const plain = await (await branch.post(text)).json();
    expect(await getRequestBodyText(world.ctx, read(plain.request_id))).toEqual({
      content_type: "application/json",
      body_bytes: text.length,
      kind: "text",
      text,
    });
    const packed = new Uint8Array(gzipSync(text));
    const answer = await branch.post(packed, { "content-encoding": "gzip" });
    const body = await getRequestBodyText(world.ctx, read((await answer.json()).request_id));
    expect(body).toMatchObject({ kind: "text", text, body_bytes: packed.length });
  });

  test("is a form's fields, and no text where it is binary, empty or larger than was asked for", async () => {
    const branch = await makeBranch(world, {});
    const kindOf = async (body: string | Uint8Array<ArrayBuffer>, type: string, maxBytes?: number) => {
      const { request_id } = await (await branch.post(body, { "content-type": type })).json();
      const { kind, text } = await getRequestBodyText(world.ctx, read(request_id, maxBytes));
      return { kind, text };
    };
    expect(await kindOf("a=1&a=2", "application/x-www-form-urlencoded")).toEqual({
      kind: "form",
      text: '{"a":["1","2"]}',
    });
    expect(await kindOf(new Uint8Array([0, 255]), "application/json")).toEqual({ kind: "binary", text: null });
    expect(await kindOf("", "text/plain")).toEqual({ kind: "empty", text: null });
    expect(await kindOf("x".repeat(11), "text/plain", 10)).toEqual({ kind: "too_large", text: null });
  });

  test("of an event is what is delivered; the event without its body has the size all the same", async () => {
    await using receiver = await startReceiver();
    const branch = await makeBranch(world, { to: { url: receiver.url } });
    const requestId = await branch.send({ big: "x".repeat(1000) });
    const [event] = await ended(branch, 1);
    const id = event?.id ?? "";
    const detail = await getEvent(world.ctx, { id, with_body: false });
    expect(detail).toMatchObject({ body: null, body_bytes: 1010, content_type: "application/json" });
    expect((await getEventBodyText(world.ctx, read(id))).text).toHaveLength(1010);
    expect(await getEventBodyText(world.ctx, read(id, 100))).toMatchObject({ kind: "too_large", body_bytes: 1010 });
    expect(await getRequest(world.ctx, { id: requestId, with_body: false })).toMatchObject({
      body: null,
      body_bytes: 1010,
    });
    await expect(getEventBodyText(stranger(), read(id))).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(getRequestBodyText(stranger(), read(requestId))).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("an event", () => {
  test("names the ends of its branch, and tells of each attempt its id and phases", async () => {
    await using receiver = await startReceiver();
    const branch = await makeBranch(world, { to: { url: receiver.url } });
    await branch.send({});
    const [row] = await ended(branch, 1);
    const detail = await getEvent(world.ctx, { id: row?.id ?? "" });
    const [attempt] = await world.attempts(detail.id);
    expect(detail).toMatchObject({
      source_type: "WEBHOOK",
      connection_name: expect.stringMatching(/^connection-/),
      destination_name: expect.stringMatching(/^destination-/),
    });
    expect(detail.source_name).toMatch(/^source-/);
    expect(detail.why.find(({ step }) => step === "attempt")).toMatchObject({
      attempt_id: attempt?.id,
      phases: { dns_ms: expect.any(Number), wait_ms: expect.any(Number) },
    });
  });
});

test("the branches of a request are its events and what ignored it, by name, for its own team only", async () => {
  await using receiver = await startReceiver();
  const branch = await makeBranch(world, { to: { url: receiver.url } });
  const filtered = await makeBranch(world, {
    from: branch,
    into: branch.destinationId,
    rules: [{ type: "filter", body: { kind: "invoice" } }],
  });
  const id = await branch.send({ kind: "order" });
  await ended(branch, 1);
  const { data, is_cut } = await listRequestBranches(world.ctx, { id });
  expect(is_cut).toBe(false);
  expect(data).toMatchObject([
    { connection_id: branch.id, connection_name: expect.any(String), event: { status: "DELIVERED" }, ignored: null },
    { connection_id: filtered.id, event: null, ignored: { cause: "FILTERED" } },
  ]);
  expect(data[1]?.ignored?.why.find(({ step }) => step === "filter")).toMatchObject({
    mismatch: { path: "body.kind", expected: "invoice", actual: "order" },
  });
  await expect(listRequestBranches(stranger(), { id })).rejects.toMatchObject({ code: "NOT_FOUND" });
});

describe("the failure diff of an event", () => {
  test("is the last delivery to its destination and the first failure after it, whichever event that was", async () => {
    let status = 200;
    await using receiver = await startReceiver(() => ({ status }));
    const branch = await makeBranch(world, { to: { url: receiver.url }, rules: NO_RETRY });
    const other = await makeBranch(world, { to: { url: receiver.url }, rules: NO_RETRY });
    for (const [index, answer] of [500, 200, 200, 503, 502].entries()) {
      status = answer;
      await branch.send({ index });
      await ended(branch, index + 1);
    }
    status = 200;
    await other.send({});
    await ended(other, 1);
    const events = await world.events(branch.id);
    const ids = events.map(({ id }) => id);
    const diff = await getFailureDiff(world.ctx, { id: ids[4] ?? "" });
    expect(diff.good).toMatchObject({ event_id: ids[2], response_status: 200, destination_id: branch.destinationId });
    expect(diff.bad).toMatchObject({ event_id: ids[3], response_status: 503 });
    expect(diff.good?.phases).toMatchObject({ wait_ms: expect.any(Number) });

    expect(await getFailureDiff(world.ctx, { id: ids[0] ?? "" })).toMatchObject({
      good: null,
      bad: { event_id: ids[0], response_status: 500 },
    });
    expect(await getFailureDiff(world.ctx, { id: ids[1] ?? "" })).toEqual({ good: null, bad: null });
    await expect(getFailureDiff(stranger(), { id: ids[4] ?? "" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("still shows the failure of an event that was delivered later", async () => {
    let status = 500;
    await using receiver = await startReceiver(() => ({ status }));
    const branch = await makeBranch(world, { to: { url: receiver.url }, rules: NO_RETRY });
    await branch.send({});
    const [event] = await ended(branch, 1);
    const id = event?.id ?? "";
    status = 200;
    await retryEvent(world.ctx, { id });
    await eventually(
      () => getEvent(world.ctx, { id }),
      (detail) => detail.status === "DELIVERED",
    );
    expect(await getFailureDiff(world.ctx, { id })).toMatchObject({ good: null, bad: { response_status: 500 } });
  });
});

describe("the verdict on a request's sender", () => {
  const SECRET = "a secret of the sender";
  const sign = (text: string) => createHmac("sha256", SECRET).update(text).digest("hex");
  const checksOf = async (branch: Branch, body: string, headers: Record<string, string>) => {
    const answer = await branch.post(body, headers);
    await answer.text();
    const requests = await eventually(
      () => world.requests(branch.sourceId),
      (rows) => rows.some((row) => Buffer.from(row.body as Uint8Array).toString() === body),
    );
    const id = String(requests.find((row) => Buffer.from(row.body as Uint8Array).toString() === body)?.id);
    const { checks, conclusion } = await getRequestVerification(world.ctx, { id });
    return { checks: checks.map(({ check, outcome }) => `${check} ${outcome}`), conclusion, details: checks };
  };

  test("is a checklist that ends at what failed, with what that makes likely", async () => {
    const auth = { secret: SECRET, signature_header: "x-sig" };
    const branch = await makeBranch(world, { source: { config: { auth_type: "HMAC", auth } } });
    expect(await checksOf(branch, "1", { "x-sig": sign("1") })).toMatchObject({
      checks: ["header passed", "length passed", "value passed"],
      conclusion: null,
    });
    expect(await checksOf(branch, "2", {})).toMatchObject({
      checks: ["header failed", "length not_reached", "value not_reached"],
      conclusion: expect.stringContaining("not signed"),
    });
    expect(await checksOf(branch, "3", { "x-sig": "abc" })).toMatchObject({
      checks: ["header passed", "length failed", "value not_reached"],
      conclusion: expect.stringContaining("not of this kind"),
    });
    const wrong = await checksOf(branch, "4", { "x-sig": sign("other") });
    expect(wrong).toMatchObject({
      checks: ["header passed", "length passed", "value failed"],
      conclusion: expect.stringContaining("another one than the sender's"),
    });
    expect(JSON.stringify(wrong)).not.toContain(SECRET);
  });

  test("shows no signature that the source masks, and takes no mask for a wrong one", async () => {
    const auth = { secret: SECRET, signature_header: "x-sig" };
    const config = { auth_type: "HMAC" as const, auth, masked_paths: ["headers.x-sig"] };
    const branch = await makeBranch(world, { source: { config } });
    expect(await checksOf(branch, "1", { "x-sig": sign("1") })).toMatchObject({ checks: ["value passed"] });
    expect(await checksOf(branch, "2", { "x-sig": "abc" })).toEqual({ checks: [], conclusion: null, details: [] });
  });

  test("says how old a signature is that is right but late", async () => {
    const branch = await makeBranch(world, { source: { type: "STRIPE", config: { auth: { secret: SECRET } } } });
    const late = Math.floor(Date.now() / 1000) - 4000;
    const signature = `t=${late},v1=${sign(`${late}.{}`)}`;
    const { checks, details, conclusion } = await checksOf(branch, "{}", { "stripe-signature": signature });
    expect(checks).toEqual(["header passed", "time failed", "length passed", "value passed"]);
    expect(details[1]?.detail).toMatch(/400\d s old, not within 300 s/);
    expect(conclusion).toContain("the sender is real");
  });

  test("names what is known: a body that was written anew, the scheme of another, a secret that has ended", async () => {
    const branch = await makeBranch(world, { source: { type: "GITHUB", config: { auth: { secret: SECRET } } } });
    const hub = (body: string, secret = SECRET) => `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
    const rewritten = await checksOf(branch, '{"a":1}', {
      "x-hub-signature-256": hub('{ "a": 1 }'.replace("{ ", "{").replace(" }", "}")),
    });
    expect(rewritten.conclusion).toContain("it was parsed and written again");
    const other = await checksOf(branch, "5", { "stripe-signature": "t=1,v1=00" });
    expect(other.conclusion).toContain("set auth_type STRIPE");
    await updateSource(world.ctx, { id: branch.sourceId, config: { auth: { secret: "another-secret-now" } } });
    await world.config.upToDate();
    const ended = await checksOf(branch, "6", { "x-hub-signature-256": hub("6") });
    expect(ended.conclusion).toContain("the secret that this source had before and that is ended");
    expect(JSON.stringify([rewritten, other, ended])).not.toContain(SECRET);
  });

  test("has no check where the source asks for no proof, and is another team's to nobody", async () => {
    const branch = await makeBranch(world, {});
    const id = await branch.send({});
    expect(await getRequestVerification(world.ctx, { id })).toEqual({
      auth_type: "NONE",
      checks: [],
      conclusion: null,
    });
    await expect(getRequestVerification(stranger(), { id })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
