import { createHmac } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { prepareSigner, secretHeaderNames } from "#server/delivery/sign.ts";
import { prepareAuth } from "#server/providers/verify.ts";
import { inbound } from "#test/support/inbound.ts";
import { verify } from "#test/support/verify.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OLD_SECRET = "whsec_b3RoZXJvdGhlcm90aGVyb3RoZXJvdGhlcm90aGVy";
const ID = "evt_01JA000000000000000000TEST";
const NOW_S = 1_760_000_000;
const BODY = Buffer.from('{"note":"Grüße","n":1.0}');
const BASE = [
  ["webhook-id", ID],
  ["webhook-timestamp", String(NOW_S)],
];

const sign = (authType: Parameters<typeof prepareSigner>[0], auth: unknown, body = BODY) =>
  prepareSigner(authType, auth).sign({ id: ID, timestampSeconds: NOW_S, body });
const headerOf = (headers: [string, string][], name: string) => new Map(headers).get(name) ?? "";

describe("SWITCHYARD_SIGNATURE", () => {
  test("gives the vector that Standard Webhooks publishes", () => {
    const headers = prepareSigner("SWITCHYARD_SIGNATURE", { signing_secret: SECRET }).sign({
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
      timestampSeconds: 1_614_265_330,
      body: Buffer.from('{"test": 2432232314}'),
    });
    expect(headers).toEqual([
      ["webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"],
      ["webhook-timestamp", "1614265330"],
      ["webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="],
    ]);
  });

  test("is what the independent SDK computes, with both secrets during a rotation", () => {
    const headers = sign("SWITCHYARD_SIGNATURE", { signing_secret: SECRET, previous_secret: OLD_SECRET });
    const sdk = (secret: string) => new Webhook(secret).sign(ID, new Date(NOW_S * 1000), BODY.toString());
    expect(headerOf(headers, "webhook-signature")).toBe(`${sdk(SECRET)} ${sdk(OLD_SECRET)}`);
  });

  test("passes our own door under either secret, byte for byte for binary bodies", () => {
    const body = Buffer.from([0, 0xff, 0xfe, 0x80, 10]);
    const headers = sign("SWITCHYARD_SIGNATURE", { signing_secret: SECRET, previous_secret: OLD_SECRET }, body);
    for (const secret of [SECRET, OLD_SECRET]) {
      const auth = prepareAuth("STANDARD_WEBHOOKS", { secret });
      expect(verify(auth, inbound(body, headers), NOW_S * 1000)).toEqual({ kind: "verified", with: "secret" });
    }
  });

  test("never leaves a delivery unsigned for want of a secret", () => {
    expect(() => prepareSigner("SWITCHYARD_SIGNATURE", {})).toThrow("no signing_secret");
    expect(() => prepareSigner("SWITCHYARD_SIGNATURE", { signing_secret: SECRET, previous_secret: "whsec_" })).toThrow(
      "base64",
    );
    expect(() => prepareSigner("BEARER_TOKEN", { token: "" })).toThrow();
  });
});

describe("CUSTOM_SIGNATURE", () => {
  test("is the body's HMAC in the header, algorithm and encoding of the owner's choice", () => {
    for (const algorithm of ["sha1", "sha256", "sha512"] as const) {
      for (const encoding of ["hex", "base64", "base64url"] as const) {
        const headers = sign("CUSTOM_SIGNATURE", {
          header: "X-Webhook-Signature",
          signing_secret: "s",
          algorithm,
          encoding,
        });
        const expected = createHmac(algorithm, "s").update(BODY).digest(encoding);
        expect(headers).toEqual([...BASE, ["x-webhook-signature", expected]]);
      }
    }
  });

  test("defaults to hex SHA-256, and lists both during a rotation, today's first", () => {
    const hex = (key: string) => createHmac("sha256", key).update(BODY).digest("hex");
    const headers = sign("CUSTOM_SIGNATURE", { header: "x-sig", signing_secret: "new", previous_secret: "old" });
    expect(headerOf(headers, "x-sig")).toBe(`${hex("new")},${hex("old")}`);
    const door = (secret: string) => prepareAuth("HMAC", { secret, signature_header: "x-sig" });
    for (const secret of ["new", "old"]) {
      expect(verify(door(secret), inbound(BODY, headers), 0)).toEqual({ kind: "verified", with: "secret" });
    }
  });
});

test("id and timestamp are sent whatever the auth, followed by its own header", () => {
  expect(sign("NONE", {})).toEqual(BASE);
  expect(sign("BASIC_AUTH", { username: "jörg", password: "a:b" })).toEqual([
    ...BASE,
    ["authorization", `Basic ${Buffer.from("jörg:a:b").toString("base64")}`],
  ]);
  expect(sign("API_KEY", { header: "X-Key", api_key: "k" })).toEqual([...BASE, ["x-key", "k"]]);
  expect(sign("API_KEY", { api_key: "k" })).toEqual([...BASE, ["x-api-key", "k"]]);
  expect(sign("BEARER_TOKEN", { token: "t" })).toEqual([...BASE, ["authorization", "Bearer t"]]);
});

test("every header that holds a secret as it stands is named for masking", () => {
  const secrets = {
    username: "u",
    password: "canary-1",
    api_key: "canary-2",
    token: "canary-3",
    signing_secret: "canary-4",
  };
  const auths = [
    ["BASIC_AUTH", { username: secrets.username, password: secrets.password }],
    ["API_KEY", { header: "X-Key", api_key: secrets.api_key }],
    ["API_KEY", { api_key: secrets.api_key }],
    ["BEARER_TOKEN", { token: secrets.token }],
    ["CUSTOM_SIGNATURE", { header: "x-sig", signing_secret: secrets.signing_secret }],
    ["SWITCHYARD_SIGNATURE", { signing_secret: SECRET }],
    ["NONE", {}],
  ] as const;
  for (const [authType, auth] of auths) {
    const masked = secretHeaderNames(authType, auth);
    const visible = sign(authType, auth).filter(([name]) => !masked.has(name));
    for (const canary of [
      ...Object.values(secrets).slice(1),
      Buffer.from("u:canary-1").toString("base64"),
      SECRET.slice(6),
    ]) {
      expect(JSON.stringify(visible)).not.toContain(canary);
    }
  }
  expect(secretHeaderNames("API_KEY", { header: "X-Key", api_key: "k" })).toEqual(new Set(["x-key"]));
});

test("a key in the body is its last field, in objects alone", () => {
  const { bodyOf } = prepareSigner("BODY_KEY", { field: "routing_key", api_key: 'k"ey' });
  const sent = (text: string) => bodyOf(Buffer.from(text)).toString();
  expect(JSON.parse(sent('{"a":{"b":1}} \n'))).toEqual({ a: { b: 1 }, routing_key: 'k"ey' });
  expect(JSON.parse(sent('{"routing_key":"another"}'))).toEqual({ routing_key: 'k"ey' });
  expect(JSON.parse(sent(" { } "))).toEqual({ routing_key: 'k"ey' });
  for (const other of ["", "[1]", '"{}"', "plain"]) expect(sent(other)).toBe(other);
});
