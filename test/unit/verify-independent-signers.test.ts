import "@shopify/shopify-api/adapters/node";
import { createHash, createHmac } from "node:crypto";
import { sign as signAsGithub } from "@octokit/webhooks-methods";
import { createSHA256HMAC } from "@shopify/shopify-api/runtime";
import { Webhook } from "standardwebhooks";
import Stripe from "stripe";
import { getExpectedTwilioSignature, validateRequest, validateRequestWithBody } from "twilio/lib/webhooks/webhooks.js";
import { describe, expect, test } from "vitest";
import { prepareAuth } from "#server/providers/verify.ts";
import { inbound } from "#test/support/inbound.ts";
import { verify } from "#test/support/verify.ts";

const NOW_S = 1_760_000_000;
const NOW = NOW_S * 1000;
const BODY = '{"id":"evt_1","type":"invoice.paid","note":"Grüße \\u2013 1.0","n":1.0}';
const VERIFIED = { kind: "verified", with: "secret" };
const FAILED = { kind: "rejected", cause: "VERIFICATION_FAILED" };
const LATE = { kind: "rejected", cause: "TIMESTAMP_OUT_OF_TOLERANCE" };

describe("Stripe", () => {
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const header = (given: { payload?: string; secret?: string; timestamp?: number } = {}) =>
    Stripe.webhooks.generateTestHeaderString({ payload: BODY, secret, timestamp: NOW_S, ...given });
  const auths = [
    prepareAuth("STRIPE", { secret }),
    prepareAuth("HMAC", { secret, signature_header: "Stripe-Signature" }),
    prepareAuth("HMAC", { secret, signature_header: "stripe-signature", algorithm: "sha256", encoding: "hex" }),
  ];

  test.each(auths)("what the SDK signs is verified, by its own auth type and by HMAC on its header", (auth) => {
    expect(verify(auth, inbound(BODY, [["Stripe-Signature", header()]]), NOW)).toEqual(VERIFIED);
    expect(verify(auth, inbound(BODY, [["STRIPE-SIGNATURE", header()]]), NOW)).toEqual(VERIFIED);
    expect(verify(auth, inbound(`${BODY} `, [["Stripe-Signature", header()]]), NOW)).toMatchObject(FAILED);
    expect(verify(auth, inbound(BODY, [["Stripe-Signature", header({ secret: "whsec_x" })]]), NOW)).toMatchObject(
      FAILED,
    );
  });

  test("whsec_ is literal: a key of Standard Webhooks does not serve, nor the other way round", () => {
    const decoded = createHmac("sha256", Buffer.from(secret.slice(6), "base64"))
      .update(`${NOW_S}.${BODY}`)
      .digest("hex");
    const sent = inbound(BODY, [["stripe-signature", `t=${NOW_S},v1=${decoded}`]]);
    expect(verify(prepareAuth("STRIPE", { secret }), sent, NOW)).toMatchObject(FAILED);

    const literal = createHmac("sha256", secret).update(`msg_1.${NOW_S}.${BODY}`).digest("base64");
    const standard = inbound(BODY, [
      ["webhook-id", "msg_1"],
      ["webhook-timestamp", String(NOW_S)],
      ["webhook-signature", `v1,${literal}`],
    ]);
    expect(verify(prepareAuth("STANDARD_WEBHOOKS", { secret }), standard, NOW)).toMatchObject(FAILED);
  });

  test("the timestamp is held to its tolerance both ways, and to the one that is configured", () => {
    const at = (timestamp: number, auth = prepareAuth("STRIPE", { secret })) =>
      verify(auth, inbound(BODY, [["stripe-signature", header({ timestamp })]]), NOW);
    expect(at(NOW_S - 300)).toEqual(VERIFIED);
    expect(at(NOW_S + 300)).toEqual(VERIFIED);
    expect(at(NOW_S - 301)).toMatchObject(LATE);
    expect(at(NOW_S + 301)).toMatchObject(LATE);
    const patient = prepareAuth("STRIPE", { secret, tolerance_seconds: 3600 });
    expect(at(NOW_S - 3600, patient)).toEqual(VERIFIED);
    expect(at(NOW_S - 3601, patient)).toMatchObject(LATE);
  });

  test("a forged signature is VERIFICATION_FAILED however old it claims to be", () => {
    const forged = header({ secret: "whsec_forged", timestamp: NOW_S - 9999 });
    expect(verify(prepareAuth("STRIPE", { secret }), inbound(BODY, [["stripe-signature", forged]]), NOW)).toMatchObject(
      FAILED,
    );
  });
});

test("GitHub: what its SDK signs is verified, and the same digest in base64 is not", async () => {
  const auth = prepareAuth("GITHUB", { secret: "It's a Secret to Everybody" });
  const signature = await signAsGithub("It's a Secret to Everybody", BODY);
  expect(verify(auth, inbound(BODY, [["X-Hub-Signature-256", signature]]), NOW)).toEqual(VERIFIED);
  const base64 = Buffer.from(signature.slice(7), "hex").toString("base64");
  expect(verify(auth, inbound(BODY, [["X-Hub-Signature-256", `sha256=${base64}`]]), NOW)).toMatchObject(FAILED);
});

test("Shopify: what its SDK signs is verified, and the same digest in hex is not", async () => {
  const signature = await createSHA256HMAC("shpss_1", BODY);
  const hex = Buffer.from(signature, "base64").toString("hex");
  for (const auth of [
    prepareAuth("SHOPIFY", { secret: "shpss_1" }),
    prepareAuth("HMAC", { secret: "shpss_1", signature_header: "x-shopify-hmac-sha256" }),
  ]) {
    expect(verify(auth, inbound(BODY, [["X-Shopify-Hmac-Sha256", signature]]), NOW)).toEqual(VERIFIED);
    expect(verify(auth, inbound(BODY, [["X-Shopify-Hmac-Sha256", hex]]), NOW)).toMatchObject(FAILED);
  }
});

describe("Standard Webhooks", () => {
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const sign = (with_ = secret) => new Webhook(with_).sign("msg_1", new Date(NOW), BODY);
  const sent = (signature: string, prefix = "webhook") =>
    inbound(BODY, [
      [`${prefix}-id`, "msg_1"],
      [`${prefix}-timestamp`, String(NOW_S)],
      [`${prefix}-signature`, signature],
    ]);

  test("what the SDK signs is verified, under webhook-* and svix-*", () => {
    const auth = prepareAuth("STANDARD_WEBHOOKS", { secret });
    expect(verify(auth, sent(sign()), NOW)).toEqual(VERIFIED);
    expect(verify(auth, sent(sign(), "svix"), NOW)).toEqual(VERIFIED);
    expect(verify(prepareAuth("STANDARD_WEBHOOKS", { secret: secret.slice(6) }), sent(sign()), NOW)).toEqual(VERIFIED);
    const svix = prepareAuth("HMAC", { secret, signature_header: "svix-signature" });
    expect(verify(svix, sent(sign(), "svix"), NOW)).toEqual(VERIFIED);
    expect(verify(svix, sent(sign()), NOW)).toMatchObject(FAILED);
  });

  test("every v1 in the list is tried, and no other version", () => {
    const auth = prepareAuth("STANDARD_WEBHOOKS", { secret });
    const other = sign("whsec_b3RoZXJvdGhlcm90aGVyb3RoZXI=");
    expect(verify(auth, sent(`${other} ${sign()}`), NOW)).toEqual(VERIFIED);
    expect(verify(auth, sent(sign().replace("v1,", "v1a,")), NOW)).toMatchObject(FAILED);
    expect(verify(auth, sent(sign().replace("v1,", "")), NOW)).toMatchObject(FAILED);
  });

  test("id and timestamp are part of what is signed", () => {
    const auth = prepareAuth("STANDARD_WEBHOOKS", { secret });
    const changed = (name: string, value: string) => {
      const request = sent(sign());
      return {
        ...request,
        headers: request.headers.map((pair): [string, string] => (pair[0] === name ? [name, value] : pair)),
      };
    };
    expect(verify(auth, changed("webhook-id", "msg_2"), NOW)).toMatchObject(FAILED);
    expect(verify(auth, changed("webhook-timestamp", String(NOW_S + 1)), NOW)).toMatchObject(FAILED);
    expect(verify(auth, sent(sign()), NOW + 301_000)).toMatchObject(LATE);
  });

  test("a secret that is not base64 verifies nothing", () => {
    expect(verify(prepareAuth("STANDARD_WEBHOOKS", { secret: "whsec_" }), sent(sign()), NOW)).toMatchObject(FAILED);
    expect(verify(prepareAuth("STANDARD_WEBHOOKS", { secret: "not base64!" }), sent(sign()), NOW)).toMatchObject(
      FAILED,
    );
  });
});

describe("Twilio", () => {
  const token = "12345";
  const auth = prepareAuth("TWILIO", { secret: token });
  const form: [string, string] = ["Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"];
  const sent = (url: string, body: string, signature: string, headers = [form]) =>
    inbound(body, [...headers, ["X-Twilio-Signature", signature]], { urls: [url] });

  test("the URL is compared in the spellings that Twilio's own library tries", () => {
    const spellings: [signed: string, called: string][] = [
      ["https://example.com/path?test=param'Q", "https://example.com/path?test=param%27Q"],
      ["https://example.com/path?test=param%27Q", "https://example.com/path?test=param'Q"],
      ["https://example.com:443/path?a=b", "https://example.com/path?a=b"],
      ["https://example.com/path?a=b", "https://example.com:8443/path?a=b"],
      ["https://example.com/path?a=%21x%28y%29", "https://example.com/path?a=!x(y)"].toReversed() as [string, string],
      ["https://example.com/p?a=b%20c&d='", "https://example.com/p?a=b%20c&d=%27"],
    ];
    for (const [signed, called] of spellings) {
      const signature = getExpectedTwilioSignature(token, signed, { Body: "x" });
      expect(validateRequest(token, signature, called, { Body: "x" }), `${called}: Twilio's own`).toBe(true);
      expect(verify(auth, sent(called, "Body=x", signature), NOW), called).toEqual(VERIFIED);
    }
  });

  test("behind proxies each URL that may be meant is tried, and a failure tells the owner which", () => {
    const urls = ["https://in.example:8443/e/key", "https://in.example/e/key", "https://hooks.example.com/e/key"];
    const signed = (url: string) => getExpectedTwilioSignature(token, url, { Body: "x" });
    const behindProxy = (signature: string) => inbound("Body=x", [form, ["X-Twilio-Signature", signature]], { urls });
    for (const url of urls) expect(verify(auth, behindProxy(signed(url)), NOW)).toEqual(VERIFIED);
    const failure = verify(auth, behindProxy(signed("https://other.example/e/key")), NOW);
    expect(failure).toMatchObject({ ...FAILED, detail: expect.stringContaining(urls.join(" and as ")) });
  });

  test("a form is verified by the full public URL and its sorted fields, repeated ones too", () => {
    const url = "https://hooks.example.com/e/key/sms?a=1&b=%20";
    const signature = getExpectedTwilioSignature(token, url, {
      To: "+15558675310",
      Body: "Grüße & more",
      Media: ["b", "a", "b"],
    });
    const body = "Media=b&To=%2B15558675310&Body=Gr%C3%BC%C3%9Fe+%26+more&Media=a&Media=b";
    expect(verify(auth, sent(url, body, signature), NOW)).toEqual(VERIFIED);
    expect(verify(auth, sent("http://127.0.0.1:3001/e/key/sms?a=1&b=%20", body, signature), NOW)).toMatchObject(FAILED);
    expect(verify(auth, sent(url, `${body}&X=1`, signature), NOW)).toMatchObject(FAILED);
  });

  test("the port of the URL may be written or not, as in the SDK", () => {
    const params = { CallSid: "CA1" };
    for (const [signedUrl, url] of [
      ["https://hooks.example.com/e/key", "https://hooks.example.com:443/e/key"],
      ["https://hooks.example.com:443/e/key", "https://hooks.example.com/e/key"],
      ["https://hooks.example.com/e/key", "https://hooks.example.com:8443/e/key"],
    ] as const) {
      const signature = getExpectedTwilioSignature(token, signedUrl, params);
      expect(validateRequest(token, signature, url, params)).toBe(true);
      expect(verify(auth, sent(url, "CallSid=CA1", signature), NOW)).toEqual(VERIFIED);
    }
  });

  test("JSON is verified by the URL, which carries the hash of the body", () => {
    const url = `https://hooks.example.com/e/key?bodySHA256=${createHash("sha256").update(BODY).digest("hex")}`;
    const signature = getExpectedTwilioSignature(token, url, {});
    const json: [string, string] = ["Content-Type", "application/json"];
    expect(validateRequestWithBody(token, signature, url, BODY)).toBe(true);
    expect(verify(auth, sent(url, BODY, signature, [json]), NOW)).toEqual(VERIFIED);
    expect(verify(auth, sent(url, `${BODY} `, signature, [json]), NOW)).toMatchObject(FAILED);
    // Calling it a form must not take the body out of what is signed.
    expect(verify(auth, sent(url, "&&&", signature, [form]), NOW)).toMatchObject(FAILED);
    expect(verify(auth, sent(url, "", signature, [form]), NOW)).toMatchObject(FAILED);
  });

  test("a body that nothing covers is refused, an empty one is not", () => {
    const url = "https://hooks.example.com/e/key?CallSid=CA1";
    const signature = getExpectedTwilioSignature(token, url, {});
    expect(verify(auth, sent(url, "", signature, []), NOW)).toEqual(VERIFIED);
    expect(verify(auth, sent(url, "{}", signature, [["Content-Type", "application/json"]]), NOW)).toMatchObject(FAILED);
  });

  test("a form of more fields than Twilio sends is refused before it is sorted", () => {
    const url = "https://hooks.example.com/e/key";
    expect(verify(auth, sent(url, "a=1&".repeat(250_000), "x".repeat(27)), NOW)).toMatchObject({
      ...FAILED,
      detail: "The form is larger than any that Twilio sends.",
    });
  });
});

test("Slack: its documented signature is verified, and only under v0=", () => {
  const auth = prepareAuth("SLACK", { secret: "8f742231b10e8888abcd99yyyzzz85a5" });
  const body =
    "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
  const signature = "a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
  const sent = (prefix: string) =>
    inbound(body, [
      ["X-Slack-Request-Timestamp", "1531420618"],
      ["X-Slack-Signature", prefix + signature],
    ]);
  expect(verify(auth, sent("v0="), 1_531_420_618_000)).toEqual(VERIFIED);
  expect(verify(auth, sent("v1="), 1_531_420_618_000)).toMatchObject(FAILED);
  expect(verify(auth, sent(""), 1_531_420_618_000)).toMatchObject(FAILED);
  expect(verify(auth, sent("v0="), NOW)).toMatchObject(LATE);
});
