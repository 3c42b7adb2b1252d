// A destination of type S3 in the whole product, against a real store that speaks S3 and checks signatures.
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ListAttempts } from "#server/contracts/attempt.ts";
import type { CreateDestination } from "#server/contracts/destination.ts";
import { listAttempts } from "#server/resources/attempts.ts";
import { checkDestination } from "#server/resources/check-destination.ts";
import {
  createDestination,
  getDestination,
  rotateDestinationSecret,
  updateDestination,
} from "#server/resources/destinations.ts";
import { retryEvent } from "#server/resources/events.ts";
import { makeProducer } from "#test/support/branch.ts";
import { BUCKET, STORE_AUTH, startObjectStore, type TestStore } from "#test/support/object-store.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
let store: TestStore;
beforeAll(async () => {
  world = await createWorld();
  store = await startObjectStore();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
});

let made = 0;
const name = () => `store-${++made}`;
type Config = NonNullable<CreateDestination["config"]>;
async function create(config: Config) {
  const saved = await createDestination(world.ctx, { name: name(), type: "S3", config });
  if (saved.type !== "S3") throw new Error(`It is of type ${saved.type}.`);
  return saved;
}

/** A connection of its own to a new destination with this config. */
async function archive(config: Config) {
  const producer = await makeProducer(world);
  const destination = { name: name(), type: "S3" as const, config };
  const connection = await world.connect({ name: name(), source_id: producer.sourceId, destination });
  const settled = (status: string, count = 1) =>
    eventually(
      () => world.events(connection.id),
      (rows) => rows.length === count && rows.every((row) => row.status === status),
    );
  return { producer, connection, settled };
}

describe("its settings", () => {
  test("keep the secret sealed: no read shows it, and a masked one that is sent back changes nothing", async () => {
    const secret = "canary-of-a-bucket-0001";
    const saved = await create({ ...store.config, auth: { ...STORE_AUTH, secret_access_key: secret } });
    expect(saved).toMatchObject({
      type: "S3",
      config: {
        bucket: BUCKET,
        region: "us-east-1",
        format: "event",
        key: null,
        compression: "none",
        auth: { access_key_id: "S3RVER", secret_access_key: "…0001" },
      },
    });
    const [row] = await world.all<object>("select * from destination where id = $1", [saved.id]);
    expect(JSON.stringify(row)).not.toContain(secret);
    await updateDestination(world.ctx, { id: saved.id, config: { region: "eu-north-1", auth: saved.config.auth } });
    expect(await getDestination(world.ctx, { id: saved.id })).toMatchObject({
      config: { region: "eu-north-1", auth: saved.config.auth },
    });
    await expect(rotateDestinationSecret(world.ctx, { id: saved.id })).rejects.toMatchObject({
      issues: [{ path: "type", message: expect.stringContaining("PATCH config.auth") }],
    });
  });

  test.each<[string, Config, string, string]>([
    ["no bucket", { bucket: undefined }, "config.bucket", "required"],
    ["an address as its bucket", { bucket: "10.0.0.1" }, "config.bucket", "not the name of a bucket"],
    ["a bucket that climbs", { bucket: "../other" }, "config.bucket", "name of a bucket"],
    ["no key to sign in with", { auth: {} }, "config.auth.access_key_id", "required"],
    ["an endpoint that may not be reached", { endpoint: "http://169.254.169.254" }, "config.endpoint", "EGRESS_ALLOW"],
    ["an endpoint with a query", { endpoint: "http://127.0.0.1:9000/?a=1" }, "config.endpoint", "without ? and #"],
    ["a name without an id", { key: "{date}" }, "config.key", "Add {event_id}"],
    ["a name of one event for files", { format: "ndjson", key: "{event_id}" }, "config.key", "use {batch_id}"],
    ["a field of another type", { url: "https://a.example" }, "config.url", "type S3 has no url"],
  ])("refuse %s with a sentence at its field", async (_what, config, path, message) => {
    await expect(create({ ...store.config, ...config })).rejects.toMatchObject({
      code: "UNPROCESSABLE",
      issues: expect.arrayContaining([{ path, message: expect.stringContaining(message) }]),
    });
  });

  test("refuse a bucket whose address is a source of ours, whatever the host", async () => {
    const { url } = await makeProducer(world);
    const key = url.split("/").at(-1) ?? "";
    await expect(create({ ...store.config, endpoint: "https://alias.example/e", bucket: key })).rejects.toMatchObject({
      issues: [{ path: "config.endpoint", message: expect.stringContaining("leads back") }],
    });
  });
});

describe("an event to it", () => {
  test("becomes one object of its very bytes, and its attempt shows the request without the signature", async () => {
    const { producer, connection, settled } = await archive({ ...store.config, key: "raw/{date}/{event_id}.bin" });
    const bytes = Uint8Array.from([0, 255, 128, 10, 13, 0]);
    await producer.post(bytes, { "content-type": "application/x-thing" });
    const [event] = await settled("DELIVERED");
    const day = new Date(event?.created_at ?? 0).toISOString().slice(0, 10);
    const key = `raw/${day}/${event?.id}.bin`;
    expect((await store.objects()).get(key)).toEqual(Buffer.from(bytes));
    expect(await store.contentTypeOf(key)).toBe("application/x-thing");
    const { data } = await listAttempts(world.ctx, ListAttempts.parse({ connection_id: connection.id }));
    expect(data).toMatchObject([
      {
        requested_url: `${store.endpoint}/${BUCKET}/${key}`,
        http_method: "PUT",
        response_status: 200,
        error_code: null,
        explanation: null,
        phases: expect.objectContaining({ wait_ms: expect.any(Number) }),
      },
    ]);
    expect(Object.fromEntries(data[0]?.request_headers ?? [])).toMatchObject({
      authorization: "***",
      "user-agent": "switchyard",
      "x-amz-meta-event-id": event?.id,
    });
    expect(JSON.stringify(data)).not.toContain("Credential=");
  });

  test("of no bytes is an empty object", async () => {
    const { producer, settled } = await archive({ ...store.config, key: "empty/{event_id}" });
    await producer.post(null);
    const [event] = await settled("DELIVERED");
    expect((await store.objects()).get(`empty/${event?.id}`)).toEqual(Buffer.alloc(0));
  });

  test("is compressed where that is asked for, and a replay writes the same object again", async () => {
    const { producer, settled } = await archive({ ...store.config, key: "gz/{event_id}.json", compression: "gzip" });
    await producer.send({ n: "é" });
    const [event] = await settled("DELIVERED");
    const key = `gz/${event?.id}.json.gz`;
    const first = (await store.objects()).get(key) ?? Buffer.alloc(0);
    expect(gunzipSync(first).toString()).toBe('{"n":"é"}');
    await retryEvent(world.ctx, { id: event?.id ?? "" });
    await eventually(
      () => world.attempts(event?.id ?? ""),
      (rows) => rows.length === 2,
    );
    const after = await store.objects();
    expect([...after.keys()].filter((each) => each.startsWith("gz/"))).toEqual([key]);
    expect(after.get(key)).toEqual(first);
  });

  test("whose type tries to climb stays below its prefix", async () => {
    const { producer, settled } = await archive({ ...store.config, key: "typed/{event_type}/{event_id}" });
    await producer.send({ type: "../../../escaped" });
    const [event] = await settled("DELIVERED");
    const [key = ""] = [...(await store.objects()).keys()].filter((each) => each.includes(event?.id ?? "?"));
    expect(key.startsWith("typed/")).toBe(true);
    expect(key.split("/")).toHaveLength(3);
  });

  test("whose answer is lost is tried again and is there once", async () => {
    await using flaky = await startObjectStore((_request, index) => (index === 0 ? "unanswered" : undefined));
    const retry = { strategy: "linear" as const, interval: 1_000, count: 3 };
    const { producer, settled } = await archive({ ...flaky.config, key: "{event_id}", retry });
    await producer.send({ n: 1 });
    const [event] = await settled("DELIVERED");
    expect(event?.attempts).toBe(2);
    expect([...(await flaky.objects()).keys()]).toEqual([event?.id]);
  });
});

const XML = (code: string, rest = "") =>
  `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>m</Message>${rest}</Error>`;

describe("a store that refuses", () => {
  const none = { strategy: "linear" as const, interval: 1_000, count: 0 };
  test.each<[string, () => Promise<{ config: Config; status: number | null; sentence: string }>]>([
    [
      "a bucket that does not exist",
      async () => ({ config: { ...store.config, bucket: "missing" }, status: 404, sentence: "no bucket of this name" }),
    ],
    [
      "an unknown key",
      async () => ({
        config: { ...store.config, auth: { ...STORE_AUTH, access_key_id: "AKIAUNKNOWN" } },
        status: 403,
        sentence: "correct config.auth.access_key_id",
      }),
    ],
    [
      "a wrong secret",
      async () => ({
        config: { ...store.config, auth: { ...STORE_AUTH, secret_access_key: "not-the-secret" } },
        status: 403,
        sentence: "send config.auth.secret_access_key again",
      }),
    ],
    [
      "a store that is down",
      async () => ({
        config: { ...store.config, endpoint: "http://127.0.0.1:9" + "999" },
        status: null,
        sentence: "Nothing answers there",
      }),
    ],
  ])("is explained by the check and in the attempt: %s", async (_what, make) => {
    const { config, status, sentence } = await make();
    const checked = await checkDestination(world.ctx, { config });
    expect(checked).toMatchObject({ is_good: false, steps: [{ step: "reach", is_good: false }] });
    expect(checked.steps[0]?.says).toContain(sentence);

    const { producer, connection, settled } = await archive({ ...config, retry: none });
    await producer.send({ n: 1 });
    await settled("FAILED");
    const { data } = await listAttempts(world.ctx, ListAttempts.parse({ connection_id: connection.id }));
    expect(data).toMatchObject([{ response_status: status, explanation: checked.steps[0]?.says }]);
    const bare = ListAttempts.parse({ connection_id: connection.id, with_body: false });
    const [{ explanation } = { explanation: undefined }] = (await listAttempts(world.ctx, bare)).data;
    expect(explanation).toBe(status === null ? checked.steps[0]?.says : null);
  });

  test("the wrong region is told the right one, and an answer that is no region is not repeated", async () => {
    const region = (text: string) => ({
      status: 400,
      body: XML("AuthorizationHeaderMalformed", `<Region>${text}</Region>`),
    });
    const answers = [region("eu-north-1"), region("a secret page")];
    await using elsewhere = await startReceiver((_receipt, index) => answers[index] ?? {});
    const config = { ...store.config, endpoint: new URL(elsewhere.url).origin };
    const says = async () => (await checkDestination(world.ctx, { config })).steps[0]?.says;
    expect(await says()).toBe("The bucket is in the region eu-north-1: set config.region to it.");
    expect(await says()).toBe("The bucket is in another region: correct config.region.");
  });
});

describe("the check", () => {
  test("writes and deletes a small object below the fixed part of the template, and saves nothing", async () => {
    const before = await world.all("select id from destination");
    const config = { ...store.config, key: "checked/{event_id}" };
    const { is_good, steps } = await checkDestination(world.ctx, { config });
    expect({ is_good, steps }).toMatchObject({
      is_good: true,
      steps: [
        { step: "reach" },
        { step: "write", says: expect.stringContaining("checked/switchyard-test") },
        { step: "delete" },
      ],
    });
    expect(store.requests.slice(-2)).toEqual(
      ["PUT", "DELETE"].map((verb) => `${verb} /${BUCKET}/checked/switchyard-test`),
    );
    expect([...(await store.objects()).keys()].filter((key) => key.startsWith("checked/"))).toEqual([]);
    expect(await world.all("select id from destination")).toEqual(before);
  });

  test("of a saved destination uses its secret under what is sent, and is of one's own team alone", async () => {
    const { id } = await create(store.config);
    expect(await checkDestination(world.ctx, { id, config: { key: "other/{event_id}" } })).toMatchObject({
      is_good: true,
    });
    const other = { ...world.ctx, teamId: "tm_other" };
    await expect(checkDestination(other, { id })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(checkDestination({ ...world.ctx, can: new Set() }, { id })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
  });

  test("that may write but not delete says that this is fine", async () => {
    await using keeper = await startObjectStore(({ method }) => (method === "DELETE" ? 403 : undefined));
    const { is_good, steps } = await checkDestination(world.ctx, { config: keeper.config });
    expect(is_good).toBe(true);
    expect(steps[2]).toEqual({
      step: "delete",
      is_good: false,
      says: "May not delete it: fine, the test object stays.",
    });
  });
});
