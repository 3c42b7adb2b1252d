// PayPal as its documentation has it: RSA with SHA-256 over transmission, time, webhook and the CRC-32 of the body.
import { createPublicKey, sign } from "node:crypto";
import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import type { HeaderList } from "#server/contracts/header-list.ts";
import { outlineBody } from "#server/payload/body-outline.ts";
import { describedFields, describe as describeEvent } from "#server/providers/describe.ts";
import { tellFacts } from "#server/providers/facts.ts";
import { prepareAuth, verify as verifyAtDoor } from "#server/providers/verify.ts";
import { makeRoot } from "#test/support/certificate-authority.ts";
import { inbound } from "#test/support/inbound.ts";
import { selfSignedRsa } from "#test/support/self-signed-certificate.ts";

const AT = Date.parse("2026-11-27T00:00:00Z");
const WEBHOOK_ID = "1JE4291016473214C";
const root = makeRoot();
const publicKey = createPublicKey(selfSignedRsa.cert);
const signer = root.certify({ name: "messageverificationcerts.paypal.com", publicKey }).toString();
const BODY = JSON.stringify({
  id: "WH-58D329510W468432D-8HN650336L201105X",
  create_time: "2019-02-14T21:50:07.940Z",
  resource_type: "capture",
  event_type: "PAYMENT.CAPTURE.COMPLETED",
  resource: { id: "27M47624FP291604U", amount: { currency_code: "USD", value: "2.51" }, status: "COMPLETED" },
});

function signed(body = BODY): HeaderList {
  const [id, time] = ["69cd13f0-d67a-11e5-baa3-778b53f4ae55", "2026-11-26T23:59:35Z"];
  const text = `${id}|${time}|${WEBHOOK_ID}|${crc32(Buffer.from(body))}`;
  return [
    ["PAYPAL-TRANSMISSION-ID", id],
    ["PAYPAL-TRANSMISSION-TIME", time],
    ["PAYPAL-TRANSMISSION-SIG", sign("sha256", Buffer.from(text), selfSignedRsa.key).toString("base64")],
    ["PAYPAL-CERT-URL", "https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-b0d12406"],
    ["PAYPAL-AUTH-ALGO", "SHA256withRSA"],
  ];
}

const asking = { roots: () => [root.certificate], nowMs: AT, call: async () => Buffer.from(signer) };
const judge = async (headers: HeaderList, { body = BODY as string | Buffer, webhook_id = WEBHOOK_ID } = {}) =>
  (await verifyAtDoor(prepareAuth("PAYPAL", { webhook_id }), inbound(body, headers), AT, ({ ask }) => ask(asking)))
    .kind;

test("what PayPal has signed is verified, under header names in any case", async () => {
  expect(await judge(signed())).toBe("verified");
  expect(await judge(signed().map(([name, value]) => [name.toLowerCase(), value]))).toBe("verified");
});

test("one bit of the body, of the webhook's id or of any header changed is refused, and a header that is missing or sent twice", async () => {
  for (const at of [0, 40, BODY.length - 1]) {
    const body = Buffer.from(BODY);
    body[at] = (body[at] ?? 0) ^ 1;
    expect(await judge(signed(), { body }), `byte ${at}`).toBe("rejected");
  }
  expect(await judge(signed(), { webhook_id: "1JE4291016473214D" })).toBe("rejected");
  for (const [at, [name, value]] of signed().entries()) {
    for (const spot of [0, value.length >> 1]) {
      const bytes = Buffer.from(value);
      bytes[spot] = (bytes[spot] ?? 0) ^ 1;
      const headers = signed().with(at, [name, bytes.toString("latin1")]);
      // The certificate's name is no part of what is signed: another one that is PayPal's too is asked for and serves.
      const isOther = name === "PAYPAL-CERT-URL" && spot > 0;
      if (!isOther) expect(await judge(headers), `${name} ${spot}`).toBe("rejected");
    }
    expect(await judge(signed().toSpliced(at, 1)), name).toBe("rejected");
    expect(await judge([...signed(), [name, "other"]]), name).toBe("rejected");
  }
});

test("its events are named, dated and told by what they are about", () => {
  const auth = prepareAuth("PAYPAL", { webhook_id: WEBHOOK_ID });
  const request = inbound(BODY, signed());
  const fields = () => outlineBody(request.body, "application/json", describedFields("PAYPAL", auth));
  expect(describeEvent("PAYPAL", auth, request, fields)).toMatchObject({
    eventType: "PAYMENT.CAPTURE.COMPLETED",
    providerEventId: "WH-58D329510W468432D-8HN650336L201105X",
  });
  expect(tellFacts({ source_type: "PAYPAL", headers: signed() }, JSON.parse(BODY))).toEqual({
    occurred_at: "2019-02-14T21:50:07.940Z",
    resource_id: "27M47624FP291604U",
  });
});
