// Why a sender was not believed, in words: its secret has ended, its body was changed, or another scheme signed it.
import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { SourceConfig } from "#server/contracts/source.ts";
import { tellOtherSigner } from "#server/providers/other-signer.ts";
import { prepareAuth } from "#server/providers/verify.ts";
import { readSignatureAgain } from "#server/resources/read-signature-again.ts";
import { rotateAuth } from "#server/resources/rotate-secret.ts";
import { mergeSourceConfig, newSourceConfig } from "#server/resources/source-config.ts";
import { inbound } from "#test/support/inbound.ts";
import { verify } from "#test/support/verify.ts";

const [FIRST, SECOND, THIRD] = ["first-secret-of-three", "second-secret-of-three", "third-secret-of-three"];
const sign = (body: string, secret: string) => `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
const signed = (body: string, secret: string, sent = body) =>
  inbound(sent, [["x-hub-signature-256", sign(body, secret)]]);
const judge = ({ auth_type, auth }: SourceConfig, sent: ReturnType<typeof inbound>) =>
  verify(prepareAuth(auth_type, auth), sent, 0);

describe("a secret that has ended", () => {
  const rotate = (config: SourceConfig, secret: string) =>
    mergeSourceConfig(config, { auth: rotateAuth({ kind: "source", ...config }, secret).auth });
  const twice = rotate(rotate(newSourceConfig("GITHUB", { auth: { secret: FIRST } }), SECOND), THIRD);

  test("admits nobody and is named, while the two that are valid are believed", () => {
    expect(judge(twice, signed("{}", THIRD))).toEqual({ kind: "verified", with: "secret" });
    expect(judge(twice, signed("{}", SECOND))).toEqual({ kind: "verified", with: "previous_secret" });
    expect(judge(twice, signed("{}", FIRST))).toEqual({
      kind: "rejected",
      cause: "VERIFICATION_FAILED",
      detail: expect.stringContaining("the secret that this source had before and that is ended"),
    });
    expect(judge(twice, signed("{}", "never-a-secret"))).toMatchObject({
      detail: expect.not.stringContaining("ended"),
    });
  });

  test("is the one that was ended last, and none once it is valid again", () => {
    const ended = mergeSourceConfig(twice, { auth: { previous_secret: null } });
    expect(ended.auth).toEqual({ secret: THIRD, ended_secret: SECOND });
    expect(mergeSourceConfig(ended, { auth: { secret: SECOND } }).auth).toEqual({
      secret: SECOND,
      ended_secret: THIRD,
    });
  });

  test("may be sent back as it was read, also when it is another by now", () => {
    const ended = mergeSourceConfig(twice, { auth: { previous_secret: null } });
    const sentBack = { secret: THIRD, ended_secret: "…stale" };
    expect(mergeSourceConfig(ended, { auth: sentBack }).auth).toEqual({ secret: THIRD, ended_secret: SECOND });
  });

  test("cannot be planted by whoever writes the settings", () => {
    expect(newSourceConfig("GITHUB", { auth: { secret: FIRST, ended_secret: SECOND } }).auth).toEqual({
      secret: FIRST,
    });
  });

  test("is named for a token, too", () => {
    const gitlab = newSourceConfig("GITLAB", { auth: { secret: FIRST } });
    const now = mergeSourceConfig(gitlab, { auth: { secret: SECOND } });
    expect(judge(now, inbound("{}", [["x-gitlab-token", FIRST]]))).toMatchObject({
      kind: "rejected",
      detail: expect.stringContaining("is ended"),
    });
  });
});

describe("a provider's source without a secret", () => {
  test("is saved, and refuses everything", () => {
    for (const type of ["STRIPE", "GITHUB", "SLACK", "PAYPAL", "GITLAB"] as const) {
      const config = newSourceConfig(type, {});
      expect(config).toMatchObject({ auth_type: type, auth: {} });
      expect(judge(config, signed("{}", ""))).toMatchObject({
        kind: "rejected",
        detail: expect.stringContaining("no secret yet"),
      });
    }
    const emptied = mergeSourceConfig(newSourceConfig("GITHUB", { auth: { secret: FIRST } }), {
      auth: { secret: null },
    });
    expect(judge(emptied, signed("{}", FIRST))).toMatchObject({ kind: "rejected" });
    const rotated = rotateAuth({ kind: "source", ...newSourceConfig("GITHUB", {}) }, undefined);
    expect(rotated).toMatchObject({ auth: { secret: rotated.made }, isPreviousKept: false });
  });

  test("is refused at save where no provider's preset asked for it", () => {
    expect(() => newSourceConfig("WEBHOOK", { auth_type: "HMAC" })).toThrow();
  });
});

describe("a signature that does not fit is read again", () => {
  const config = newSourceConfig("GITHUB", { auth: { secret: FIRST } });
  const read = (sent: ReturnType<typeof inbound>) =>
    readSignatureAgain(config, { inbound: sent, receivedAt: new Date(0) });
  const value = { url: "https://example.com/a", name: "Zoë", n: [1, 2], note: "a, b: c" };
  const compact = JSON.stringify(value);
  const python = '{"url": "https://example.com/a", "name": "Zo\\u00eb", "n": [1, 2], "note": "a, b: c"}';
  const php = '{"url":"https:\\/\\/example.com\\/a","name":"Zo\\u00eb","n":[1,2],"note":"a, b: c"}';

  test.each([
    ["indented by its sender", JSON.stringify(value, null, 2), compact],
    ["compact, and indented on the way", compact, JSON.stringify(value, null, 4)],
    ["of Python", python, compact],
    ["of PHP", php, compact],
  ])("a body %s was parsed and written again", async (_how, signedBody, sent) => {
    expect(await read(signed(signedBody, FIRST, sent))).toContain("it was parsed and written again");
  });

  test("line breaks and a byte order mark are told", async () => {
    expect(await read(signed("{}", FIRST, "{}\n"))).toContain("its last line break was added");
    expect(await read(signed("\ufeff{}", FIRST, "{}"))).toContain("byte order mark");
  });

  test("a secret that the source has by now is told, and nothing of one that it never had", async () => {
    expect(await read(signed(compact, FIRST))).toContain("The secret that the source has now fits");
    expect(await read(signed(python, "another", compact))).toBe(null);
  });
});

test("the signature of another scheme is named with what to set", () => {
  const stripe = inbound("{}", [["Stripe-Signature", "t=1,v1=00"]]);
  expect(tellOtherSigner(stripe, ["x-hub-signature-256"])).toContain("set auth_type STRIPE");
  const zoom = inbound("{}", [["x-zm-signature", "v0=00"]]);
  expect(tellOtherSigner(zoom, [])).toMatch(/signature_header x-zm-signature|auth_type ZOOM/);
  const own = inbound("{}", [
    ["x-hub-signature-256", "sha256=00"],
    ["content-type", "application/json"],
  ]);
  expect(tellOtherSigner(own, ["x-hub-signature-256"])).toBe("");
});
