// What leaves for the receiver, and what is kept of it.
import { createHmac, randomBytes } from "node:crypto";
import { request } from "node:http";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rotateDestinationSecret } from "#server/resources/destinations.ts";
import { makeBranch } from "#test/support/branch.ts";
import { type Receipt, startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const delivered = async (connectionId: string) => {
  const [event] = await eventually(
    () => world.events(connectionId),
    ([row]) => row?.status === "DELIVERED",
  );
  return event ?? { id: "" };
};
const recorded = async (connectionId: string) => {
  const [attempt] = await world.attempts((await delivered(connectionId)).id);
  return new Map(attempt?.request_headers ?? []);
};
const verifies = (secret: string, { body, headers }: Receipt) =>
  new Webhook(secret).verify(body, headers as Record<string, string>);

describe("what proves a delivery", () => {
  const secret = `whsec_${randomBytes(24).toString("base64")}`;
  const next = `whsec_${randomBytes(24).toString("base64")}`;

  test("a receiver verifies the signature with the Standard Webhooks library, with both secrets during a rotation", async () => {
    await using receiver = await startReceiver();
    const to = { url: receiver.url, auth: { signing_secret: secret } };
    const branch = await makeBranch(world, { to });
    await branch.send({ n: 1 });
    const [first] = await receiver.received(1);
    expect(first && verifies(secret, first)).toEqual({ n: 1 });
    await rotateDestinationSecret(world.ctx, { id: branch.destinationId, secret: next });
    await world.worker.config.upToDate();
    await branch.send({ n: 2 });
    const [, second] = await receiver.received(2);
    expect(second && verifies(next, second)).toEqual({ n: 2 });
    expect(second && verifies(secret, second)).toEqual({ n: 2 });
    expect(() => first && verifies(next, first)).toThrow();
  });

  test("CUSTOM_SIGNATURE is the body's HMAC in the owner's header", async () => {
    await using receiver = await startReceiver();
    const auth = { header: "X-Webhook-Signature", signing_secret: "shared" };
    const branch = await makeBranch(world, { to: { url: receiver.url, auth_type: "CUSTOM_SIGNATURE", auth } });
    await branch.post("raw body");
    const [receipt] = await receiver.received(1);
    const digest = createHmac("sha256", "shared").update("raw body").digest("hex");
    expect(receipt?.headers["x-webhook-signature"]).toBe(digest);
    expect(receipt?.headers).not.toHaveProperty("webhook-signature");
  });

  const credentials: [string, Record<string, string>, string, string][] = [
    ["BASIC_AUTH", { username: "user", password: "pa:ss" }, "authorization", "Basic dXNlcjpwYTpzcw=="],
    ["API_KEY", { header: "X-Key", api_key: "canary-key" }, "x-key", "canary-key"],
    ["BEARER_TOKEN", { token: "canary-token" }, "authorization", "Bearer canary-token"],
  ];
  test.each(credentials)("%s is sent, and masked in the recorded attempt", async (authType, auth, header, value) => {
    await using receiver = await startReceiver();
    const to = { url: receiver.url, auth_type: authType as "API_KEY", auth };
    const branch = await makeBranch(world, { to });
    await branch.send({}, { authorization: "Bearer of-the-producer", "x-key": "of-the-producer" });
    const [receipt] = await receiver.received(1);
    expect(receipt?.headers[header]).toBe(value);
    expect((await recorded(branch.id)).get(header)).toBe("***");
    const [row] = await world.all("select * from attempt where connection_id = $1", [branch.id]);
    expect(JSON.stringify(row)).not.toContain(value);
  });

  test("NONE adds no signature", async () => {
    await using receiver = await startReceiver();
    const branch = await makeBranch(world, { to: { url: receiver.url, auth_type: "NONE", auth: {} } });
    await branch.send({});
    const [receipt] = await receiver.received(1);
    expect(receipt?.headers).not.toHaveProperty("webhook-signature");
    expect(receipt?.headers).not.toHaveProperty("authorization");
    expect(receipt?.headers["webhook-id"]).toMatch(/^evt_/);
  });
});

describe("headers", () => {
  test("the producer's own go along; what was between it and us, or is ours to say, does not", async () => {
    await using receiver = await startReceiver();
    const branch = await makeBranch(world, { to: { url: receiver.url, headers: { "X-Own": "destination's" } } });
    const trace = `00-${"ab".repeat(16)}-${"cd".repeat(8)}-01`;
    const requestId = await branch.send(
      {},
      {
        authorization: "Bearer producer",
        cookie: "session=1",
        "x-own": "producer's",
        "x-github-event": "push",
        "webhook-id": "forged",
        "x-switchyard-verified": "true",
        "x-forwarded-for": "9.9.9.9",
        te: "trailers",
        traceparent: trace,
      },
    );
    const [receipt] = await receiver.received(1);
    const event = await delivered(branch.id);
    expect(receipt?.headers).toMatchObject({
      "x-own": "destination's",
      "x-github-event": "push",
      "content-type": "application/json",
      host: new URL(receiver.url).host,
      "webhook-id": event.id,
      "webhook-timestamp": expect.stringMatching(/^\d{10}$/),
      "x-switchyard-event-id": event.id,
      "x-switchyard-request-id": requestId,
      "x-switchyard-source": branch.sourceId,
      "x-switchyard-connection-id": branch.id,
      "x-switchyard-attempt": "1",
      "x-switchyard-trigger": "INITIAL",
      "x-switchyard-verified": "false",
      traceparent: expect.stringMatching(new RegExp(`^00-${"ab".repeat(16)}-(?!cdcdcdcd)[0-9a-f]{16}-01$`)),
    });
    for (const name of ["authorization", "cookie", "te", "x-forwarded-for"])
      expect(receipt?.headers).not.toHaveProperty(name);
  });

  test("what Connection names ends at the door", async () => {
    await using receiver = await startReceiver();
    const branch = await makeBranch(world, { to: { url: receiver.url } });
    const headers = { connection: "close, X-Hop-Secret", "x-hop-secret": "must not pass", "x-end": "keep" };
    await new Promise<void>((resolve) => {
      request(branch.url, { method: "POST", headers }, (answer) => answer.resume().on("end", resolve)).end("{}");
    });
    const [receipt] = await receiver.received(1);
    expect(receipt?.headers["x-end"]).toBe("keep");
    expect(receipt?.headers).not.toHaveProperty("x-hop-secret");
  });
});

describe("the URL", () => {
  test.each([
    ["/a/b?x=1&y=%20", {}, "/hook/a/b?x=1&y=%20"],
    ["", {}, "/hook"],
    ["/../up?x", {}, null],
    ["/a/%2e%2e/b", {}, "/hook/b"],
    ["//evil.example/x", {}, "/hook/evil.example/x"],
    ["/a/b?x=1", { path_forwarding_disabled: true }, "/hook"],
  ])("%s with %j leads to %s", async (rest, config, expected) => {
    await using receiver = await startReceiver();
    const retry = { strategy: "linear", interval: 60_000, count: 0 } as const;
    const branch = await makeBranch(world, { to: { url: receiver.url, retry, ...config } });
    // fetch would resolve the dots before it sends them.
    await new Promise<void>((resolve) => {
      const { hostname, port, pathname } = new URL(branch.url);
      const sent = request({ hostname, port, path: pathname + rest, method: "POST" }, (answer) => {
        answer.resume().on("end", resolve);
      });
      sent.end("{}");
    });
    if (expected === null) {
      const [event] = await eventually(
        () => world.events(branch.id),
        ([row]) => row?.status === "FAILED",
      );
      expect(event).toMatchObject({ error_code: "INVALID_URL", attempts: 1 });
      expect(receiver.receipts).toEqual([]);
      return;
    }
    expect((await receiver.received(1))[0]?.url).toBe(expected);
  });
});

describe("methods and bodies", () => {
  test.each(["GET", "HEAD", "DELETE"] as const)("%s goes on as it is, without a body", async (method) => {
    await using receiver = await startReceiver();
    const source = { config: { allowed_http_methods: ["GET", "HEAD", "DELETE"] as ("GET" | "HEAD" | "DELETE")[] } };
    const branch = await makeBranch(world, { source, to: { url: receiver.url } });
    expect((await fetch(`${branch.url}/x?y=1`, { method })).status).toBe(200);
    const [receipt] = await receiver.received(1);
    expect(receipt).toMatchObject({ method, url: "/hook/x?y=1" });
    expect(receipt?.body).toHaveLength(0);
  });

  test("the destination's own method wins", async () => {
    await using receiver = await startReceiver();
    const branch = await makeBranch(world, { to: { url: receiver.url, http_method: "PUT" } });
    await branch.send({});
    expect(await receiver.received(1)).toMatchObject([{ method: "PUT" }]);
  });

  test("10 MiB of noise arrive byte for byte, and so does a gzip body with its encoding", async () => {
    await using receiver = await startReceiver();
    const branch = await makeBranch(world, { to: { url: receiver.url } });
    const large = Buffer.from(randomBytes(10 * 1024 * 1024));
    expect((await branch.post(large, { "content-type": "application/octet-stream" })).status).toBe(200);
    const [receipt] = await receiver.received(1);
    expect(receipt?.body.equals(large)).toBe(true);
    expect(receipt?.headers["content-type"]).toBe("application/octet-stream");
    await branch.post("\x1f\x8b not really", { "content-encoding": "gzip" });
    const [, zipped] = await receiver.received(2);
    expect(zipped?.headers["content-encoding"]).toBe("gzip");
  });

  test("of a long answer the first 32 KiB are kept", async () => {
    await using receiver = await startReceiver({ body: "r".repeat(60_000), headers: { "X-Answer": "yes" } });
    const branch = await makeBranch(world, { to: { url: receiver.url } });
    await branch.send({});
    const event = await delivered(branch.id);
    const [row] = await world.all<{ response_body: Buffer; response_headers: [string, string][] }>(
      "select response_body, response_headers from attempt where event_id = $1",
      [event.id],
    );
    expect(row?.response_body.toString()).toBe("r".repeat(32 * 1024));
    expect(row?.response_headers).toContainEqual(["X-Answer", "yes"]);
  });
});
