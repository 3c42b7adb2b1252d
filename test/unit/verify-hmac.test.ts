import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { HeaderList } from "#server/contracts/header-list.ts";
import { prepareAuth } from "#server/providers/verify.ts";
import { inbound } from "#test/support/inbound.ts";
import { verify } from "#test/support/verify.ts";

const NOW_S = 1_760_000_000;
const NOW = NOW_S * 1000;
const BODY = '{"b":1,"a":[1.0, 2]}';
const SECRET = "s3cret";
const VERIFIED = { kind: "verified", with: "secret" };
const FAILED = { kind: "rejected", cause: "VERIFICATION_FAILED" };

const mac = (
  algorithm: string,
  message: string | Buffer,
  encoding: "hex" | "base64" | "base64url" = "hex",
  key = SECRET,
) => createHmac(algorithm, key).update(message).digest(encoding);
const hmac = (settings: object) =>
  prepareAuth("HMAC", { secret: SECRET, signature_header: "X-Signature", ...settings });
const send = (auth: ReturnType<typeof prepareAuth>, signature: string, body: string | Buffer = BODY) =>
  verify(auth, inbound(body, [["x-signature", signature]]), NOW);

describe("a header that no provider is known by", () => {
  test("takes hex or base64 in either alphabet, padded or not, with or without a prefix", () => {
    const auth = hmac({});
    const base64 = mac("sha256", BODY, "base64");
    for (const digits of [
      mac("sha256", BODY),
      mac("sha256", BODY).toUpperCase(),
      base64,
      base64.replace("=", ""),
      mac("sha256", BODY, "base64url"),
    ]) {
      for (const prefix of ["", "sha256=", "SHA256=", "v0=", "v1="])
        expect(send(auth, prefix + digits)).toEqual(VERIFIED);
    }
  });

  test("the owner's algorithm holds: a sender's prefix never changes it", () => {
    for (const algorithm of ["sha1", "sha512"]) {
      const signature = mac(algorithm, BODY);
      expect(send(hmac({}), `${algorithm}=${signature}`)).toMatchObject(FAILED);
      expect(send(hmac({ algorithm }), `${algorithm}=${signature}`)).toEqual(VERIFIED);
      expect(send(hmac({ algorithm }), signature)).toEqual(VERIFIED);
      expect(send(hmac({ algorithm }), `sha256=${mac("sha256", BODY)}`)).toMatchObject(FAILED);
    }
    expect(send(hmac({}), `sha1=${mac("sha256", BODY)}`)).toMatchObject(FAILED);
  });

  test("an explicit encoding admits no other", () => {
    for (const encoding of ["hex", "base64", "base64url"] as const) {
      expect(send(hmac({ encoding }), mac("sha256", BODY, encoding))).toEqual(VERIFIED);
    }
    expect(send(hmac({ encoding: "hex" }), mac("sha256", BODY, "base64"))).toMatchObject(FAILED);
    expect(send(hmac({ encoding: "base64" }), mac("sha256", BODY, "hex"))).toMatchObject(FAILED);
    // A body whose base64 digest holds "+" or "/", so that the two alphabets differ.
    const body =
      Array.from({ length: 50 }, (_, n) => `${n}`).find((text) => /[+/]/.test(mac("sha256", text, "base64"))) ?? "";
    expect(send(hmac({ encoding: "base64url" }), mac("sha256", body, "base64"), body)).toMatchObject(FAILED);
    expect(send(hmac({ encoding: "base64" }), mac("sha256", body, "base64url"), body)).toMatchObject(FAILED);
  });

  test("the raw bytes are signed: not re-serialised JSON, and with BOM, NUL and bytes that are no UTF-8", () => {
    expect(send(hmac({}), mac("sha256", JSON.stringify(JSON.parse(BODY))))).toMatchObject(FAILED);
    for (const body of [
      Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]),
      Buffer.from([0, 0xff, 0xfe, 0x80]),
      Buffer.alloc(0),
    ]) {
      expect(send(hmac({}), mac("sha256", body), body)).toEqual(VERIFIED);
    }
    expect(send(hmac({}), mac("sha256", "{}"), Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]))).toMatchObject(FAILED);
  });
});

describe("several signatures", () => {
  const bad = mac("sha256", "other");
  const good = mac("sha256", BODY);

  test("sent under a repeated header, in any case, or joined by commas are all tried", () => {
    const twice = (first: string, second: string) =>
      verify(
        hmac({}),
        inbound(BODY, [
          ["X-SIGNATURE", first],
          ["x-signature", second],
        ]),
        NOW,
      );
    expect(twice(bad, good)).toEqual(VERIFIED);
    expect(twice(good, bad)).toEqual(VERIFIED);
    expect(twice(bad, bad)).toMatchObject(FAILED);
    expect(send(hmac({}), `${bad}, ${good}`)).toEqual(VERIFIED);
    expect(send(hmac({}), `v1=${bad},v1=${good}`)).toEqual(VERIFIED);
  });

  test("are tried up to the sixteenth", () => {
    const behind = (count: number) => [...Array.from({ length: count }, () => bad), good].join(",");
    expect(send(hmac({}), behind(15))).toEqual(VERIFIED);
    expect(send(hmac({}), behind(16))).toMatchObject(FAILED);
  });

  test("of Stripe: every v1 is tried, and v0 never", () => {
    const auth = prepareAuth("STRIPE", { secret: SECRET });
    const v1 = mac("sha256", `${NOW_S}.${BODY}`);
    const sent = (...values: string[]) =>
      verify(
        auth,
        inbound(
          BODY,
          values.map((value): [string, string] => ["Stripe-Signature", value]),
        ),
        NOW,
      );
    expect(sent(`t=${NOW_S},v1=${bad},v1=${v1},v0=${bad}`)).toEqual(VERIFIED);
    expect(sent(`t=${NOW_S},v0=${v1}`)).toMatchObject(FAILED);
    expect(sent(`t=${NOW_S},v1=${bad}`, `t=${NOW_S},v1=${v1}`)).toEqual(VERIFIED);
    expect(sent(`t=1,v1=${bad}`, `t=${NOW_S},v1=${v1}`)).toEqual(VERIFIED);
    expect(sent(`t=1,t=2,t=${NOW_S},v1=${v1}`)).toMatchObject(FAILED);
    // A fresh timestamp put beside a stale one does not make the stale signature fresh.
    const stale = mac("sha256", `${NOW_S - 999}.${BODY}`);
    expect(sent(`t=${NOW_S},t=${NOW_S - 999},v1=${stale}`)).toMatchObject({ cause: "TIMESTAMP_OUT_OF_TOLERANCE" });
  });
});

describe("two secrets", () => {
  test("both verify, and it is told which one did", () => {
    const auth = hmac({ previous_secret: "old" });
    expect(send(auth, mac("sha256", BODY))).toEqual(VERIFIED);
    expect(send(auth, mac("sha256", BODY, "hex", "old"))).toEqual({ kind: "verified", with: "previous_secret" });
    expect(send(auth, mac("sha256", BODY, "hex", "older"))).toMatchObject(FAILED);
    expect(send(hmac({ previous_secret: null }), mac("sha256", BODY, "hex", "old"))).toMatchObject(FAILED);
  });

  test("one that decodes to no bytes is no key", () => {
    const auth = prepareAuth("STANDARD_WEBHOOKS", { secret: "whsec_A" });
    const sent = inbound(BODY, [
      ["webhook-id", "m"],
      ["webhook-timestamp", String(NOW_S)],
      ["webhook-signature", `v1,${mac("sha256", `m.${NOW_S}.${BODY}`, "base64", "")}`],
    ]);
    expect(verify(auth, sent, NOW)).toMatchObject(FAILED);
  });

  test("an empty one never verifies, not even the empty key's own signature", () => {
    const emptyKey = mac("sha256", BODY, "hex", "");
    for (const settings of [{ secret: "" }, { previous_secret: "" }, { secret: null }]) {
      expect(send(hmac(settings), emptyKey)).toMatchObject(FAILED);
    }
    expect(send(hmac({}), emptyKey)).toMatchObject(FAILED);
  });
});

describe("timestamps are plain integers", () => {
  const slack = prepareAuth("SLACK", { secret: SECRET, tolerance_seconds: 86_400 });
  const signed = (timestamp: string): HeaderList => [
    ["x-slack-request-timestamp", timestamp],
    ["x-slack-signature", `v0=${mac("sha256", `v0:${timestamp}:${BODY}`)}`],
  ];
  const HOSTILE = [
    "123abc",
    " 123",
    "123 ",
    "1e9",
    "0x1f",
    "-5",
    "+5",
    "1.5",
    "0",
    "",
    "9".repeat(13),
    "9".repeat(400),
    "١٢٣",
    `${NOW_S}\n`,
    `0${NOW_S}`,
  ];

  test("Slack", () => {
    expect(verify(slack, inbound(BODY, signed(String(NOW_S))), NOW)).toEqual(VERIFIED);
    for (const timestamp of HOSTILE) expect(verify(slack, inbound(BODY, signed(timestamp)), NOW)).toMatchObject(FAILED);
  });

  test("Stripe and Standard Webhooks", () => {
    const stripe = prepareAuth("STRIPE", { secret: SECRET, tolerance_seconds: 86_400 });
    const standard = prepareAuth("STANDARD_WEBHOOKS", {
      secret: Buffer.from(SECRET).toString("base64"),
      tolerance_seconds: 86_400,
    });
    const asStripe = (t: string) => inbound(BODY, [["stripe-signature", `t=${t},v1=${mac("sha256", `${t}.${BODY}`)}`]]);
    const asStandard = (t: string) =>
      inbound(BODY, [
        ["webhook-id", "m"],
        ["webhook-timestamp", t],
        ["webhook-signature", `v1,${mac("sha256", `m.${t}.${BODY}`, "base64")}`],
      ]);
    expect(verify(stripe, asStripe(String(NOW_S)), NOW)).toEqual(VERIFIED);
    expect(verify(standard, asStandard(String(NOW_S)), NOW)).toEqual(VERIFIED);
    for (const timestamp of HOSTILE) {
      expect(verify(stripe, asStripe(timestamp), NOW)).toMatchObject(FAILED);
      expect(verify(standard, asStandard(timestamp), NOW)).toMatchObject(FAILED);
    }
  });

  test("sent twice they must agree", () => {
    const headers = signed(String(NOW_S));
    expect(verify(slack, inbound(BODY, [...headers, ["X-Slack-Request-Timestamp", String(NOW_S)]]), NOW)).toEqual(
      VERIFIED,
    );
    expect(verify(slack, inbound(BODY, [...headers, ["X-Slack-Request-Timestamp", "1"]]), NOW)).toMatchObject(FAILED);
  });
});

describe("plain HMAC on a known header verifies that provider's construction", () => {
  const seconds = String(NOW_S);
  const millis = String(NOW);
  const iso = new Date(NOW).toISOString();
  const linear = JSON.stringify({ action: "create", webhookTimestamp: NOW });
  const rows: { header: string; headers: HeaderList; body?: string; late: boolean }[] = [
    { header: "x-hub-signature", headers: [["x-hub-signature", `sha1=${mac("sha1", BODY)}`]], late: false },
    { header: "x-vercel-signature", headers: [["x-vercel-signature", mac("sha1", BODY)]], late: false },
    {
      header: "x-wc-webhook-signature",
      headers: [["x-wc-webhook-signature", mac("sha256", BODY, "base64")]],
      late: false,
    },
    {
      header: "typeform-signature",
      headers: [["typeform-signature", `sha256=${mac("sha256", BODY, "base64")}`]],
      late: false,
    },
    { header: "linear-signature", headers: [["linear-signature", mac("sha256", linear)]], body: linear, late: true },
    {
      header: "x-zm-signature",
      headers: [
        ["x-zm-request-timestamp", seconds],
        ["x-zm-signature", `v0=${mac("sha256", `v0:${seconds}:${BODY}`)}`],
      ],
      late: true,
    },
    {
      header: "paddle-signature",
      headers: [["paddle-signature", `ts=${seconds};h1=${mac("sha256", `${seconds}:${BODY}`)}`]],
      late: true,
    },
    {
      header: "calendly-webhook-signature",
      headers: [["calendly-webhook-signature", `t=${seconds},v1=${mac("sha256", `${seconds}.${BODY}`)}`]],
      late: true,
    },
    {
      header: "x-webflow-signature",
      headers: [
        ["x-webflow-timestamp", millis],
        ["x-webflow-signature", mac("sha256", `${millis}:${BODY}`)],
      ],
      late: true,
    },
    {
      header: "x-zendesk-webhook-signature",
      headers: [
        ["x-zendesk-webhook-signature-timestamp", iso],
        ["x-zendesk-webhook-signature", mac("sha256", iso + BODY, "base64")],
      ],
      late: true,
    },
    {
      header: "twitch-eventsub-message-signature",
      headers: [
        ["twitch-eventsub-message-id", "m1"],
        ["twitch-eventsub-message-timestamp", iso],
        ["twitch-eventsub-message-signature", `sha256=${mac("sha256", `m1${iso}${BODY}`)}`],
      ],
      late: true,
    },
  ];

  test.each(rows)("$header", ({ header, headers, body = BODY, late }) => {
    const auth = prepareAuth("HMAC", { secret: SECRET, signature_header: header.toUpperCase() });
    const sent = inbound(body, headers);
    expect(verify(auth, sent, NOW)).toEqual(VERIFIED);
    expect(verify(auth, { ...sent, body: Buffer.from(`${body} `) }, NOW)).toMatchObject(FAILED);
    const muchLater = verify(auth, sent, NOW + 3_600_000);
    if (late) expect(muchLater).toMatchObject({ cause: "TIMESTAMP_OUT_OF_TOLERANCE" });
    else expect(muchLater).toEqual(VERIFIED);
  });

  test("and an explicit encoding or algorithm wins over the provider's own", () => {
    const shopify = (settings: object) => hmac({ signature_header: "x-shopify-hmac-sha256", ...settings });
    const sent = (signature: string) => inbound(BODY, [["x-shopify-hmac-sha256", signature]]);
    expect(verify(shopify({ encoding: "hex" }), sent(mac("sha256", BODY)), NOW)).toEqual(VERIFIED);
    expect(verify(shopify({ algorithm: "sha512" }), sent(mac("sha512", BODY, "base64")), NOW)).toEqual(VERIFIED);
    expect(verify(shopify({ algorithm: "sha512" }), sent(mac("sha256", BODY, "base64")), NOW)).toMatchObject(FAILED);
  });
});
