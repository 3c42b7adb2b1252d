import "@shopify/shopify-api/adapters/node";
import { createHmac } from "node:crypto";
import { sign as signAsGithub } from "@octokit/webhooks-methods";
import { createSHA256HMAC } from "@shopify/shopify-api/runtime";
import { Webhook } from "standardwebhooks";
import Stripe from "stripe";
import { getExpectedTwilioSignature } from "twilio/lib/webhooks/webhooks.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ListRequests } from "#server/contracts/request.ts";
import { listRequests } from "#server/resources/requests.ts";
import { disableSource, getSource, rotateSourceSecret } from "#server/resources/sources.ts";
import { makeProducer, type Producer } from "#test/support/branch.ts";
import { createWorld, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
});
afterAll(() => world[Symbol.asyncDispose]());

const nowS = () => Math.floor(Date.now() / 1000);
const BODY = '{"id":"evt_1","type":"invoice.paid","note":"Grüße","n":1.0}';
const STANDARD_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

interface Signer {
  name: string;
  type?: "STRIPE" | "GITHUB" | "SHOPIFY" | "TWILIO" | "SLACK";
  authType: "STANDARD_WEBHOOKS" | undefined;
  secret: string;
  /** The header that a source of plain HMAC is told about. */
  header: string;
  body: string;
  sign: (secret: string, url: string) => Promise<Record<string, string>>;
}

const FORM = "MessageSid=SM1&Body=Hello+there&From=%2B15551234567";
const signers: Signer[] = [
  {
    name: "Stripe",
    type: "STRIPE",
    authType: undefined,
    secret: "whsec_stripe_prod",
    header: "stripe-signature",
    body: BODY,
    sign: async (secret) => ({
      "stripe-signature": Stripe.webhooks.generateTestHeaderString({ payload: BODY, secret, timestamp: nowS() }),
    }),
  },
  {
    name: "GitHub",
    type: "GITHUB",
    authType: undefined,
    secret: "It's a Secret to Everybody",
    header: "x-hub-signature-256",
    body: BODY,
    sign: async (secret) => ({ "x-hub-signature-256": await signAsGithub(secret, BODY) }),
  },
  {
    name: "Shopify",
    type: "SHOPIFY",
    authType: undefined,
    secret: "shpss_shopify_prod",
    header: "x-shopify-hmac-sha256",
    body: BODY,
    sign: async (secret) => ({ "x-shopify-hmac-sha256": await createSHA256HMAC(secret, BODY) }),
  },
  {
    name: "Twilio",
    type: "TWILIO",
    authType: undefined,
    secret: "0123456789abcdef0123456789abcdef",
    header: "x-twilio-signature",
    body: FORM,
    sign: async (secret, url) => ({
      "content-type": "application/x-www-form-urlencoded",
      "x-twilio-signature": getExpectedTwilioSignature(secret, url, Object.fromEntries(new URLSearchParams(FORM))),
    }),
  },
  {
    name: "Standard Webhooks",
    authType: "STANDARD_WEBHOOKS",
    secret: STANDARD_SECRET,
    header: "webhook-signature",
    body: BODY,
    sign: async (secret) => {
      const at = new Date(nowS() * 1000);
      return {
        "webhook-id": "msg_1",
        "webhook-timestamp": String(nowS()),
        "webhook-signature": new Webhook(secret).sign("msg_1", at, BODY),
      };
    },
  },
];

async function expectVerified(producer: Producer, signer: Signer): Promise<void> {
  const { url } = await getSource(world.ctx, { id: producer.sourceId });
  const headers = await signer.sign(signer.secret, url);
  const good = await producer.post(signer.body, headers);
  expect(good.status, await good.text()).toBe(200);
  expect((await producer.post(`${signer.body} `, headers)).status).toBe(401);
  expect((await producer.post(signer.body)).status).toBe(401);
  expect(await world.requests(producer.sourceId)).toMatchObject([
    { status: "accepted", verified: true, verified_with: "secret", body: Buffer.from(signer.body) },
    { status: "rejected", verified: false, rejection_cause: "VERIFICATION_FAILED" },
    { status: "rejected", verified: false, rejection_cause: "VERIFICATION_FAILED" },
  ]);
}

describe.each(signers)("what $name's own library signs", (signer) => {
  test("is accepted by a source of its type", async () => {
    const { type, authType, secret } = signer;
    const auth = { secret };
    const producer = await makeProducer(world, {
      ...(type && { type }),
      config: authType ? { auth_type: authType, auth } : { auth },
    });
    await expectVerified(producer, signer);
  });

  test("is accepted by a source of plain HMAC that names its header", async () => {
    const auth = { secret: signer.secret, signature_header: signer.header };
    await expectVerified(await makeProducer(world, { config: { auth_type: "HMAC", auth } }), signer);
  });
});

test("a true signature that is too old is refused as such", async () => {
  const producer = await makeProducer(world, { type: "STRIPE", config: { auth: { secret: "whsec_old" } } });
  const header = Stripe.webhooks.generateTestHeaderString({
    payload: BODY,
    secret: "whsec_old",
    timestamp: nowS() - 301,
  });
  const answer = await producer.post(BODY, { "stripe-signature": header });
  expect(answer.status).toBe(401);
  expect(await answer.json()).toMatchObject({ error: { message: "The request could not be verified." } });
  expect(await world.requests(producer.sourceId)).toMatchObject([
    { status: "rejected", rejection_cause: "TIMESTAMP_OUT_OF_TOLERANCE" },
  ]);
});

test("while a secret is rotated both are accepted, and the request says which", async () => {
  const producer = await makeProducer(world, { type: "GITHUB", config: { auth: { secret: "yesterday" } } });
  await rotateSourceSecret(world.ctx, { id: producer.sourceId, secret: "today" });
  await world.config.upToDate();
  for (const secret of ["today", "yesterday"]) {
    const headers = { "x-hub-signature-256": await signAsGithub(secret, BODY), "x-github-delivery": secret };
    expect((await producer.post(BODY, headers)).status).toBe(200);
  }
  expect(await world.requests(producer.sourceId)).toMatchObject([
    { verified_with: "secret" },
    { verified_with: "previous_secret" },
  ]);
});

describe("Slack's challenge", () => {
  const body = JSON.stringify({ type: "url_verification", token: "t", challenge: "3eZbrw1aBm2rZgRNFdxV2595E9CY" });
  const signed = (secret: string) => {
    const timestamp = String(nowS());
    const digest = createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex");
    return { "x-slack-request-timestamp": timestamp, "x-slack-signature": `v0=${digest}` };
  };

  test("is answered after its signature was verified, and makes no request", async () => {
    const producer = await makeProducer(world, { type: "SLACK", config: { auth: { secret: "slack-secret" } } });
    const answer = await producer.post(body, signed("slack-secret"));
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe("3eZbrw1aBm2rZgRNFdxV2595E9CY");
    expect(await world.requests(producer.sourceId)).toEqual([]);
    expect((await producer.post(body, signed("another"))).status).toBe(401);
  });
});

describe("how far a sender was proved", () => {
  const stateOf = async (sourceId: string) => {
    const { data } = await listRequests(world.ctx, ListRequests.parse({ source_id: [sourceId] }));
    return data.map(({ verification, verified }) => [verification, verified]);
  };

  test("a signature verifies, a shared secret authenticates, a wrong one fails, and no auth attempts nothing", async () => {
    const github = await makeProducer(world, { type: "GITHUB", config: { auth: { secret: "s3cret" } } });
    await github.send({}, { "x-hub-signature-256": await signAsGithub("s3cret", "{}") });
    expect(await stateOf(github.sourceId)).toEqual([["verified", true]]);

    const key = await makeProducer(world, { config: { auth_type: "API_KEY", auth: { api_key: "k-123456" } } });
    await key.send({}, { "x-api-key": "k-123456" });
    await key.post("{}", { "x-api-key": "k-654321" });
    expect(await stateOf(key.sourceId)).toEqual([
      ["failed", false],
      ["authenticated", true],
    ]);

    const open = await makeProducer(world);
    await open.send({});
    expect(await stateOf(open.sourceId)).toEqual([["unattempted", false]]);
  });

  test("is filtered by, and what failed another check was not attempted", async () => {
    const producer = await makeProducer(world, { type: "GITHUB", config: { auth: { secret: "s3cret" } } });
    await producer.post("{}");
    expect((await fetch(producer.url, { method: "PUT", body: "{}" })).status).toBe(405);
    const list = async (verification: string) => {
      const input = ListRequests.parse({ source_id: [producer.sourceId], verification });
      return (await listRequests(world.ctx, input)).data.map((request) => request.rejection_cause);
    };
    expect(await list("failed")).toEqual(["VERIFICATION_FAILED"]);
    expect(await list("unattempted")).toEqual(["METHOD_NOT_ALLOWED"]);
    expect(await list("failed,unattempted")).toEqual(["METHOD_NOT_ALLOWED", "VERIFICATION_FAILED"]);
    expect(await list("verified")).toEqual([]);
  });
});

test("GitLab's token authenticates, a repeated try is a duplicate, and the token can be rotated and is not stored", async () => {
  const producer = await makeProducer(world, { type: "GITLAB", config: { auth: { secret: "gl-token-1" } } });
  const push = (token: string, key: string) =>
    producer.post('{"object_kind":"push"}', {
      "x-gitlab-event": "Push Hook",
      "x-gitlab-token": token,
      "x-gitlab-event-uuid": "u-1",
      "idempotency-key": key,
    });
  await rotateSourceSecret(world.ctx, { id: producer.sourceId, secret: "gl-token-2" });
  await world.config.upToDate();
  expect(await (await push("gl-token-2", "i-1")).json()).not.toHaveProperty("duplicate");
  expect(await (await push("gl-token-1", "i-1")).json()).toMatchObject({ duplicate: true });
  expect(await (await push("gl-token-1", "i-2")).json()).not.toHaveProperty("duplicate");
  expect((await push("gl-token-3", "i-3")).status).toBe(401);
  const requests = await world.requests(producer.sourceId);
  expect(requests.map(({ verification, verified_with }) => [verification, verified_with])).toEqual([
    ["authenticated", "secret"],
    ["authenticated", "previous_secret"],
    ["authenticated", "previous_secret"],
    ["failed", null],
  ]);
  expect(requests[0]).toMatchObject({ event_type: "Push Hook", provider_event_id: "i-1" });
  expect(JSON.stringify(requests)).not.toContain("gl-token");
});

describe("Okta's challenge", () => {
  const headers = { "x-okta-verification-challenge": "Me_rShK8JHsTnbyYrWXC" };
  const probe = (url: string, method = "GET") => fetch(url, { method, headers });

  test("is answered to a GET that no event may come by, with or without the secret, and makes no request", async () => {
    for (const config of [{ auth: { secret: "hook-secret" } }, { auth_type: "NONE" as const }]) {
      const producer = await makeProducer(world, { type: "OKTA", config });
      const answer = await probe(producer.url);
      expect(answer.status).toBe(200);
      expect(await answer.json()).toEqual({ verification: "Me_rShK8JHsTnbyYrWXC" });
      expect(answer.headers.get("content-security-policy")).toContain("sandbox");
      expect(await world.requests(producer.sourceId)).toEqual([]);
    }
  });

  test("is answered before verification where the source takes GET", async () => {
    const config = { auth: { secret: "hook-secret" }, allowed_http_methods: ["GET" as const, "POST" as const] };
    const producer = await makeProducer(world, { type: "OKTA", config });
    expect((await probe(producer.url)).status).toBe(200);
    expect((await fetch(producer.url)).status).toBe(401);
  });

  test("is answered by no other source, by no other method, and not while the source is disabled", async () => {
    const other = await makeProducer(world, { type: "GITHUB", config: { auth: { secret: "s3cret" } } });
    expect((await probe(other.url)).status).toBe(405);
    const producer = await makeProducer(world, { type: "OKTA", config: { auth: { secret: "hook-secret" } } });
    expect((await probe(producer.url, "PUT")).status).toBe(405);
    expect((await probe(producer.url, "POST")).status).toBe(401);
    await disableSource(world.ctx, { id: producer.sourceId });
    await world.config.upToDate();
    expect((await probe(producer.url)).status).toBe(403);
  });
});
