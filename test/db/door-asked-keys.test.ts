import { createHash, createPublicKey, sign } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { crc32 } from "node:zlib";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { CallProvider } from "#server/providers/inbound.ts";
import { getSource } from "#server/resources/sources.ts";
import { makeProducer, type Producer } from "#test/support/branch.ts";
import { makeRoot } from "#test/support/certificate-authority.ts";
import { EBAY, makeKeyAuthority, PLAID } from "#test/support/key-authority.ts";
import { selfSigned, selfSignedRsa } from "#test/support/self-signed-certificate.ts";
import { createWorld, type World } from "#test/support/world.ts";

const WEBHOOK_ID = "1JE4291016473214C";
const CERT_URL = "https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-1d93a270";
const BODY = '{"id":"WH-1","event_type":"PAYMENT.SALE.COMPLETED"}';

const DAY_MS = 24 * 60 * 60 * 1000;
const WHEN = { fromMs: Date.now() - DAY_MS, untilMs: Date.now() + DAY_MS };
const root = makeRoot("Local Root", WHEN);
const between = root.authority("Between", WHEN);
const signerKey = createPublicKey(selfSignedRsa.cert);
const chainTo = (name: string) => `${between.certify({ name, publicKey: signerKey }, WHEN)}${between.certificate}`;
const SIGNER = chainTo("messageverificationcerts.paypal.com");

/** Serves PayPal's certificate and the keys of Plaid and eBay on loopback, in place of their own hosts. */
async function startAuthority() {
  const authority = makeKeyAuthority();
  const calls: string[] = [];
  const server = createServer((request, response) => {
    const { method = "", headers, url = "" } = request;
    const [, host = "", ...path] = url.split("/");
    text(request).then((body) => {
      calls.push(`${method} https://${url.slice(1)}`);
      const { "content-type": type, authorization } = headers;
      const asked = {
        host,
        path: `/${path.join("/")}`,
        method,
        headers: { "content-type": type, authorization },
        body,
      };
      const served = host === "api.paypal.com" ? paypal() : authority.serve(asked);
      response.writeHead(served.status).end(served.body);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const call: CallProvider = async ({ url, method = "GET", headers = [], body = null }) => {
    const answer = await fetch(`http://127.0.0.1:${port}/${url.host}${url.pathname}`, {
      method,
      headers: [...headers],
      body,
    });
    const served = Buffer.from(await answer.arrayBuffer());
    return answer.status === 200 ? served : null;
  };
  return { ...authority, calls, call, [Symbol.asyncDispose]: async () => void server.close() };
}

let authority: Awaited<ReturnType<typeof startAuthority>>;
let world: World;
let producer: Producer;
let asked: string[] = [];
let served: string | null = SIGNER;
const paypal = () => ({ status: served === null ? 404 : 200, body: served ?? "" });

beforeAll(async () => {
  authority = await startAuthority();
  world = await createWorld({
    withWorker: false,
    fetchKey: ({ id, owner, ask }) => {
      if (owner === world.ctx.teamId) asked.push(id);
      return ask({ call: authority.call, roots: () => [root.certificate], nowMs: Date.now() });
    },
  });
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await authority?.[Symbol.asyncDispose]();
});
beforeEach(async () => {
  asked = [];
  served = SIGNER;
  producer = await makeProducer(world, { type: "PAYPAL", config: { auth: { webhook_id: WEBHOOK_ID } } });
});

function signed(changed: Record<string, string> = {}, body = BODY): Record<string, string> {
  const time = "2026-11-26T00:00:00Z";
  const message = `t-1|${time}|${WEBHOOK_ID}|${crc32(Buffer.from(body))}`;
  return {
    "paypal-transmission-id": "t-1",
    "paypal-transmission-time": time,
    "paypal-transmission-sig": sign("sha256", Buffer.from(message), selfSignedRsa.key).toString("base64"),
    "paypal-cert-url": CERT_URL,
    "paypal-auth-algo": "SHA256withRSA",
    ...changed,
  };
}

test("what PayPal's certificate has signed is verified, and a repetition is a duplicate", async () => {
  expect((await producer.post(BODY, signed())).status).toBe(200);
  expect(await (await producer.post(BODY, signed())).json()).toMatchObject({ duplicate: true });
  expect((await world.requests(producer.sourceId))[0]).toMatchObject({
    verification: "verified",
    event_type: "PAYMENT.SALE.COMPLETED",
    provider_event_id: "WH-1",
  });
  expect(asked).toEqual([CERT_URL, CERT_URL]);
});

test("another body, another webhook and a certificate that has not signed are refused", async () => {
  expect((await producer.post(`${BODY} `, signed())).status).toBe(401);
  const other = await makeProducer(world, { type: "PAYPAL", config: { auth: { webhook_id: "0JE4291016473214D" } } });
  expect((await other.post(BODY, signed())).status).toBe(401);
  for (const certificate of [null, "", "<html>", selfSigned.cert]) {
    served = certificate;
    expect((await producer.post(BODY, signed())).status).toBe(401);
  }
});

test("a certificate that leads to no root, or is another's, is not taken although it has signed, and the owner reads why", async () => {
  served = chainTo("messageverificationcerts.sandbox.paypal.com");
  expect((await producer.post(BODY, signed())).status).toBe(200);
  served = `${makeRoot("Local Root", WHEN).certify({ name: "messageverificationcerts.paypal.com", publicKey: signerKey }, WHEN)}`;
  expect((await producer.post(`${BODY} `, signed({}, `${BODY} `))).status).toBe(401);
  expect((await world.requests(producer.sourceId)).map(({ rejection_detail: why }) => why)).toContain(
    "The signature was not checked, as the certificate of paypal-cert-url is not trusted: that of messageverificationcerts.paypal.com was issued by Local Root, whose own could not be had.",
  );
  served = chainTo("www.paypal.com");
  expect((await producer.post(`${BODY}  `, signed({}, `${BODY}  `))).status).toBe(401);
});

test("no certificate is asked for at a host or path that a stranger has chosen", async () => {
  const path = "/v1/notifications/certs/CERT-360caa42";
  const urls = [
    `https://evil.example${path}`,
    `https://paypal.com.evil.example${path}`,
    `https://evilpaypal.com${path}`,
    `https://api.paypal.com@evil.example${path}`,
    `http://api.paypal.com${path}`,
    `https://api.paypal.com:8443${path}`,
    `https://api.paypal.com${path}?to=https://evil.example`,
    `https://api.paypal.com${path}#x`,
    `https://api.paypal.com/redirect/../v1/notifications/certs/CERT-1`,
    "https://api.paypal.com/v1/notifications/certs/CERT-1/../../x",
    "https://api.paypal.com/other/CERT-1",
    `https:\\\\api.paypal.com${path}`,
    "file:///etc/passwd",
    "not a url",
  ];
  for (const url of urls) expect((await producer.post(BODY, signed({ "paypal-cert-url": url }))).status).toBe(401);
  for (const algorithm of ["SHA1withRSA", "none", "HS256"])
    expect((await producer.post(BODY, signed({ "paypal-auth-algo": algorithm }))).status).toBe(401);
  const unsigned = { ...signed() };
  delete unsigned["paypal-transmission-sig"];
  expect((await producer.post(BODY, unsigned)).status).toBe(401);
  expect(asked).toEqual([]);
});

test("what Plaid has signed is verified by the key that it serves to the owner, and nothing is taken without that key", async () => {
  const body = JSON.stringify({ webhook_type: "ITEM", webhook_code: "ERROR", item_id: "item-1" });
  const proof = () => ({ "plaid-verification": authority.signPlaid(body, Math.trunc(Date.now() / 1000)) });
  const source = await makeProducer(world, { type: "PLAID", config: { auth: PLAID } });
  expect((await source.post(body, proof())).status).toBe(200);
  expect((await source.post(`${body} `, proof())).status).toBe(401);
  expect((await world.requests(source.sourceId))[0]).toMatchObject({
    verification: "verified",
    event_type: "ITEM.ERROR",
  });
  expect(authority.calls.filter((call) => !call.includes("paypal"))[0]).toBe(
    "POST https://production.plaid.com/webhook_verification_key/get",
  );

  const stranger = await makeProducer(world, { type: "PLAID", config: { auth: { ...PLAID, secret: "guessed" } } });
  expect((await stranger.post(body, proof())).status).toBe(401);
  expect((await world.requests(stranger.sourceId))[0]?.rejection_detail).toContain(
    "The signature was not checked: Plaid",
  );
});

test("eBay's endpoint is confirmed, and what it has signed is verified by the key that it serves", async () => {
  const source = await makeProducer(world, { type: "EBAY", config: { auth: EBAY } });
  const asked = await fetch(`${source.url}?challenge_code=a8628072`);
  const known = await getSource(world.ctx, { id: source.sourceId });
  const challengeResponse = createHash("sha256").update(`a8628072${EBAY.verify_token}${known.url}`).digest("hex");
  expect([asked.status, asked.headers.get("content-type")]).toEqual([200, "application/json"]);
  expect(await asked.text()).toBe(JSON.stringify({ challengeResponse }));

  const id = "49feeaeb-4982-42d9-a377-9645b8479411";
  const body = JSON.stringify({
    metadata: { topic: "MARKETPLACE_ACCOUNT_DELETION" },
    notification: { notificationId: id },
  });
  expect((await source.post(body, { "x-ebay-signature": authority.signEbay(body) })).status).toBe(200);
  expect((await source.post(body, { "x-ebay-signature": authority.signEbay("other") })).status).toBe(401);
  expect((await world.requests(source.sourceId))[0]).toMatchObject({
    verification: "verified",
    event_type: "MARKETPLACE_ACCOUNT_DELETION",
    provider_event_id: id,
  });
});
