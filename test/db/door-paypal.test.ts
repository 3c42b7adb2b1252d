import { sign } from "node:crypto";
import { crc32 } from "node:zlib";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { makeProducer, type Producer } from "#test/support/branch.ts";
import { selfSigned, selfSignedRsa } from "#test/support/self-signed-certificate.ts";
import { createWorld, type World } from "#test/support/world.ts";

const WEBHOOK_ID = "1JE4291016473214C";
const CERT_URL = "https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-1d93a270";
const BODY = '{"id":"WH-1","event_type":"PAYMENT.SALE.COMPLETED"}';

let world: World;
let producer: Producer;
let asked: string[] = [];
let served: string | null = selfSignedRsa.cert;

beforeAll(async () => {
  world = await createWorld({
    withWorker: false,
    fetchCertificate: async ({ href }) => {
      asked.push(href);
      return served;
    },
  });
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  asked = [];
  served = selfSignedRsa.cert;
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
