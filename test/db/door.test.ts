import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { disableSource, updateSource } from "#server/resources/sources.ts";
import { makeBranch, makeProducer } from "#test/support/branch.ts";
import { createWorld, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
});
afterAll(() => world[Symbol.asyncDispose]());

const rollup = async (sourceId: string) =>
  (
    await world.all<Record<string, number>>(
      `select coalesce(sum(accepted_count), 0)::int as accepted, coalesce(sum(rejected_count), 0)::int as rejected,
        coalesce(sum(duplicate_count), 0)::int as duplicates, coalesce(sum(signature_failure_count), 0)::int as signature_failures
       from rollup_minute where source_id = $1`,
      [sourceId],
    )
  )[0];

/** The requests of a source that were handed to routing, flush by flush. */
async function handedOff(sourceId: string): Promise<string[][]> {
  const rows = await world.all<{ requests: [string, string, string][] }>(
    "select requests from hand_off where requests::text like $1 order by id",
    [`%${sourceId}%`],
  );
  return rows.map(({ requests }) => requests.map(([, requestId]) => requestId));
}

describe("the checks, in their order", () => {
  test.each(["/e/0123456789abcdefghjkmnpqrs", "/e/short", "/e/", "/e//x", "/elsewhere"])(
    "an unknown URL (%s) is a 404 and leaves nothing",
    async (path) => {
      const before = await world.all("select count(*) from request");
      const answer = await fetch(world.doorUrl + path, { method: "POST", body: "{}" });
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ error: { code: "NOT_FOUND" } });
      expect(await world.all("select count(*) from request")).toEqual(before);
    },
  );

  test("a disabled source answers 403 before any other check, and keeps the evidence", async () => {
    const { post, url, sourceId } = await makeProducer(world);
    expect((await post("{}")).status).toBe(200);
    await disableSource(world.ctx, { id: sourceId });
    await world.config.upToDate();
    const answer = await post("{}");
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ error: { code: "SOURCE_DISABLED" } });
    expect((await fetch(url)).status).toBe(403);
    expect((await world.requests(sourceId)).map((row) => row.rejection_cause)).toEqual([
      "NO_CONNECTION",
      "SOURCE_DISABLED",
      "SOURCE_DISABLED",
    ]);
  });

  test("a method that is not allowed is a 405 that lists those that are", async () => {
    const { url, sourceId } = await makeProducer(world, { config: { allowed_http_methods: ["POST", "PUT"] } });
    const answer = await fetch(url, { method: "DELETE" });
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe("POST, PUT");
    expect((await fetch(url, { method: "HEAD" })).status).toBe(405);
    expect((await fetch(url, { method: "PUT", body: "x" })).status).toBe(200);
    expect(await world.requests(sourceId)).toMatchObject([
      { status: "rejected", rejection_cause: "METHOD_NOT_ALLOWED", method: "DELETE" },
      { status: "rejected", rejection_cause: "METHOD_NOT_ALLOWED", method: "HEAD" },
      { status: "accepted", method: "PUT" },
    ]);
  });

  test("a body over the limit is a 413, whether its length was declared or not, and one at the limit is taken", async () => {
    const { post, url, sourceId } = await makeProducer(world, { config: { body_limit_bytes: 1_000 } });
    expect((await post("x".repeat(1_000))).status).toBe(200);
    const declared = await post("x".repeat(1_001));
    expect(declared.status).toBe(413);
    expect(await declared.json()).toMatchObject({ error: { code: "PAYLOAD_TOO_LARGE" } });
    const chunked = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 3; i++) controller.enqueue(new Uint8Array(400));
        controller.close();
      },
    });
    const streamed = await fetch(url, { method: "POST", body: chunked, duplex: "half" } as RequestInit);
    expect(streamed.status).toBe(413);
    expect(await world.requests(sourceId)).toMatchObject([
      { status: "accepted", body_bytes: 1_000 },
      { rejection_cause: "PAYLOAD_TOO_LARGE", rejection_detail: expect.stringContaining("1001 bytes") },
      { rejection_cause: "PAYLOAD_TOO_LARGE", rejection_detail: expect.stringContaining("1200 bytes") },
    ]);
  });

  test("a content encoding that nobody can undo is a 415", async () => {
    const { post, sourceId } = await makeProducer(world);
    for (const encoding of ["zstd", "gzip, gzip, gzip"]) {
      expect((await post("x", { "content-encoding": encoding })).status).toBe(415);
    }
    expect((await post("x", { "content-encoding": "gzip, br" })).status).toBe(200);
    expect((await world.requests(sourceId)).map((row) => row.rejection_cause)).toEqual([
      "UNSUPPORTED_CONTENT_ENCODING",
      "UNSUPPORTED_CONTENT_ENCODING",
      "NO_CONNECTION",
    ]);
  });

  test("why a signature failed is kept for the owner and never told to the sender", async () => {
    const { post, sourceId } = await makeProducer(world, {
      config: { auth_type: "HMAC", auth: { secret: "s3cret-of-the-owner", signature_header: "x-signature" } },
    });
    const answers = [await post("{}"), await post("{}", { "x-signature": "deadbeef" })];
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      const text = await answer.text();
      expect(JSON.parse(text)).toEqual({
        error: { code: "VERIFICATION_FAILED", message: "The request could not be verified." },
      });
    }
    const rows = await world.requests(sourceId);
    expect(rows).toMatchObject([
      { status: "rejected", verified: false, rejection_cause: "VERIFICATION_FAILED" },
      { status: "rejected", verified: false, rejection_cause: "VERIFICATION_FAILED" },
    ]);
    for (const row of rows) {
      expect(row.rejection_detail).toContain("x-signature");
      expect(row.rejection_detail).not.toContain("s3cret");
    }
    expect(await handedOff(sourceId)).toEqual([]);
    expect(await rollup(sourceId)).toEqual({ accepted: 0, rejected: 2, duplicates: 0, signature_failures: 2 });
  });
});

describe("the answer", () => {
  test("an owner's own response is given as it is", async () => {
    const { post, sourceId } = await makeProducer(world, {
      config: { custom_response: { status: 202, content_type: "text/xml; charset=utf-8", body: "<ok>ü</ok>" } },
    });
    const answer = await post("{}");
    expect(answer.status).toBe(202);
    expect(answer.headers.get("content-type")).toBe("text/xml; charset=utf-8");
    expect(await answer.text()).toBe("<ok>ü</ok>");
    expect(await world.requests(sourceId)).toHaveLength(1);
    await updateSource(world.ctx, { id: sourceId, config: { custom_response: null } });
    await world.config.upToDate();
    expect(await (await post("{}")).json()).toMatchObject({ ok: true });
  });

  test("a source and a connection that were made a moment ago serve the very next request", async () => {
    for (let round = 0; round < 20; round++) {
      const branch = await makeBranch(world, {});
      const answer = await branch.post("{}");
      expect(answer.status, `round ${round}`).toBe(200);
    }
  });

  test("to what Postgres refuses is a 503 that asks to send again, and what came beside it is stored and counted once", async () => {
    const { post, sourceId } = await makeProducer(world);
    await world.all("alter table request add constraint refused check (path <> '/refused')");
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => post(`{"n":${n}}`, {}, n === 7 ? "/refused" : `/${n}`)),
    );
    await world.all("alter table request drop constraint refused");
    expect(answers.map(({ status }) => status)).toEqual(answers.map((_, n) => (n === 7 ? 503 : 200)));
    expect(answers[7]?.headers.get("retry-after")).toBe("2");
    expect(await answers[7]?.json()).toEqual({
      error: { code: "UNAVAILABLE", message: "The request was not stored. Send it again in a moment." },
    });
    const ids = (await world.requests(sourceId)).map(({ id }) => id);
    const told = await Promise.all(answers.filter(({ ok }) => ok).map((answer) => answer.json()));
    expect(ids.toSorted()).toEqual(told.map(({ request_id }) => request_id).toSorted());
    expect(await rollup(sourceId)).toMatchObject({ accepted: 19, rejected: 0 });
    expect((await handedOff(sourceId)).flat().toSorted()).toEqual(ids.toSorted());
  });
});

describe("a provider's duplicates", () => {
  const github = { type: "GITHUB", config: { auth_type: "NONE", auth: {} } } as const;
  const delivery = (id: string) => ({ "x-github-delivery": id, "x-github-event": "push" });

  test("the same provider event within 48 hours is answered 200 as a duplicate and handed to nothing", async () => {
    const { post, sourceId } = await makeProducer(world, github);
    const first = await (await post("{}", delivery("d-1"))).json();
    const second = await post("{}", delivery("d-1"));
    expect(second.status).toBe(200);
    expect(await second.json()).toMatchObject({ ok: true, duplicate: true });
    expect(first).not.toHaveProperty("duplicate");
    expect(await world.requests(sourceId)).toMatchObject([
      { id: first.request_id, duplicate_of: null, event_type: "push", provider_event_id: "d-1" },
      { status: "accepted", duplicate_of: first.request_id },
    ]);
    expect(await handedOff(sourceId)).toEqual([[first.request_id]]);
    expect(await rollup(sourceId)).toMatchObject({ accepted: 2, rejected: 0, duplicates: 1 });
  });

  test("after 48 hours the same id is a new event", async () => {
    const { post, sourceId } = await makeProducer(world, github);
    await post("{}", delivery("d-2"));
    const age =
      "update provider_event set created_at = created_at - interval '48 hours' + $2::interval where source_id = $1";
    await world.all(age, [sourceId, "5 seconds"]);
    expect(await (await post("{}", delivery("d-2"))).json()).toMatchObject({ duplicate: true });
    await world.all(age, [sourceId, "-10 seconds"]);
    await world.all("update provider_event set created_at = created_at - interval '10 seconds' where source_id = $1", [
      sourceId,
    ]);
    const again = await (await post("{}", delivery("d-2"))).json();
    expect(again).not.toHaveProperty("duplicate");
    expect(await (await post("{}", delivery("d-2"))).json()).toMatchObject({ duplicate: true });
    expect((await world.requests(sourceId)).at(-1)).toMatchObject({ duplicate_of: again.request_id });
  });

  test("of a hundred copies at once one is routed", async () => {
    const { post, sourceId } = await makeProducer(world, github);
    await Promise.all(Array.from({ length: 100 }, () => post("{}", delivery("d-3"))));
    const rows = await world.requests(sourceId);
    expect(rows).toHaveLength(100);
    const [first, ...others] = rows.filter((row) => row.duplicate_of === null);
    expect(others).toEqual([]);
    expect(rows.filter((row) => row.duplicate_of === first?.id)).toHaveLength(99);
    expect(await rollup(sourceId)).toMatchObject({ accepted: 100, duplicates: 99 });
  });

  test("a forged id suppresses no genuine event where nobody proves who he is", async () => {
    const { post, sourceId } = await makeProducer(world, github);
    await post('{"forged":true}', delivery("d-5"));
    expect(await (await post('{"genuine":true}', delivery("d-5"))).json()).not.toHaveProperty("duplicate");
    expect(await (await post('{"genuine":true}', delivery("d-5"))).json()).toMatchObject({ duplicate: true });
    expect((await handedOff(sourceId)).flat()).toHaveLength(2);
  });

  test("an id that the signature covers counts by itself; one in a header that it leaves out only with the body", async () => {
    const secret = "a-secret-of-the-owner";
    const hex = (body: string) => createHmac("sha256", secret).update(body).digest("hex");
    const hub = await makeProducer(world, { type: "GITHUB", config: { auth: { secret } } });
    const signed = (body: string, id: string) =>
      hub.post(body, { ...delivery(id), "x-hub-signature-256": `sha256=${hex(body)}` });
    await signed('{"captured":1}', "d-6");
    expect(await (await signed('{"captured":1}', "d-6")).json()).toMatchObject({ duplicate: true });
    // A captured body under the id of an event that is still to come.
    await signed('{"captured":1}', "d-7");
    expect(await (await signed('{"genuine":1}', "d-7")).json()).not.toHaveProperty("duplicate");

    const generic = await makeProducer(world, {
      config: { auth_type: "HMAC", auth: { secret, signature_header: "x-sig" }, deduplicate_provider_events: true },
    });
    const inBody = (body: string) => generic.post(body, { "x-sig": hex(body) });
    await inBody('{"id":"e-1","try":1}');
    expect(await (await inBody('{"id":"e-1","try":2}')).json()).toMatchObject({ duplicate: true });
    await inBody('{"id":0,"try":1}');
    expect(await (await inBody('{"id":0,"try":1}')).json()).not.toHaveProperty("duplicate");
  });

  test("what a sender with the source's token says is believed, headers too", async () => {
    const { post } = await makeProducer(world, {
      type: "GITHUB",
      config: { auth_type: "API_KEY", auth: { api_key: "right-key-of-the-owner" } },
    });
    const headers = { ...delivery("d-8"), "x-api-key": "right-key-of-the-owner" };
    await post('{"try":1}', headers);
    expect(await (await post('{"try":2}', headers)).json()).toMatchObject({ duplicate: true });
  });

  test("the same id at another source is no duplicate, nor at a source that does not look", async () => {
    const one = await makeProducer(world, github);
    const other = await makeProducer(world, github);
    const careless = await makeProducer(world, {
      ...github,
      config: { ...github.config, deduplicate_provider_events: false },
    });
    for (const producer of [one, other, careless, careless]) {
      expect(await (await producer.post("{}", delivery("d-4"))).json()).not.toHaveProperty("duplicate");
    }
  });
});
