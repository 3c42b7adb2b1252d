// Twilio signs with the auth token by SHA-1, or with the shared key of a Webhooks Rule by SHA-256, and names the latter in a header.
import { expect, test } from "vitest";
import { prepareAuth } from "#server/providers/verify.ts";
import { inbound } from "#test/support/inbound.ts";
import { base64, NOW_S, URL_OF_SOURCE } from "#test/support/provider-rows/row.ts";
import { verify } from "#test/support/verify.ts";

const SECRET = "shh-0123456789abcdef";
const SIGNED = `${URL_OF_SOURCE}SmsSidSM2f9bSmsStatusdelivered`;

function ask(signature: string, named: string, auth: object) {
  const request = inbound(
    "SmsSid=SM2f9b&SmsStatus=delivered",
    [
      ["Content-Type", "application/x-www-form-urlencoded"],
      ["X-Twilio-Signature", signature],
      ["X-Twilio-Webhooks-Signature-Settings", `key=SK1,algorithm=${named}`],
    ],
    { urls: [URL_OF_SOURCE] },
  );
  return verify(prepareAuth("TWILIO", auth), request, NOW_S * 1_000);
}

test("a signature counts by the algorithm that the owner has set, whatever the sender names", () => {
  const [bySha1, bySha256] = [base64(SECRET, SIGNED, "sha1"), base64(SECRET, SIGNED)];
  const [token, shared] = [{ secret: SECRET }, { secret: SECRET, algorithm: "sha256" }];
  const verified = { kind: "verified", with: "secret" };
  expect(ask(bySha256, "HMAC_SHA256", shared)).toEqual(verified);
  expect(ask(bySha1, "HMAC_SHA1", shared)).toMatchObject({ kind: "rejected" });
  expect(ask(bySha1, "HMAC_SHA256", token)).toEqual(verified);
  expect(ask(bySha256, "HMAC_SHA256", token)).toMatchObject({ kind: "rejected" });
});
