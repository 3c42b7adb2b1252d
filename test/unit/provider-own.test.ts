import { describe, expect, test } from "vitest";
import type { HeaderList } from "#server/contracts/header-list.ts";
import type { SourceAuthType } from "#server/contracts/source.ts";
import { outlineBody } from "#server/payload/body-outline.ts";
import { describedFields, describe as describeEvent } from "#server/providers/describe.ts";
import type { Inbound } from "#server/providers/inbound.ts";
import { presetFor } from "#server/providers/preset.ts";
import { prepareAuth } from "#server/providers/verify.ts";
import { ask, NOW, probe, SECRET, signedRow, URL_OF_SOURCE, VERIFIED } from "#test/support/asked-provider.ts";
import { inbound } from "#test/support/inbound.ts";
import { base64, hex, NOW_S } from "#test/support/provider-rows/row.ts";
import { ROWS } from "#test/support/provider-rows/rows.ts";
import { verify } from "#test/support/verify.ts";

test("Supabase: the secret may be given as it shows it, without the version, or as its digits alone", () => {
  const signed = signedRow("SUPABASE");
  const secret = String(ROWS.SUPABASE?.auth?.secret);
  expect(secret).toMatch(/^v1,whsec_/);
  for (const given of [secret, secret.replace("v1,", ""), secret.replace("v1,whsec_", "")])
    expect(ask("SUPABASE", signed, { secret: given }), given).toEqual(VERIFIED);
  for (const given of [`v2,${secret.slice(3)}`, secret.replace("whsec", "whsek")])
    expect(ask("SUPABASE", signed, { secret: given }).kind, given).toBe("rejected");
});

describe("several signatures of one request", () => {
  const body = '{"event":"x"}';
  test("DocuSign: the one of the owner's key counts, in whichever of its headers", () => {
    const sent = (headers: HeaderList) => ask("DOCUSIGN", inbound(body, headers)).kind;
    const other: [string, string] = ["X-DocuSign-Signature-1", base64("another key of the account", body)];
    expect(sent([other, ["X-DocuSign-Signature-7", base64(SECRET, body)]])).toBe("verified");
    expect(sent([other, ["X-DocuSign-Signature-7", base64("a third", body)]])).toBe("rejected");
    expect(sent([["X-DocuSign-Signature-A", base64(SECRET, body)]])).toBe("rejected");
    const others = Array.from({ length: 99 }, (): [string, string] => ["X-DocuSign-Signature-1", base64("no", body)]);
    expect(sent([...others, ["X-DocuSign-Signature-100", base64(SECRET, body)]])).toBe("verified");
    expect(sent([other, ...others, ["X-DocuSign-Signature-100", base64(SECRET, body)]])).toBe("rejected");
  });

  test("Box: while one key is renewed the other still holds", () => {
    const time = "2025-10-09T08:53:20Z";
    const sent = (name: string, key = SECRET) =>
      ask(
        "BOX",
        inbound(body, [
          ["box-delivery-timestamp", time],
          ["box-signature-primary", base64("renewed", body + time)],
          [name, base64(key, body + time)],
        ]),
      );
    expect(sent("box-signature-secondary")).toEqual(VERIFIED);
    expect(sent("box-signature-secondary", "unknown").kind).toBe("rejected");
    expect(sent("box-signature-third").kind).toBe("rejected");
  });

  test("Persona and Recurly: any of the list may be the owner's, each with its own time", () => {
    const pair = (key: string, seconds = NOW_S) => `t=${seconds},v1=${hex(key, `${seconds}.${body}`)}`;
    const persona = (value: string) => ask("PERSONA", inbound(body, [["persona-signature", value]]));
    expect(persona(`${pair("before")} ${pair(SECRET)}`)).toEqual(VERIFIED);
    expect(persona(`${pair(SECRET)} ${pair("before")}`)).toEqual(VERIFIED);
    expect(persona(`${pair("before")} ${pair("other")}`).kind).toBe("rejected");
    expect(persona(`${pair("before", NOW_S)} ${pair(SECRET, NOW_S - 301)}`)).toMatchObject({
      cause: "TIMESTAMP_OUT_OF_TOLERANCE",
    });
    const recurly = (...keys: string[]) => `${NOW},${keys.map((key) => hex(key, `${NOW}.${body}`)).join(",")}`;
    const sent = (value: string) => ask("RECURLY", inbound(body, [["recurly-signature", value]]));
    expect(sent(recurly("before", SECRET))).toEqual(VERIFIED);
    expect(sent(recurly("before", "other")).kind).toBe("rejected");
    expect(sent(recurly(SECRET).replace(String(NOW), String(NOW + 1))).kind).toBe("rejected");
  });
});

describe("Adyen", () => {
  const auth = { secret: "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056" };
  const item = {
    pspReference: "7914073381342284",
    merchantAccountCode: "TestMerchant",
    merchantReference: "TestPayment-1407325143704",
    amount: { value: 1130, currency: "EUR" },
    eventCode: "AUTHORISATION",
    success: "true",
    additionalData: { hmacSignature: "coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0=" },
  };
  const sent = (...items: object[]) =>
    ask(
      "ADYEN",
      inbound(
        JSON.stringify({ live: "false", notificationItems: items.map((each) => ({ NotificationRequestItem: each })) }),
        [],
      ),
      auth,
    ).kind;

  test("verifies the example that its documentation publishes", () => expect(sent(item)).toBe("verified"));

  test("refuses a change of each field that is signed, an item without a signature, and one more", () => {
    const changes = [
      { pspReference: "7914073381342285" },
      { originalReference: "1" },
      { merchantAccountCode: "TestMerchanu" },
      { merchantReference: "" },
      { amount: { value: 1131, currency: "EUR" } },
      { amount: { value: 1130, currency: "USD" } },
      { eventCode: "CAPTURE" },
      { success: "false" },
      { additionalData: {} },
      { additionalData: { hmacSignature: "coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo1=" } },
    ];
    for (const change of changes) expect(sent({ ...item, ...change }), JSON.stringify(change)).toBe("rejected");
    expect(sent(item, { ...item, success: "false" })).toBe("rejected");
    expect(sent()).toBe("rejected");
  });

  test("refuses whatever is no notification, and does not parse what is larger than any", () => {
    const bodies = [
      "",
      "{",
      "[]",
      "null",
      '{"notificationItems":[null]}',
      '{"notificationItems":{}}',
      "[".repeat(9999),
    ];
    for (const body of bodies) expect(ask("ADYEN", inbound(body, []), auth).kind, body).toBe("rejected");
    const padded = `${JSON.stringify({ notificationItems: [{ NotificationRequestItem: item }] })}${" ".repeat(300_000)}`;
    expect(ask("ADYEN", inbound(padded, []), auth).kind).toBe("rejected");
  });
});

test("Grafana: where a contact point names no header, its source sends another than its page tells", () => {
  const sent = (name: string, key = SECRET) => ask("GRAFANA", inbound("{}", [[name, hex(key, "{}")]])).kind;
  expect(sent("X-Grafana-Alerting-Signature")).toBe("verified");
  expect(sent("X-Grafana-Alert-Signature")).toBe("verified");
  expect(sent("X-Grafana-Alert-Signature", "another")).toBe("rejected");
});

describe("Mailgun", () => {
  test("a token is the event's id, so that a captured signature brings no other event", () => {
    const auth = prepareAuth("MAILGUN", { secret: SECRET });
    const named = (request: Inbound) =>
      describeEvent("MAILGUN", auth, request, () =>
        outlineBody(request.body, "application/json", describedFields("MAILGUN", auth)),
      );
    const genuine = named(signedRow("MAILGUN"));
    const forged = named(signedRow("MAILGUN", (body) => body.replace("delivered", "complained")));
    expect(forged).toMatchObject({
      eventType: "complained",
      providerEventId: genuine.providerEventId,
      isIdSigned: true,
    });
  });

  test("an event of a subaccount is signed by the primary account's key as well, and either is the owner's", () => {
    const [timestamp, token] = [String(NOW_S), "e0b5477167110d68991efc6b9f89f0a11066af27834600e123"];
    const by = (key: string) => hex(key, timestamp + token);
    const sent = (signed: object) =>
      ask("MAILGUN", inbound(JSON.stringify({ signature: { timestamp, token, ...signed } }), [])).kind;
    expect(sent({ signature: by("of the subaccount"), "parent-signature": by(SECRET) })).toBe("authenticated");
    expect(sent({ signature: by(SECRET), "parent-signature": by("of the primary account") })).toBe("authenticated");
    expect(sent({ signature: by("another"), "parent-signature": by("another") })).toBe("rejected");
    expect(sent({ signature: by("another"), "parent-signature": 1 })).toBe("rejected");
    expect(sent({})).toBe("rejected");
  });

  test("its time is held to a tolerance where the owner sets one", () => {
    const later = NOW + 3_600_000;
    expect(ask("MAILGUN", signedRow("MAILGUN"), { secret: SECRET }, later).kind).toBe("authenticated");
    expect(ask("MAILGUN", signedRow("MAILGUN"), { secret: SECRET, tolerance_seconds: 300 }, later)).toMatchObject({
      cause: "TIMESTAMP_OUT_OF_TOLERANCE",
    });
  });
});

describe("Telegram", () => {
  const typeOf = (update: object) => {
    const auth = prepareAuth("TELEGRAM", { secret: SECRET });
    const one = inbound(JSON.stringify({ update_id: 1, ...update }), []);
    const fields = () => outlineBody(one.body, "application/json", describedFields("TELEGRAM", auth));
    return describeEvent("TELEGRAM", auth, one, fields).eventType;
  };

  test("names each kind of update, those of businesses, boosts and paid media too", () => {
    for (const kind of ["message", "poll", "business_connection", "deleted_business_messages", "purchased_paid_media"])
      expect(typeOf({ [kind]: { id: 1 } })).toBe(kind);
    for (const kind of ["message_reaction_count", "chat_boost", "removed_chat_boost"])
      expect(typeOf({ [kind]: { chat: {} } })).toBe(kind);
    expect(typeOf({ unheard_of: {} })).toBeNull();
  });
});

describe("Microsoft Graph", () => {
  test("every notification of a request must have the owner's clientState", () => {
    const sent = (...states: unknown[]) =>
      ask("MICROSOFT_GRAPH", inbound(JSON.stringify({ value: states.map((clientState) => ({ clientState })) }), []))
        .kind;
    expect(sent(SECRET, SECRET)).toBe("authenticated");
    for (const states of [[SECRET, "other"], [SECRET, null], [SECRET, undefined], ["other", SECRET], [], [[SECRET]]])
      expect(sent(...states), JSON.stringify(states)).toBe("rejected");
  });

  test("a body is judged by its first clientState before any of it is parsed", () => {
    const judged = (body: string) => ask("MICROSOFT_GRAPH", inbound(body, []));
    const unparsable = `{"value":[{"clientState":"other"},{"clientState":"${SECRET}"},1 2]}`;
    expect(() => JSON.parse(unparsable)).toThrow();
    expect(judged(unparsable)).toMatchObject({ detail: expect.stringContaining("does not hold") });
    expect(judged(unparsable.replace("other", SECRET))).toMatchObject({
      detail: expect.stringContaining("is missing"),
    });
    expect(judged(`{"value":[{"id":"clientState", "clientState" : "${SECRET}"}]}`).kind).toBe("authenticated");
    expect(judged(`{"value":[{"id":"\\"clientState\\":", "clientState":"${SECRET}"}]}`).kind).toBe("authenticated");
  });
});

describe("what is sent back to a stranger", () => {
  const HOSTILE = ["<script>alert(1)</script>", "a b", "a\r\nset-cookie: x", "", "ä", "x".repeat(600), "a/b?c=d"];
  const asked = (type: SourceAuthType, given: Partial<Inbound>, body = "", headers: HeaderList = []) =>
    probe(type, inbound(body, headers, given));

  test("is a word of letters, digits and few signs, and nothing else", () => {
    for (const text of HOSTILE) {
      const word = encodeURIComponent(text);
      for (const type of ["DROPBOX", "NYLAS"] as const)
        expect(asked(type, { method: "GET", urls: [`${URL_OF_SOURCE}?challenge=${word}`] }), text).toBeNull();
      const strava = [`${URL_OF_SOURCE}?hub.verify_token=${SECRET}&hub.challenge=${word}`];
      expect(asked("STRAVA", { method: "GET", urls: strava }), text).toBeNull();
      expect(asked("MONDAY", {}, JSON.stringify({ challenge: text })), text).toBeNull();
      expect(asked("ASANA", {}, "", [["x-hook-secret", text]]), text).toBeNull();
    }
    for (const text of ["<script>", "a\nb", "", "ä", "x".repeat(600)]) {
      const urls = [`${URL_OF_SOURCE}?validationToken=${encodeURIComponent(text)}`];
      expect(asked("MICROSOFT_GRAPH", { urls }), text).toBeNull();
    }
  });

  test("Strava asks for the token that was set, and any other gets nothing", () => {
    const urls = (token: string) => [`${URL_OF_SOURCE}?hub.verify_token=${token}&hub.challenge=abc`];
    expect(asked("STRAVA", { method: "GET", urls: urls(SECRET) })).not.toBeNull();
    for (const token of ["", "other", SECRET.slice(1)])
      expect(asked("STRAVA", { method: "GET", urls: urls(token) })).toBeNull();
  });

  test("what is signed as an event is one, though it looks like a probe", () => {
    const body = '{"verification_token":"secret_x"}';
    expect(asked("NOTION", {}, body)).not.toBeNull();
    expect(asked("NOTION", {}, body, [["x-notion-signature", "sha256=0"]])).toBeNull();
    expect(asked("ASANA", {}, "", [["x-hook-secret", "abc"]])).not.toBeNull();
    expect(
      asked("ASANA", {}, "", [
        ["x-hook-secret", "abc"],
        ["x-hook-signature", "0"],
      ]),
    ).toBeNull();
  });
});

test("Contentful: a header that the list does not name is not signed, and the time must be named", () => {
  const body = "{}";
  const time = String(NOW);
  const sent = (list: string, signed: string) =>
    ask(
      "CONTENTFUL",
      inbound(
        body,
        [
          ["x-contentful-signed-headers", list],
          ["x-contentful-timestamp", time],
          ["x-contentful-signature", hex(SECRET, `POST\n/e/key\n${signed}\n${body}`)],
        ],
        { urls: [URL_OF_SOURCE] },
      ),
    );
  expect(sent("x-contentful-timestamp", `x-contentful-timestamp:${time}`)).toEqual(VERIFIED);
  expect(sent("host", "host:x")).toMatchObject({ detail: expect.stringContaining("does not name") });
  expect(sent(`${"a,".repeat(40)}x-contentful-timestamp`, "").kind).toBe("rejected");
});

test("Xero gets an answer without a body, as it asks", () =>
  expect(presetFor("XERO").custom_response).toEqual({ status: 200, content_type: "text/plain", body: "" }));

test("a signature with a private key is refused in any other spelling of its base64", () => {
  const request = signedRow("TELNYX");
  const auth = prepareAuth("TELNYX", ROWS.TELNYX?.auth);
  expect(verify(auth, request, NOW)).toEqual(VERIFIED);
  const last = (value: string, to: string) => value.replace(/.==$/, `${to}==`);
  const spellings = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].map((letter) =>
    request.headers.map(([name, value]): [string, string] => [
      name,
      name === "Telnyx-Signature-Ed25519" ? last(value, letter) : value,
    ]),
  );
  const kinds = spellings.map((headers) => verify(auth, { ...request, headers }, NOW).kind);
  expect(kinds.filter((kind) => kind === "verified")).toHaveLength(1);
});
