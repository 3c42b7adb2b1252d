import { describe, expect, test } from "vitest";
import { PROVIDER_TYPES, type ProviderType } from "#server/contracts/provider.ts";
import { outlineBody } from "#server/payload/body-outline.ts";
import { challenge, describedFields, describe as describeEvent } from "#server/providers/describe.ts";
import { wantedFacts } from "#server/providers/facts.ts";
import { rejected } from "#server/providers/inbound.ts";
import { sourceProviders } from "#server/providers/list.ts";
import { makeSample, proveSample } from "#server/providers/sample.ts";
import { prepareAuth } from "#server/providers/verify.ts";
import { inbound } from "#test/support/inbound.ts";
import { NOW_S, type ProviderRow, URL_OF_SOURCE } from "#test/support/provider-rows/row.ts";
import { ROWS } from "#test/support/provider-rows/rows.ts";
import { authOf, secretOf, sent } from "#test/support/provider-rows/sent.ts";
import { verify } from "#test/support/verify.ts";

const NOW = NOW_S * 1000;
const FAILED = rejected("").kind;
const ALL = Object.entries(ROWS).map(([type, row]) => ({ type: type as ProviderType, row }));
const TIMED = ALL.filter(({ row }) => row.toleranceSeconds !== undefined);
const PROBED = ALL.filter(({ row }) => row.probes !== undefined);
const BODY_SIGNED = ALL.filter(({ row }) => !row.isToken && row.signsBody !== false);
const BY_HMAC = ALL.filter(({ type }) => sourceProviders[type].hmac !== null);

test.each(ALL)("$type vouches for the body, or says that it does not", ({ type, row }) => {
  expect(sourceProviders[type].isOverSenderAlone === true).toBe(row.isToken === true || row.isTokenToo === true);
});

/** With an `auth.secret` of the owner's. */
const SECRET_HELD = ALL.flatMap(({ type, row }) => {
  const auth = authOf(row);
  return typeof auth.secret === "string" ? [{ type, row, auth, secret: auth.secret }] : [];
});
const TWO_SECRETS = SECRET_HELD.filter(({ type }) => sourceProviders[type].rotation?.previous);

const isProofOf = (type: ProviderType, name: string) => sourceProviders[type].headers.includes(name.toLowerCase());
const isSignedIn = ({ signedHeaders }: ProviderRow, name: string) =>
  signedHeaders?.includes(name.toLowerCase()) === true;
const PROVED_IN_HEADERS = ALL.filter(({ type, row }) => sent(row).headers.some(([name]) => isProofOf(type, name)));
/** Its id stands in a header that nothing signs. */
const UNSIGNED_ID = ALL.filter(
  ({ row }) =>
    !row.isToken && sent(row).headers.some(([name, value]) => value === row.event.id && !isSignedIn(row, name)),
);

/** The text with one bit of one character changed, at each character in turn. */
function* oneBitOff(text: string): Generator<Buffer> {
  const bytes = Buffer.from(text);
  for (const [at, byte] of bytes.entries()) {
    const copy = Buffer.from(bytes);
    copy[at] = byte ^ (1 << (at % 7));
    yield copy;
  }
}

/** They serve the keys that they sign with, and have test files of their own. */
const KEYS_ASKED_FOR: readonly string[] = ["EBAY", "PAYPAL", "PLAID", "SNS"];

test("every provider has a row, but for those whose keys are asked for", () => {
  expect(Object.keys(ROWS).sort()).toEqual(PROVIDER_TYPES.filter((type) => !KEYS_ASKED_FOR.includes(type)).sort());
});

describe("what a provider signs by its documentation", () => {
  test.each(ALL)("$type: is accepted, under header names in any case", ({ type, row }) => {
    const auth = prepareAuth(type, authOf(row));
    const kind = row.isToken ? "authenticated" : "verified";
    const one = sent(row);
    expect(verify(auth, one, NOW)).toEqual({ kind, with: "secret" });
    for (const spelled of [(name: string) => name.toUpperCase(), (name: string) => name.toLowerCase()]) {
      const headers = one.headers.map(([name, value]): [string, string] => [spelled(name), value]);
      expect(verify(auth, inbound(one.body, headers, { urls: one.urls }), NOW)).toEqual({ kind, with: "secret" });
    }
  });

  test.each(BODY_SIGNED)("$type: is refused with one bit of the body changed", ({ type, row }) => {
    const auth = prepareAuth(type, authOf(row));
    const one = sent(row);
    for (const body of oneBitOff(one.body.toString())) {
      const isSame = row.headers?.some(([, value]) => value.includes("urlencoded")) && isSameForm(body, one.body);
      if (!isSame) expect(verify(auth, { ...one, body }, NOW).kind, body.toString()).toBe(FAILED);
    }
    for (const body of ["", `${one.body} `, `\ufeff${one.body}`])
      expect(verify(auth, { ...one, body: Buffer.from(body) }, NOW).kind).toBe(FAILED);
  });

  test.each(SECRET_HELD)("$type: is refused by another secret, and by none", ({ type, row, auth, secret: held }) => {
    const one = sent(row);
    for (const secret of oneBitOff(held)) {
      const text = secret.toString();
      if (text.trim() === held) continue;
      expect(verify(prepareAuth(type, { ...auth, secret: text }), one, NOW).kind, text).toBe(FAILED);
    }
    for (const empty of [{ secret: "" }, {}, { secret: " " }])
      expect(verify(prepareAuth(type, { ...auth, secret: undefined, ...empty }), one, NOW).kind).toBe(FAILED);
  });

  test.each(TWO_SECRETS)("$type: is accepted by the secret before", ({ type, row, auth, secret }) => {
    const rotated = prepareAuth(type, { ...auth, secret: otherOf(secret), previous_secret: secret });
    expect(verify(rotated, sent(row), NOW)).toMatchObject({ with: "previous_secret" });
  });

  test.each(PROVED_IN_HEADERS)(
    "$type: is refused without its proof, and with another in its place",
    ({ type, row }) => {
      const auth = prepareAuth(type, authOf(row));
      const one = sent(row);
      const isProof = ([name]: readonly [string, string]) => isProofOf(type, name);
      const without = one.headers.filter((header) => !isProof(header));
      expect(verify(auth, { ...one, headers: without }, NOW).kind).toBe(FAILED);
      for (const value of ["", " ", "0", "null", "=", "v0=", "sha256=", "t=,v1=", "é"]) {
        const headers = one.headers.map((header): [string, string] => (isProof(header) ? [header[0], value] : header));
        expect(verify(auth, { ...one, headers }, NOW).kind, value).toBe(FAILED);
      }
    },
  );

  test.each(PROVED_IN_HEADERS)(
    "$type: is refused with one bit of its proof or of a signed header changed",
    ({ type, row }) => {
      const auth = prepareAuth(type, authOf(row));
      const one = sent(row);
      for (const [at, [name, value]] of one.headers.entries()) {
        if (!isProofOf(type, name) && !isSignedIn(row, name)) continue;
        for (const bytes of oneBitOff(value)) {
          const changed = bytes.toString("latin1");
          const isSame = changed.toLowerCase() === value.toLowerCase() || changed.trim() === value.trim();
          if (isSame || isOtherPart(value, changed)) continue;
          const headers = one.headers.map((header, i): [string, string] => (i === at ? [name, changed] : header));
          expect(verify(auth, { ...one, headers }, NOW).kind, `${name}: ${changed}`).toBe(FAILED);
        }
      }
    },
  );

  test.each(ALL.filter(({ row }) => row.signsUrl))("$type: is refused under another URL", ({ type, row }) => {
    const auth = prepareAuth(type, authOf(row));
    const one = sent(row);
    const [url = ""] = one.urls;
    const others = [
      `${url}&y=2`,
      url.replace("key", "kex"),
      url.replace("https", "http"),
      url.replace("hooks", "hook"),
    ];
    for (const other of others) expect(verify(auth, { ...one, urls: [other] }, NOW).kind, other).toBe(FAILED);
    expect(verify(auth, { ...one, urls: [others[0] ?? "", url] }, NOW).kind).toBe("verified");
  });

  test.each(TIMED)("$type: is held to its time, both ways", ({ type, row }) => {
    const auth = prepareAuth(type, authOf(row));
    const at = (seconds: number) => verify(auth, sent(row, { seconds }), NOW);
    const tolerance = row.toleranceSeconds ?? 0;
    for (const seconds of [NOW_S - tolerance, NOW_S + tolerance]) expect(at(seconds).kind).toBe("verified");
    for (const seconds of [NOW_S - tolerance - 1, NOW_S + tolerance + 1, NOW_S - 86_400, NOW_S + 86_400])
      expect(at(seconds)).toMatchObject({ kind: FAILED, cause: "TIMESTAMP_OUT_OF_TOLERANCE" });
  });

  test.each(BY_HMAC)("$type: the same signature in another encoding is refused", ({ type, row }) => {
    const auth = prepareAuth(type, authOf(row));
    const one = sent(row);
    const headers = one.headers.map(([name, value]): [string, string] =>
      isProofOf(type, name) ? [name, otherEncoding(value)] : [name, value],
    );
    expect(headers).not.toEqual(one.headers);
    expect(verify(auth, { ...one, headers }, NOW).kind).toBe(FAILED);
  });
});

/** A text of the secret's form that is another one. */
const otherOf = (secret: string) => secret.replace(/[a-z0-9](?=[^a-z0-9]*$)/i, (last) => (last === "b" ? "c" : "b"));
const isSameForm = (a: Buffer, b: Buffer) =>
  JSON.stringify([...new URLSearchParams(`&${a}`)].sort()) === JSON.stringify([...new URLSearchParams(`&${b}`)].sort());

/** What stands before the signature in its header says which version it is. Blanks and commas part two signatures. */
const isOtherPart = (value: string, changed: string) => /[\s,;]/.test(changed) !== /[\s,;]/.test(value);

/** The longest run of digits as hex where it was base64, and the other way round. */
function otherEncoding(value: string): string {
  const [digits = ""] = value.match(/[A-Za-z0-9+/_-]{27,}={0,2}/g)?.sort((a, b) => b.length - a.length) ?? [];
  const isHex = /^[0-9a-f]+$/i.test(digits) && digits.length % 8 === 0;
  return value.replace(digits, Buffer.from(digits, isHex ? "hex" : "base64").toString(isHex ? "base64" : "hex"));
}

describe("its events", () => {
  test.each(ALL)("$type: are named, dated and told by what they are about", ({ type, row }) => {
    const one = sent(row);
    const auth = prepareAuth(type, authOf(row));
    const contentType = one.header("content-type") ?? null;
    const body = () => outlineBody(one.body, contentType, describedFields(type, auth));
    expect(describeEvent(type, auth, one, body)).toMatchObject({
      eventType: row.event.type,
      providerEventId: row.event.id,
    });
    const isForm = contentType?.includes("urlencoded");
    const text = one.body.toString();
    const whole = isForm ? Object.fromEntries(new URLSearchParams(text)) : text === "" ? undefined : JSON.parse(text);
    // The bytes of the body are not at hand any more.
    const judged = { headers: one.headers };
    const facts = sourceProviders[type].normalise?.(judged, whole) ?? { occurredAt: null, resourceId: null };
    expect(facts).toEqual({ occurredAt: row.event.occurredAt ?? null, resourceId: row.event.resourceId ?? null });
    const outlined = outlineBody(one.body, contentType, wantedFacts({ source_type: type }));
    expect(sourceProviders[type].normalise?.(judged, outlined) ?? facts).toEqual(facts);
    for (const odd of [undefined, null, 5, "text", [], { data: null }, { data: [] }])
      expect(() => sourceProviders[type].normalise?.(judged, odd)).not.toThrow();
  });

  test.each(UNSIGNED_ID)(
    "$type: an id that no signature covers makes no other event of the same body",
    ({ type, row }) => {
      const one = sent(row);
      const auth = prepareAuth(type, authOf(row));
      const body = () => outlineBody(one.body, one.header("content-type") ?? null, describedFields(type, auth));
      expect(describeEvent(type, auth, one, body).isIdSigned).toBe(false);
    },
  );

  test.each(ALL)("$type: its sample is what the door verifies", ({ type, row }) => {
    const source = {
      type,
      url: URL_OF_SOURCE,
      config: { auth_type: type, auth: authOf(row), allowed_http_methods: ["POST" as const] },
    };
    const sample = makeSample(source, "test_1", NOW);
    if (!sample) throw new Error(`${type} makes no sample.`);
    const draft = inbound(sample.body, sample.headers);
    const fields = describedFields(type, prepareAuth(type, authOf(row)));
    const named = describeEvent(type, prepareAuth(type, authOf(row)), draft, () =>
      outlineBody(draft.body, draft.header("content-type") ?? null, fields),
    );
    expect(named.eventType ?? "", "a type of two parts, each of them its own").not.toMatch(/^(.+)\.\1$/);
    // A key that the provider alone holds.
    if (sample.proof === null) return expect(sourceProviders[type].rotation).toBeNull();
    const proved = proveSample(sample, secretOf(row));
    if (!proved) throw new Error(`${type} cannot prove its sample.`);
    const request = inbound(proved.body, proved.headers, { urls: [proved.url], method: sample.method });
    expect(verify(prepareAuth(type, authOf(row)), request, NOW).kind).not.toBe(FAILED);
  });
});

describe("its probe", () => {
  test.each(PROBED)("$type: gets its answer byte for byte", ({ type, row }) => {
    const auth = prepareAuth(type, authOf(row));
    const { handshake } = sourceProviders[type];
    if (!handshake) throw new Error(`${type} has no handshake.`);
    for (const { method, url = URL_OF_SOURCE, headers = [], body = "", answer } of row.probes ?? []) {
      const one = inbound(body, headers, { method, urls: [url] });
      const fields = () => outlineBody(one.body, "application/json", describedFields(type, auth));
      const ask = (isVerified: boolean) => challenge(type, auth, one, fields, isVerified);
      const given = ask(handshake.isSigned);
      // The words for its owner are no part of what the provider gets.
      expect(given && { ...given, forOwner: undefined }).toEqual(answer);
      expect(ask(!handshake.isSigned)).toBeNull();
      const ordinary = sent(row);
      const named = () => outlineBody(ordinary.body, "application/json", describedFields(type, auth));
      expect(challenge(type, auth, ordinary, named, handshake.isSigned)).toBeNull();
    }
  });
});
