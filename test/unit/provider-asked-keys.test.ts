// Plaid and eBay, whose keys are asked for with the owner's credentials.
import { createHash, generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { SendOutcome } from "#server/egress/client.ts";
import { makeProviderKeys } from "#server/gateway/provider-keys.ts";
import { outlineBody } from "#server/payload/body-outline.ts";
import { challenge, describedFields, describe as describeEvent } from "#server/providers/describe.ts";
import { sourceProviders } from "#server/providers/list.ts";
import { prepareAuth, verify } from "#server/providers/verify.ts";
import { newSourceConfig } from "#server/resources/source-config.ts";
import { inbound } from "#test/support/inbound.ts";
import { EBAY, EBAY_KEY_ID, makeKeyAuthority, PLAID } from "#test/support/key-authority.ts";
import { NOW_S } from "#test/support/provider-rows/row.ts";

const NOW = NOW_S * 1000;
const VERIFIED = { kind: "verified", with: "secret" };
const PLAID_BODY = JSON.stringify({
  webhook_type: "TRANSACTIONS",
  webhook_code: "SYNC_UPDATES_AVAILABLE",
  item_id: "wz666MBjYWTp2PDzzggYhM6oWWmBb",
  environment: "production",
});
const EBAY_BODY = JSON.stringify({
  metadata: { topic: "MARKETPLACE_ACCOUNT_DELETION", schemaVersion: "1.0", deprecated: false },
  notification: {
    notificationId: "49feeaeb-4982-42d9-a377-9645b8479411",
    eventDate: "2026-11-20T20:43:59.462Z",
    publishAttemptCount: 1,
    data: { username: "test_user", userId: "ma8vp1jySJC" },
  },
});

/** A provider's servers, and the questions that reached them. */
function makeDesk() {
  const authority = makeKeyAuthority();
  const asked: string[] = [];
  let isAway = false;
  const fetchKey = makeProviderKeys(
    {
      async send({ url, method, headers, body }): Promise<SendOutcome> {
        asked.push(`${method} ${url.href}`);
        if (isAway) return { kind: "error", code: "TIMEOUT", seen: null, latencyMs: 1, phases: null };
        const sent = { path: url.pathname, method, headers: Object.fromEntries(headers), body: body?.toString() ?? "" };
        const served = authority.serve({ host: url.host, ...sent });
        const answer = { status: served.status, headers: [], body: Buffer.from(served.body) };
        return { kind: "response", ...answer, latencyMs: 1, phases: null };
      },
    },
    () => NOW,
  );
  const ask = async (type: "PLAID" | "EBAY", body: string | Buffer, value: string | null, auth?: object) => {
    const header = sourceProviders[type].headers[0] ?? "";
    const given = auth ?? (type === "PLAID" ? PLAID : EBAY);
    const headers = value === null ? [] : [[header, value] as [string, string]];
    return await verify(prepareAuth(type, given), inbound(body, headers), NOW, fetchKey);
  };
  return { ...authority, asked, ask, leave: () => (isAway = true) };
}

/** The text with one bit of one character changed, at each character in turn. */
const oneBitOff = (text: string): string[] =>
  [...Buffer.from(text)].map((byte, at) => {
    const copy = Buffer.from(text);
    copy[at] = byte ^ (1 << (at % 7));
    return copy.toString("latin1");
  });

const named = (type: "PLAID" | "EBAY", body: string) => {
  const request = inbound(body, [["content-type", "application/json"]]);
  const auth = prepareAuth(type, type === "PLAID" ? PLAID : EBAY);
  const fields = () => outlineBody(request.body, "application/json", describedFields(type, auth));
  const { eventType, providerEventId } = describeEvent(type, auth, request, fields);
  return [eventType, providerEventId, sourceProviders[type].normalise?.(request, JSON.parse(body))];
};

describe("Plaid", () => {
  test("is verified by the key that it serves, which is asked for once", async () => {
    const { ask, asked, signPlaid } = makeDesk();
    for (let n = 0; n < 3; n += 1)
      expect(await ask("PLAID", PLAID_BODY, signPlaid(PLAID_BODY, NOW_S))).toEqual(VERIFIED);
    expect(asked).toEqual(["POST https://production.plaid.com/webhook_verification_key/get"]);
    expect(named("PLAID", PLAID_BODY)).toEqual([
      "TRANSACTIONS.SYNC_UPDATES_AVAILABLE",
      null,
      { occurredAt: null, resourceId: "wz666MBjYWTp2PDzzggYhM6oWWmBb" },
    ]);
  });

  test("is refused with one bit of body or token changed, and without a token", async () => {
    const { ask, signPlaid } = makeDesk();
    const token = signPlaid(PLAID_BODY, NOW_S);
    for (const body of oneBitOff(PLAID_BODY)) expect((await ask("PLAID", body, token)).kind).toBe("rejected");
    for (const changed of oneBitOff(token))
      expect((await ask("PLAID", PLAID_BODY, changed)).kind, changed).toBe("rejected");
    for (const none of [null, "", " ", "a.b.c", token.replace(/[^.]+$/, "")])
      expect((await ask("PLAID", PLAID_BODY, none)).kind).toBe("rejected");
    expect(await ask("PLAID", PLAID_BODY, token)).toEqual(VERIFIED);
  });

  test("is held to its time, both ways, and to the algorithm that Plaid signs by", async () => {
    const { ask, signPlaid } = makeDesk();
    const at = (seconds: unknown) => ask("PLAID", PLAID_BODY, signPlaid(PLAID_BODY, 0, { claims: { iat: seconds } }));
    for (const seconds of [NOW_S - 300, NOW_S + 300]) expect(await at(seconds)).toEqual(VERIFIED);
    for (const seconds of [NOW_S - 301, NOW_S + 301])
      expect(await at(seconds)).toMatchObject({ cause: "TIMESTAMP_OUT_OF_TOLERANCE" });
    for (const seconds of [undefined, null, `${NOW_S}`, NOW_S + 0.5])
      expect(await at(seconds)).toMatchObject({ cause: "VERIFICATION_FAILED" });
    for (const alg of ["none", "HS256", "RS256", "es256"]) {
      const forged = signPlaid(PLAID_BODY, NOW_S, { head: { alg } });
      expect((await ask("PLAID", PLAID_BODY, forged)).kind).toBe("rejected");
    }
    const { privateKey: key } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    expect((await ask("PLAID", PLAID_BODY, signPlaid(PLAID_BODY, NOW_S, { key }))).kind).toBe("rejected");
  });

  test("is refused by a key that has run out", async () => {
    const { ask, signPlaid, expirePlaidKey } = makeDesk();
    expirePlaidKey(NOW_S - 1);
    expect(await ask("PLAID", PLAID_BODY, signPlaid(PLAID_BODY, NOW_S))).toMatchObject({
      detail: expect.stringContaining("has run out"),
    });
  });

  test("is asked for no key that a stranger spells otherwise than Plaid does, and for few that do not exist", async () => {
    const { ask, asked, signPlaid } = makeDesk();
    for (const kid of ["", "../item/get", "x", 5, null, ["a"], `${"a".repeat(36)}`])
      expect((await ask("PLAID", PLAID_BODY, signPlaid(PLAID_BODY, NOW_S, { head: { kid } }))).kind).toBe("rejected");
    expect(asked).toEqual([]);
    for (let n = 10; n < 60; n += 1) {
      const kid = `00000000-0000-4000-8000-0000000000${n}`;
      await ask("PLAID", PLAID_BODY, signPlaid(PLAID_BODY, NOW_S, { head: { kid } }));
    }
    expect(asked.length).toBe(10);
  });

  test("fails closed where its key cannot be had, and says that nothing was checked", async () => {
    const { ask, signPlaid, leave } = makeDesk();
    const wrong = { ...PLAID, secret: "another" };
    const token = signPlaid(PLAID_BODY, NOW_S);
    for (const auth of [wrong, { ...PLAID, environment: "sandbox" }])
      expect(await ask("PLAID", PLAID_BODY, token, auth)).toMatchObject({
        kind: "rejected",
        detail: expect.stringMatching(/was not checked: Plaid did not serve the key .* check client ID and secret/),
      });
    leave();
    expect((await ask("PLAID", PLAID_BODY, token)).kind).toBe("rejected");
    for (const auth of [{}, { secret: PLAID.secret }, { ...PLAID, client_id: "" }])
      expect((await ask("PLAID", PLAID_BODY, token, auth)).kind).toBe("rejected");
  });

  test("what was served to one owner is no answer to another, who has other credentials", async () => {
    const { ask, signPlaid } = makeDesk();
    const token = signPlaid(PLAID_BODY, NOW_S);
    expect(await ask("PLAID", PLAID_BODY, token)).toEqual(VERIFIED);
    expect((await ask("PLAID", PLAID_BODY, token, { ...PLAID, secret: "guessed" })).kind).toBe("rejected");
  });
});

describe("eBay", () => {
  test("is verified by the key that it serves for a token, which are asked for once", async () => {
    const { ask, asked, signEbay } = makeDesk();
    for (let n = 0; n < 3; n += 1) expect(await ask("EBAY", EBAY_BODY, signEbay(EBAY_BODY))).toEqual(VERIFIED);
    expect(asked).toEqual([
      "POST https://api.ebay.com/identity/v1/oauth2/token",
      `GET https://api.ebay.com/commerce/notification/v1/public_key/${EBAY_KEY_ID}`,
    ]);
    expect(named("EBAY", EBAY_BODY)).toEqual([
      "MARKETPLACE_ACCOUNT_DELETION",
      "49feeaeb-4982-42d9-a377-9645b8479411",
      { occurredAt: "2026-11-20T20:43:59.462Z", resourceId: "ma8vp1jySJC" },
    ]);
  });

  test("is refused with one bit of body or signature changed, by another algorithm, and without a signature", async () => {
    const { ask, asked, signEbay } = makeDesk();
    const value = signEbay(EBAY_BODY);
    for (const body of oneBitOff(EBAY_BODY)) expect((await ask("EBAY", body, value)).kind).toBe("rejected");
    for (const changed of oneBitOff(value))
      expect((await ask("EBAY", EBAY_BODY, changed)).kind, changed).toBe("rejected");
    for (const given of [{ alg: "none" }, { alg: "rsa" }, { digest: "MD5" }, { digest: "SHA256" }, { signature: "" }])
      expect((await ask("EBAY", EBAY_BODY, signEbay(EBAY_BODY, given))).kind).toBe("rejected");
    for (const none of [null, "", "e30=", "bnVsbA==", "not base64"])
      expect((await ask("EBAY", EBAY_BODY, none)).kind).toBe("rejected");
    const before = asked.length;
    for (const kid of ["", "../../identity", "a/b", "a?b", 5, null])
      expect((await ask("EBAY", EBAY_BODY, signEbay(EBAY_BODY, { kid }))).kind).toBe("rejected");
    expect(asked.length).toBe(before);
  });

  test("fails closed where token or key cannot be had", async () => {
    const { ask, signEbay, leave } = makeDesk();
    const value = signEbay(EBAY_BODY);
    for (const auth of [
      { ...EBAY, secret: "another" },
      { ...EBAY, environment: "sandbox" },
    ])
      expect(await ask("EBAY", EBAY_BODY, value, auth)).toMatchObject({
        detail: expect.stringContaining("was not checked: eBay did not serve the key"),
      });
    leave();
    expect((await ask("EBAY", EBAY_BODY, value)).kind).toBe("rejected");
  });

  test("its new endpoint answers with the hash of code, token and URL, byte for byte", () => {
    const auth = prepareAuth("EBAY", EBAY);
    const probe = (query: string, method = "GET") => {
      const request = inbound("", [], { method, urls: [`https://hooks.example.com/e/key${query}`] });
      return challenge("EBAY", auth, request, () => undefined, false);
    };
    const hash = createHash("sha256")
      .update(`a8628072${EBAY.verify_token}https://hooks.example.com/e/key`)
      .digest("hex");
    expect(probe("?challenge_code=a8628072")).toEqual({
      status: 200,
      contentType: "application/json",
      body: `{"challengeResponse":"${hash}"}`,
    });
    for (const query of ["", "?challenge_code=", "?challenge_code=%3Cscript%3E", "?other=1"])
      expect(probe(query)).toBeNull();
    expect(probe("?challenge_code=a8628072", "POST")).toBeNull();
  });

  test("a verification token that eBay would not take is refused when it is saved", () => {
    const save = (verify_token: string) => () => newSourceConfig("EBAY", { auth: { ...EBAY, verify_token } });
    expect(save(EBAY.verify_token)).not.toThrow();
    for (const token of ["short", `${EBAY.verify_token} `.repeat(2), "ä".repeat(40)])
      expect(save(token)).toThrow(/32 to 80/);
  });
});
