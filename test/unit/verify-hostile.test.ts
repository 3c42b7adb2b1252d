import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HeaderList } from "#server/contracts/header-list.ts";
import type { SourceAuthType } from "#server/contracts/source.ts";
import { authSchemes } from "#server/providers/auth-schemes.ts";
import { challenge, describe as describeEvent } from "#server/providers/describe.ts";
import { providerOfType, providers, providersByAuthType } from "#server/providers/list.ts";
import { prepareAuth } from "#server/providers/verify.ts";
import { cases } from "#test/support/generation.ts";
import { inbound } from "#test/support/inbound.ts";
import { EBAY, PLAID } from "#test/support/key-authority.ts";
import { ROWS } from "#test/support/provider-rows/rows.ts";
import { verify } from "#test/support/verify.ts";

const NOW = 1_760_000_000_000;
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OLD_SECRET = "whsec_b3RoZXJvdGhlcm90aGVyb3RoZXI=";
const SECRETS = { secret: SECRET, previous_secret: OLD_SECRET };
const HEX_SECRETS = { secret: "00112233445566778899aabbccddeeff", previous_secret: "ffeeddccbbaa99887766554433221100" };
const FAILED = { kind: "rejected", cause: "VERIFICATION_FAILED" };

const byHeader = providers
  .filter(({ hmac, isHeaderShared }) => hmac !== null && !isHeaderShared)
  .flatMap(({ headers, hmac }) => headers.map((header) => ({ header, isHex: hmac?.key?.encoding === "hex" })))
  .map(({ header, isHex }) => ({
    name: header,
    header,
    auth: prepareAuth("HMAC", { ...(isHex ? HEX_SECRETS : SECRETS), signature_header: header }),
  }));
/** Of those whose keys are asked for, which have test files of their own instead of rows. */
const BY_ASKED_KEY: Record<string, object> = {
  EBAY,
  PLAID,
  PAYPAL: { webhook_id: "1JE4291016473214C" },
  SNS: { topic_arn: "arn:aws:sns:eu-west-1:123456789012:orders" },
};
const settingsOf = (name: string) => BY_ASKED_KEY[name] ?? ROWS[name]?.auth ?? SECRETS;
/** Most providers prove themselves in one of a few ways: one provider of each way stands for them. */
const ways = new Map(Object.entries(providersByAuthType).map(([name, { about }]) => [about, name as SourceAuthType]));
const byType = [...ways.values()].map((name) => ({
  name,
  header: providerOfType(name)?.headers[0] ?? "",
  auth: prepareAuth(name, settingsOf(name)),
}));
const signed = [...byHeader, ...byType];
const shared = [
  { name: "BASIC_AUTH", header: "authorization", auth: prepareAuth("BASIC_AUTH", { username: "u", password: SECRET }) },
  { name: "API_KEY", header: "x-api-key", auth: prepareAuth("API_KEY", { api_key: SECRET }) },
];
const everyScheme = [...signed, ...shared];

const timestampHeaders = [
  "x-slack-request-timestamp",
  "x-zm-request-timestamp",
  "x-webflow-timestamp",
  "webhook-timestamp",
  "webhook-id",
  "svix-timestamp",
  "svix-id",
  "x-zendesk-webhook-signature-timestamp",
  "twitch-eventsub-message-timestamp",
  "content-type",
];
const hostileValue = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.constantFrom(
    "",
    " ",
    "=",
    ",",
    ";",
    "v1=",
    "v1,",
    "sha256=",
    "t=,v1=",
    "t=1,v1=",
    "Basic ",
    "Basic =",
    "Basic Og==",
    "__proto__",
  ),
  fc.constantFrom(
    "application/x-www-form-urlencoded",
    "application/json",
    "1760000000",
    "1760000000000",
    "2025-10-09T08:53:20Z",
  ),
  fc.stringMatching(/^(sha256=|v0=|v1=|v1,|t=1760000000,v1=|ts=1760000000;h1=)?[0-9a-f]{64}$/),
  fc.stringMatching(/^(sha1=)?[A-Za-z0-9+/]{27}=$/),
);

test.each(everyScheme)("$name: nothing that a stranger sends throws or verifies", ({ header, auth }) => {
  const names = fc.constantFrom(header, header.toUpperCase(), ...timestampHeaders);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(names, hostileValue), { maxLength: 8 }),
      fc.uint8Array({ maxLength: 200 }),
      fc.oneof(fc.webUrl({ withQueryParameters: true }), fc.string(), fc.constant("https://x/?bodySHA256=zz")),
      (headers, body, url) => {
        const sent = inbound(Buffer.from(body), headers, { urls: [url] });
        expect(verify(auth, sent, NOW).kind).toBe("rejected");
        describeEvent("WEBHOOK", auth, sent, () => undefined);
        for (const isVerified of [true, false]) challenge("WEBHOOK", auth, sent, () => undefined, isVerified);
      },
    ),
    cases(60),
  );
});

test.each(everyScheme)(
  "$name: absent, empty and undecodable proofs are a clean rejection that names the header",
  ({ header, auth }) => {
    const clear = { ...FAILED, detail: expect.stringContaining(header) };
    expect(verify(auth, inbound("{}", []), NOW)).toMatchObject(clear);
    for (const value of ["", "=", "sha256=", "%%%", "\0", "ÿ".repeat(64), "A".repeat(16_000), ",".repeat(16_000)]) {
      expect(verify(auth, inbound("", [[header, value]]), NOW)).toMatchObject(FAILED);
    }
  },
);

test.each(everyScheme)(
  "$name: a detail holds no secret and no signature that would have been right",
  ({ header, auth }) => {
    const attempts: HeaderList[] = [
      [],
      [[header, "x"]],
      [[header, `t=1760000000,v1=${"0".repeat(64)}`]],
      [[header, `sha256=${"0".repeat(64)}`]],
    ];
    for (const headers of attempts) {
      const outcome = verify(auth, inbound("{}", headers), NOW);
      const detail = outcome.kind === "rejected" ? outcome.detail : "";
      expect(detail).not.toBe("");
      expect(detail).not.toContain(SECRET.slice(6));
      expect(detail).not.toMatch(/[0-9a-f]{40}|[A-Za-z0-9+/]{27}=/);
    }
  },
);

test("settings that do not fit their type refuse every request instead of throwing", () => {
  const types = (Object.keys(authSchemes) as SourceAuthType[]).filter((type) => type !== "NONE");
  expect(types.length).toBeGreaterThan(8);
  for (const authType of types) {
    for (const auth of [
      {},
      null,
      undefined,
      "x",
      [],
      { secret: "" },
      { secret: 5, signature_header: "x", password: "" },
    ]) {
      expect(verify(prepareAuth(authType, auth), inbound("", [["x", "y"]]), NOW)).toMatchObject(FAILED);
    }
  }
});

test("a source without auth says unsigned, never verified", () => {
  expect(verify(prepareAuth("NONE", {}), inbound("", [["stripe-signature", "t=1,v1=00"]]), NOW)).toEqual({
    kind: "unattempted",
  });
});

test("a signature made for one scheme does not pass another", () => {
  const body = "{}";
  const seconds = String(NOW / 1000);
  const overBodyHex = createHmac("sha256", SECRET).update(body).digest("hex");
  const headers = (header: string): HeaderList => [
    [header, `t=${seconds},v1=${overBodyHex}`],
    [header, `ts=${seconds};h1=${overBodyHex}`],
    [header, `v0=${overBodyHex}`],
    ["x-slack-request-timestamp", seconds],
    ["x-zm-request-timestamp", seconds],
  ];
  for (const header of [
    "stripe-signature",
    "x-slack-signature",
    "paddle-signature",
    "x-zm-signature",
    "calendly-webhook-signature",
  ]) {
    const auth = prepareAuth("HMAC", { secret: SECRET, signature_header: header });
    expect(verify(auth, inbound(body, headers(header)), NOW)).toMatchObject(FAILED);
  }
});

describe("shared secrets", () => {
  const basic = (userinfo: string) => `Basic ${Buffer.from(userinfo, "utf8").toString("base64")}`;
  const sent = (authType: SourceAuthType, settings: object, headers: HeaderList) =>
    verify(prepareAuth(authType, settings), inbound("", headers), NOW);

  test("Basic: exactly the user and one of the passwords, in UTF-8, colons in the password included", () => {
    const settings = { username: "jörg", password: "a:b", previous_password: "old" };
    const ask = (value: string) => sent("BASIC_AUTH", settings, [["Authorization", value]]);
    expect(ask(basic("jörg:a:b"))).toEqual({ kind: "authenticated", with: "secret" });
    expect(ask(basic("jörg:a:b").replace("Basic", "bAsIc"))).toEqual({ kind: "authenticated", with: "secret" });
    expect(ask(basic("jörg:old"))).toEqual({ kind: "authenticated", with: "previous_secret" });
    for (const wrong of ["jörg:", ":a:b", "jörg", "jörg:a:b ", "JÖRG:a:b", ""])
      expect(ask(basic(wrong))).toMatchObject(FAILED);
    expect(ask(basic("jörg:a:b").replace("Basic", "Bearer"))).toMatchObject(FAILED);
    expect(ask("jörg:a:b")).toMatchObject(FAILED);
  });

  test("API key: the whole value of its header, and after Bearer only in authorization", () => {
    const inHeader = { header: "X-Token", api_key: "k1", previous_api_key: "k0" };
    expect(sent("API_KEY", inHeader, [["x-token", "k1"]])).toEqual({ kind: "authenticated", with: "secret" });
    expect(
      sent("API_KEY", inHeader, [
        ["x-token", "wrong"],
        ["X-TOKEN", "k0"],
      ]),
    ).toEqual({ kind: "authenticated", with: "previous_secret" });
    for (const wrong of ["k", "k11", "Bearer k1", "K1", ""])
      expect(sent("API_KEY", inHeader, [["x-token", wrong]])).toMatchObject(FAILED);

    const inAuthorization = { header: "Authorization", api_key: "k1" };
    for (const right of ["k1", "Bearer k1", "bearer k1"]) {
      expect(sent("API_KEY", inAuthorization, [["authorization", right]])).toEqual({
        kind: "authenticated",
        with: "secret",
      });
    }
    expect(sent("API_KEY", inAuthorization, [["authorization", "Bearer "]])).toMatchObject(FAILED);
    expect(sent("API_KEY", { api_key: "k1" }, [["x-api-key", "k1"]])).toEqual({
      kind: "authenticated",
      with: "secret",
    });
  });

  test("API key: a key outside ASCII is compared by the bytes that were sent", () => {
    const bytes = Buffer.from("schlüssel", "utf8").toString("latin1");
    expect(sent("API_KEY", { api_key: "schlüssel" }, [["x-api-key", bytes]])).toEqual({
      kind: "authenticated",
      with: "secret",
    });
  });
});

test("takes no other last character of base64, whose spare bits would decode to the same digest", () => {
  const body = Buffer.from("{}");
  const auth = prepareAuth("HMAC", { secret: SECRET, signature_header: "x-signature" });
  const send = (signature: string) => verify(auth, inbound(body, [["x-signature", signature]]), NOW);
  const base64 = createHmac("sha256", SECRET).update(body).digest("base64").replace("=", "");
  expect(send(base64)).toMatchObject({ kind: "verified" });
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const sameDigest = [...alphabet]
    .map((character) => base64.slice(0, -1) + character)
    .filter((text) => text !== base64 && Buffer.from(text, "base64").equals(Buffer.from(base64, "base64")));
  expect(sameDigest).toHaveLength(3);
  for (const text of sameDigest) expect(send(text)).toMatchObject(FAILED);
});
