import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { prepareSigner } from "#server/delivery/sign.ts";
import {
  type Payload,
  verifyCustomSignature,
  verifyWebhook,
  type WebhookHeaders,
  WebhookVerificationError,
} from "#server/sdk/switchyard.ts";
import { oneBitOff, oneBitOffBytes } from "#test/support/tampered.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER = "whsec_b3RoZXJvdGhlcm90aGVyb3RoZXJvdGhlcm90aGVy";
const ID = "evt_01JA000000000000000000TEST";
const NOW_S = 1_760_000_000;
const now = new Date(NOW_S * 1_000);
const BODY = Buffer.from('{"note":"Grüße","n":1.0}');

type Headers = Record<string, string>;
const signed = (body: Buffer, auth: object = { signing_secret: SECRET }, timestampSeconds = NOW_S): Headers =>
  Object.fromEntries(prepareSigner("SWITCHYARD_SIGNATURE", auth).sign({ id: ID, timestampSeconds, body }));

/** The reason of a refusal; "verified" where there was none. */
const reasonOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "verified",
    (error: unknown) => (error instanceof WebhookVerificationError ? error.reason : Promise.reject(error)),
  );
const check = (payload: Payload, headers: WebhookHeaders, secret: string | string[] = SECRET, at = now) =>
  reasonOf(verifyWebhook(payload, headers, secret, { now: at }));

describe("what a lane signs", () => {
  test("is verified as text and as bytes, from every shape of headers", async () => {
    const headers = signed(BODY);
    const expected = { id: ID, timestamp: now };
    const shapes: WebhookHeaders[] = [
      headers,
      new Headers(headers),
      Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value])),
      Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    ];
    for (const shape of shapes) expect(await verifyWebhook(BODY, shape, SECRET, { now })).toEqual(expected);
    const payloads: Payload[] = [
      BODY.toString(),
      Uint8Array.from(BODY),
      Uint8Array.from(BODY).buffer,
      new DataView(Uint8Array.from(BODY).buffer),
    ];
    for (const payload of payloads) expect(await verifyWebhook(payload, headers, SECRET, { now })).toEqual(expected);
  });

  test("is verified under either secret while it is rotated, and by a receiver that has both", async () => {
    const headers = signed(BODY, { signing_secret: SECRET, previous_secret: OTHER });
    for (const secret of [SECRET, OTHER, [OTHER, SECRET]]) expect(await check(BODY, headers, secret)).toBe("verified");
    expect(await check(BODY, signed(BODY), [OTHER, SECRET])).toBe("verified");
    expect(await check(BODY, signed(BODY), [OTHER])).toBe("wrong_signature");
  });

  test("is verified whatever the body and the owner's secret are", async () => {
    const secrets = fc.stringMatching(/^whsec_[A-Za-z0-9+/]{32,48}={0,2}$/);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), secrets, async (bytes, secret) => {
        const body = Buffer.from(bytes);
        expect(await check(Uint8Array.from(body), signed(body, { signing_secret: secret }), secret)).toBe("verified");
      }),
      { numRuns: 300 },
    );
  });

  test("is verified as the docs print it", async () => {
    const page = readFileSync("docs/guide/signing.md", "utf8");
    const { secret, headers, body } = JSON.parse(/```json vector\n([\s\S]*?)```/.exec(page)?.[1] ?? "");
    expect(await check(body, headers, secret, new Date(1_767_225_600_000))).toBe("verified");
  });
});

describe("a delivery that was tampered with", () => {
  const headers = signed(BODY);

  test("is refused for each bit of the body", async () => {
    for (const [bit, changed] of oneBitOffBytes(BODY).entries())
      expect(await check(changed, headers), `bit ${bit}`).toBe("wrong_signature");
    expect(await check("", headers)).toBe("wrong_signature");
    expect(await check(`${BODY} `, headers)).toBe("wrong_signature");
  });

  test.each(["webhook-id", "webhook-timestamp", "webhook-signature"])("is refused for each bit of %s", async (name) => {
    for (const changed of oneBitOff(headers[name] ?? ""))
      expect(await check(BODY, { ...headers, [name]: changed }), JSON.stringify(changed)).toMatch(
        /^(wrong_signature|malformed_header)$/,
      );
  });

  test("is refused for each bit of the secret", async () => {
    const secret = `whsec_${randomBytes(24).toString("base64")}`;
    const proof = signed(BODY, { signing_secret: secret });
    for (const changed of oneBitOff(secret))
      expect(await check(BODY, proof, changed), JSON.stringify(changed)).toMatch(/^(wrong_signature|unusable_secret)$/);
  });

  test("is refused where a part moves into its neighbour", async () => {
    const moved = { ...headers, "webhook-id": `${ID}.${NOW_S}`, "webhook-timestamp": "1" };
    expect(await check(`1.${BODY}`, moved)).toBe("wrong_signature");
  });

  test("is refused without a signature of this version, and looks at sixteen at most", async () => {
    const [, proof = ""] = (headers["webhook-signature"] ?? "").split(",");
    for (const value of [proof, `v1a,${proof}`, `v2,${proof}`, `v1=${proof}`, "v1,", "v1,!!", " "])
      expect(await check(BODY, { ...headers, "webhook-signature": value }), value).toBe("wrong_signature");
    const others = (count: number) => Array.from({ length: count }, () => "v1,AAAA").join(" ");
    expect(await check(BODY, { ...headers, "webhook-signature": `${others(15)} v1,${proof}` })).toBe("verified");
    expect(await check(BODY, { ...headers, "webhook-signature": `${others(16)} v1,${proof}` })).toBe("wrong_signature");
  });
});

describe("a reason is told for", () => {
  test.each(["webhook-id", "webhook-timestamp", "webhook-signature"])(
    "%s that is missing, empty or doubled",
    async (name) => {
      const { [name]: value = "", ...others } = signed(BODY);
      for (const shape of [others, { ...others, [name]: "" }, { ...others, [name]: undefined }, new Headers(others)])
        expect(await check(BODY, shape)).toBe("missing_header");
      expect(await check(BODY, { ...others, [name]: [value, value] })).toBe("malformed_header");
      expect(await check(BODY, { ...others, [name]: value, [name.toUpperCase()]: value })).toBe("malformed_header");
    },
  );

  test.each(["123abc", " 123", "1e9", "0x1f", "-5", "1760000000.0", "9".repeat(40), "１７６００００００"])(
    "the time stamp %j",
    async (timestamp) => {
      expect(await check(BODY, { ...signed(BODY), "webhook-timestamp": timestamp })).toBe("malformed_header");
    },
  );

  test("one that is too old or too new, to the second", async () => {
    const at = (seconds: number) => check(BODY, signed(BODY), SECRET, new Date((NOW_S + seconds) * 1_000));
    expect([await at(300), await at(301), await at(-300), await at(-301)]).toEqual([
      "verified",
      "too_old",
      "verified",
      "too_new",
    ]);
    const strict = (seconds: number) =>
      reasonOf(
        verifyWebhook(BODY, signed(BODY), SECRET, { toleranceSeconds: 1, now: new Date((NOW_S + seconds) * 1_000) }),
      );
    expect([await strict(1), await strict(2), await strict(-2)]).toEqual(["verified", "too_old", "too_new"]);
  });

  test("a clock or a tolerance that is none, which must not let everything through", async () => {
    expect(await check(BODY, signed(BODY), SECRET, new Date(Number.NaN))).toBe("too_new");
    for (const toleranceSeconds of [Number.NaN, -1])
      await expect(verifyWebhook(BODY, signed(BODY), SECRET, { toleranceSeconds, now })).rejects.toThrow(RangeError);
  });

  test("a secret that cannot be one, also beside one that fits", async () => {
    for (const secret of ["", "whsec_", "whsec_!", "not base64 at all", []] as (string | string[])[])
      expect(await check(BODY, signed(BODY), secret), JSON.stringify(secret)).toBe("unusable_secret");
    expect(await check(BODY, signed(BODY), [SECRET, ""])).toBe("unusable_secret");
  });

  test("a body that was parsed already", async () => {
    const parsed = JSON.parse(BODY.toString());
    await expect(verifyWebhook(parsed, signed(BODY), SECRET, { now })).rejects.toThrow("Give the body as it came");
  });
});

describe("CUSTOM_SIGNATURE", () => {
  const sign = (auth: object): Headers =>
    Object.fromEntries(prepareSigner("CUSTOM_SIGNATURE", auth).sign({ id: ID, timestampSeconds: NOW_S, body: BODY }));
  const header = "X-Webhook-Signature";

  test("is verified in each algorithm and encoding, with both secrets during a rotation, and refused for each changed bit", async () => {
    for (const algorithm of ["sha1", "sha256", "sha512"] as const) {
      for (const encoding of ["hex", "base64", "base64url"] as const) {
        const settings = { header, algorithm, encoding };
        const headers = sign({ ...settings, signing_secret: "new", previous_secret: "old" });
        const of = (payload: Payload, secret: string, given = headers) =>
          reasonOf(verifyCustomSignature(payload, given, secret, settings));
        expect([await of(BODY, "new"), await of(BODY, "old")]).toEqual(["verified", "verified"]);
        expect([await of(BODY, "other"), await of(`${BODY}.`, "new")]).toEqual(["wrong_signature", "wrong_signature"]);
        const alone = sign({ ...settings, signing_secret: "new" });
        const value = alone["x-webhook-signature"] ?? "";
        for (const changed of oneBitOff(value))
          expect(await of(BODY, "new", { "x-webhook-signature": changed }), changed).toBe("wrong_signature");
      }
    }
  });

  test("is refused without its header or with an empty secret", async () => {
    expect(await reasonOf(verifyCustomSignature(BODY, {}, "s", { header }))).toBe("missing_header");
    const headers = sign({ header, signing_secret: "s" });
    expect(await reasonOf(verifyCustomSignature(BODY, headers, "s", { header }))).toBe("verified");
    expect(await reasonOf(verifyCustomSignature(BODY, headers, "", { header }))).toBe("unusable_secret");
  });
});
