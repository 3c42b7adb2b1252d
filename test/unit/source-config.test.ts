import { describe, expect, test } from "vitest";
import type { SourceConfig } from "#server/contracts/source.ts";
import { prepareAuth } from "#server/providers/verify.ts";
import { mergeSourceConfig, newSourceConfig, retypeSourceConfig } from "#server/resources/source-config.ts";
import { inbound } from "#test/support/inbound.ts";
import { verify } from "#test/support/verify.ts";

const KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const save = (auth_type: SourceConfig["auth_type"], auth: SourceConfig["auth"]) =>
  newSourceConfig("WEBHOOK", { auth_type, auth }).auth;
const issuesOf = (auth_type: SourceConfig["auth_type"], auth: SourceConfig["auth"]) => {
  try {
    save(auth_type, auth);
  } catch (error) {
    return (error as { issues?: { path: string; message: string }[] }).issues;
  }
  return [];
};

describe("secrets as they are pasted", () => {
  test("blanks and line breaks at the ends are left out, of every secret", () => {
    expect(save("GITHUB", { secret: " s3cret\n", previous_secret: "\told \r\n" })).toEqual({
      secret: "s3cret",
      previous_secret: "old",
    });
    expect(save("BASIC_AUTH", { username: "me ", password: "pass word\n" })).toEqual({
      username: "me",
      password: "pass word",
    });
    expect(save("API_KEY", { api_key: "key\n" })).toMatchObject({ api_key: "key" });
  });

  test("a key for authorization may be pasted with or without Bearer", () => {
    for (const api_key of ["k-1234", "Bearer k-1234"]) {
      const auth = prepareAuth("API_KEY", save("API_KEY", { header: "Authorization", api_key }));
      const sent = inbound("{}", [["authorization", "Bearer k-1234"]]);
      expect(verify(auth, sent, 0)).toMatchObject({ kind: "authenticated" });
    }
  });
});

describe("what could never verify is refused with a sentence", () => {
  const refused: [SourceConfig["auth_type"], SourceConfig["auth"], string, RegExp][] = [
    ["GITHUB", { secret: "   " }, "secret", /not empty/],
    ["HMAC", { secret: " \n", signature_header: "x-sig" }, "secret", /not empty/],
    ["STANDARD_WEBHOOKS", { secret: "whsec_" }, "secret", /only its beginning/],
    ["STANDARD_WEBHOOKS", { secret: "whsec_!!!" }, "secret", /no base64/],
    ["STANDARD_WEBHOOKS", { secret: "whsec_QQ==" }, "secret", /1 bytes/],
    ["STANDARD_WEBHOOKS", { secret: KEY, previous_secret: "whsec_QUJD" }, "previous_secret", /3 bytes/],
    ["STANDARD_WEBHOOKS", { secret: "=" }, "secret", /0 bytes/],
    ["HMAC", { secret: "whsec_QQ==", signature_header: "Webhook-Signature" }, "secret", /1 bytes/],
    ["HMAC", { secret: "whsec_QQ==", signature_header: "svix-signature" }, "secret", /1 bytes/],
    ["STRIPE", { secret: "whsec_" }, "secret", /only its beginning/],
    ["API_KEY", { api_key: "k", header: "Host" }, "header", /host/],
    ["API_KEY", { api_key: "k", header: "Proxy-Authorization" }, "header", /proxy-authorization/],
    ["API_KEY", { api_key: "k", header: "content-length" }, "header", /content-length/],
    ["API_KEY", { api_key: "k", header: "Transfer-Encoding" }, "header", /transfer-encoding/],
    ["API_KEY", { api_key: "k", header: "x-forwarded-for" }, "header", /x-forwarded-for/],
    ["API_KEY", { api_key: "a\nb" }, "api_key", /line breaks/],
    ["HMAC", { secret: "s", signature_header: "connection" }, "signature_header", /connection/],
    ["HMAC", { secret: "s", signature_header: "X-Switchyard-Test" }, "signature_header", /Switchyard itself writes/],
    ["BASIC_AUTH", { username: "a:b", password: "p" }, "username", /colon/],
  ];
  test.each(refused)("%s %j", (authType, auth, field, message) => {
    expect(issuesOf(authType, auth)).toEqual([
      { path: `config.auth.${field}`, message: expect.stringMatching(message) },
    ]);
  });

  test("what was saved before is not held against a change of something else", () => {
    const saved = {
      ...newSourceConfig("WEBHOOK", {}),
      auth_type: "STANDARD_WEBHOOKS",
      auth: { secret: "whsec_QUJD" },
    } as const;
    expect(mergeSourceConfig(saved, { body_limit_bytes: 5 }).auth).toEqual({ secret: "whsec_QUJD" });
    expect(() => mergeSourceConfig(saved, { auth: { secret: "whsec_QQ==" } })).toThrow();
  });

  test("what can verify is saved, short or unusual as it may be", () => {
    expect(issuesOf("STANDARD_WEBHOOKS", { secret: KEY })).toEqual([]);
    expect(issuesOf("STANDARD_WEBHOOKS", { secret: KEY.slice("whsec_".length) })).toEqual([]);
    expect(issuesOf("STRIPE", { secret: "whsec_x" })).toEqual([]);
    expect(issuesOf("HMAC", { secret: "s", signature_header: "x-sig" })).toEqual([]);
    expect(issuesOf("API_KEY", { api_key: "k", header: "cookie" })).toEqual([]);
  });
});

test("a token that the provider sends in the body is shown to nobody, also where the type comes later", () => {
  expect(newSourceConfig("MATTERMOST", { auth: { secret: "t0ken" } }).masked_paths).toEqual(["body.token"]);
  const plain = newSourceConfig("WEBHOOK", { masked_paths: ["body.card"] });
  expect(retypeSourceConfig(plain, "MATTERMOST").masked_paths).toEqual(["body.card", "body.token"]);
  expect(newSourceConfig("MICROSOFT_GRAPH", { auth: { secret: "state" } }).masked_paths).toEqual([
    "body.value[*].clientState",
  ]);
  expect(newSourceConfig("STRIPE", { auth: { secret: "s" } }).masked_paths).toEqual([]);
});

test("a token in the body is masked as well where the proof alone becomes its provider's", () => {
  const auth = { secret: "t0ken" };
  const made = newSourceConfig("WEBHOOK", { auth_type: "MATTERMOST", auth });
  expect(made.masked_paths).toEqual(["body.token"]);
  const plain = newSourceConfig("WEBHOOK", { masked_paths: ["body.card"] });
  const changed = mergeSourceConfig(plain, { auth_type: "MATTERMOST", auth });
  expect(changed.masked_paths).toEqual(["body.card", "body.token"]);
  // Its owner's list is the owner's to set: once the proof is this one, and beside it.
  expect(mergeSourceConfig(changed, { masked_paths: [] }).masked_paths).toEqual([]);
  expect(mergeSourceConfig(plain, { auth_type: "MATTERMOST", auth, masked_paths: [] }).masked_paths).toEqual([]);
});

test("the answer that a provider asks for comes with its type, but not over the owner's own", () => {
  const plain = newSourceConfig("WEBHOOK", {});
  const empty = { status: 200, content_type: "text/plain", body: "" };
  expect(retypeSourceConfig(plain, "XERO").custom_response).toEqual(empty);
  expect(retypeSourceConfig(plain, "AIRTABLE").custom_response).toEqual(empty);
  const own = { status: 202, content_type: "text/plain", body: "ok" };
  expect(retypeSourceConfig({ ...plain, custom_response: own }, "XERO").custom_response).toEqual(own);
});
