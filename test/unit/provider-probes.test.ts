import { createHmac, generateKeyPairSync, hash } from "node:crypto";
import { expect, test } from "vitest";
import type { HeaderList } from "#server/contracts/header-list.ts";
import type { ProviderType } from "#server/contracts/provider.ts";
import { challenge } from "#server/providers/describe.ts";
import { prepareAuth } from "#server/providers/verify.ts";
import { newSourceConfig } from "#server/resources/source-config.ts";
import { inbound } from "#test/support/inbound.ts";
import { verify } from "#test/support/verify.ts";

const URL_OF_SOURCE = "https://hooks.example.com/e/key";
const SECRET = "shh-0123456789abcdef";

function probe(type: ProviderType, auth: object, query: Record<string, string>, method = "GET", isVerified = false) {
  const url = `${URL_OF_SOURCE}?${new URLSearchParams(query)}`;
  return challenge(
    type,
    prepareAuth(type, auth),
    inbound("", [], { method, urls: [url] }),
    () => undefined,
    isVerified,
  );
}

test("X signs a stranger's token, and no text that it signs passes for an event", () => {
  const ask = (crc_token: string, method?: string) => probe("X", { secret: SECRET }, { crc_token }, method);
  expect(ask("MTQ4ODU0NTI1Nw==")?.status).toBe(200);
  for (const text of ['{"for_user_id":"1"}', "[]", '"text"', "", " {}", "\t1", "\ufeff{}", "a b"])
    expect(ask(text), text).toBeNull();
  for (const text of ["MTQ4ODU0NTI1Nw==", "text", "event=sold", "1", "-1", "1e5", "true", "false", "null"]) {
    const answer = ask(text);
    if (!answer) throw new Error(`${text} gets no answer.`);
    const { response_token } = JSON.parse(answer.body) as { response_token: string };
    for (const type of ["application/json", "text/plain", "application/x-www-form-urlencoded"]) {
      const headers: HeaderList = [
        ["content-type", type],
        ["x-twitter-webhooks-signature", response_token],
      ];
      expect(verify(prepareAuth("X", { secret: SECRET }), inbound(text, headers), 0).kind, text).toBe("rejected");
    }
  }
  expect(ask("a".repeat(257))).toBeNull();
  expect(ask("token", "POST")).toBeNull();
  expect(probe("X", {}, { crc_token: "token" })).toBeNull();
});

test("Meta's challenge is echoed to whoever knows the verify token, and no other text than Meta sends", () => {
  const auth = { secret: SECRET, verify_token: "meatyhamhock" };
  const good = { "hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "meatyhamhock" };
  expect(probe("META", auth, good)?.body).toBe("1158201444");
  for (const wrong of [
    { "hub.verify_token": "meatyhamhoc" },
    { "hub.verify_token": "" },
    { "hub.mode": "unsubscribe" },
    { "hub.challenge": "<script>" },
    { "hub.challenge": "" },
    { "hub.challenge": '{"object":"page"}' },
  ])
    expect(probe("META", auth, { ...good, ...wrong })).toBeNull();
  expect(probe("META", auth, good, "POST")).toBeNull();
  expect(probe("META", { secret: SECRET }, good)).toBeNull();
});

test("Zoom's token is signed as Zoom asks, and no text that could be signed for an event", () => {
  const ask = (plainToken: unknown) => {
    const body = { event: "endpoint.url_validation", payload: { plainToken } };
    const one = inbound(JSON.stringify(body), []);
    return challenge("ZOOM", prepareAuth("ZOOM", { secret: SECRET }), one, () => body, true);
  };
  expect(ask("qgg8vlvZRS6UYooatFL8Aw")?.status).toBe(200);
  for (const text of ["v0:1760000000:{}", "v0:1", "", " ", 5, null, { a: 1 }, "x".repeat(129)])
    expect(ask(text)).toBeNull();
});

const claimsFor = (body: string) => ({
  request_body_sha256: createHmac("sha256", "x").update(body).digest("base64"),
});
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
function token(header: object, claims: object, secret: string): string {
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}

test("a JWT's algorithm is the key's, never the sender's", () => {
  const claims = { request_body_sha256: hash("sha256", "{}", "base64") };
  const pem = generateKeyPairSync("rsa", { modulusLength: 2048 })
    .publicKey.export({ type: "spki", format: "pem" })
    .toString()
    .trim();
  const ask = (secret: string, jwt: string) => {
    const headers: HeaderList = [["X-FusionAuth-Signature-JWT", jwt]];
    return verify(prepareAuth("FUSIONAUTH", { secret }), inbound("{}", headers), 1_760_000_000_000);
  };
  const good = token({ alg: "HS256" }, claims, SECRET);
  expect(ask(SECRET, good)).toEqual({ kind: "verified", with: "secret" });
  const [head = "", payload = "", signature = ""] = good.split(".");
  const wrong = [
    `${part({ alg: "none" })}.${payload}.`,
    `${part({ alg: "none" })}.${payload}.${signature}`,
    `${head}.${payload}`,
    `${head}.${payload}.${signature}.${signature}`,
    token({ alg: "HS512" }, claims, SECRET),
    token({ alg: ["HS256"] }, claims, SECRET),
    token({}, claims, SECRET),
    token({ alg: "HS256" }, claimsFor("{}"), SECRET),
    token({ alg: "HS256" }, {}, SECRET),
    token({ alg: "HS256" }, { ...claims, exp: 1_759_999_000 }, SECRET),
    token({ alg: "HS256" }, { ...claims, nbf: 1_760_001_000 }, SECRET),
    token({ alg: "HS256" }, { ...claims, exp: "later" }, SECRET),
  ];
  for (const jwt of wrong) expect(ask(SECRET, jwt).kind, jwt).toBe("rejected");
  // The public key as the secret of an HMAC, which anybody has.
  for (const alg of ["HS256", "RS256"]) expect(ask(pem, token({ alg }, claims, pem)).kind).toBe("rejected");
});

test("keys that could never verify are refused when they are saved, by a sentence", () => {
  const save = (type: ProviderType, auth: Record<string, unknown>) => () => newSourceConfig(type, { auth });
  const p256 = generateKeyPairSync("ec", { namedCurve: "prime256v1" }).publicKey.export({
    type: "spki",
    format: "pem",
  });
  const p384 = generateKeyPairSync("ec", { namedCurve: "secp384r1" }).publicKey.export({ type: "spki", format: "pem" });
  expect(save("SENDGRID", { public_key: p256 })).not.toThrow();
  for (const public_key of ["abc", "00".repeat(32), p384, "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----"])
    expect(save("SENDGRID", { public_key })).toThrow(/public key as the provider shows it/);
  for (const public_key of ["ab".repeat(31), p256]) expect(save("DISCORD", { public_key })).toThrow(/Ed25519/);
  expect(save("FUSIONAUTH", { secret: "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----" })).toThrow(
    /as PEM/,
  );
  expect(save("CLERK", { secret: "whsec_" })).toThrow(/only its beginning/);
  expect(save("CLERK", { secret: "whsec_no base64!" })).toThrow(/no base64/);
  expect(save("META", { secret: SECRET })).toThrow();
});
