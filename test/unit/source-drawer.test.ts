import { describe, expect, test } from "vitest";
import {
  AUTH_FORMS,
  firstAuthOf,
  makeSecret,
  previousOf,
  secretFieldOf,
} from "#components/source-drawer/auth-fields.ts";
import { writeAuth } from "#components/source-drawer/auth-values.ts";
import { lastSeenWords } from "#components/source-drawer/last-seen-words.ts";
import { matchWords } from "#components/source-drawer/match-words.ts";
import { canBeTested } from "#components/source-drawer/missing-proof.ts";
import { provedState } from "#components/source-drawer/proof-state.ts";
import { rotationOf } from "#components/source-drawer/rotation-words.ts";
import {
  bytesText,
  changesOf,
  FIELDS,
  isSecret,
  readBytes,
  valuesOf,
} from "#components/source-drawer/source-fields.ts";
import {
  ALL_KINDS,
  kindOfSource,
  matchingKinds,
  PROVIDER_KINDS,
  senderOf,
} from "#components/source-drawer/source-kinds.ts";
import type { Verification } from "#server/contracts/request.ts";
import {
  SECRET_AUTH_FIELDS,
  type Source,
  SourceAuthType,
  type SourceType,
  UpdateSource,
} from "#server/contracts/source.ts";
import { authSchemes } from "#server/providers/auth-schemes.ts";
import { presetFor } from "#server/providers/preset.ts";
import { ED25519_HEX } from "#test/support/provider-rows/keys.ts";

const random = (bytes: Uint8Array) => bytes.fill(200);
const VALUES: Record<string, string> = {
  secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  tolerance_seconds: "60",
  signature_header: "x-signature",
  username: "us",
  password: "word",
  header: "x-key",
  api_key: "key",
  webhook_id: "1AB",
  topic_arn: "arn:aws:sns:eu-west-1:123456789012:orders",
  verify_token: "a-verification-token-of-the-owner_1",
  client_id: "client-1",
  public_key: ED25519_HEX,
};

describe("the fields of an auth type", () => {
  test.each(SourceAuthType.options)(
    "of %s are what the server takes, and the secrets among them its secrets",
    (type) => {
      const { fields, secretBy } = AUTH_FORMS[type];
      const choices = fields.flatMap(({ name, options = [] }) => options.map(({ value }) => ({ [name]: value })));
      for (const choice of [{}, ...choices]) {
        const sent = writeAuth(type, { ...Object.assign({}, ...choices), ...VALUES, ...choice });
        expect(Object.keys(sent)).toHaveLength(fields.length);
        const filled = Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== null));
        expect(authSchemes[type].settings.safeParse(filled).success).toBe(true);
      }
      for (const { name, kind } of fields)
        expect(kind === "secret", name).toBe((SECRET_AUTH_FIELDS as readonly string[]).includes(name));
      const { rotation } = authSchemes[type];
      const secret = secretFieldOf(type);
      expect(rotation?.field).toBe(secret?.name);
      if (rotation?.previous && secret) expect(previousOf(secret.name)).toBe(rotation.previous);
      expect(secretBy).toBe(rotation === null ? null : rotation.made === null ? "sender" : "us");
    },
  );

  test("a secret that is made here is one that the server takes", () => {
    for (const type of SourceAuthType.options) {
      const field = secretFieldOf(type);
      if (AUTH_FORMS[type].secretBy !== "us" || !field) continue;
      const auth = { ...firstAuthOf(type), [field.name]: makeSecret(type, random) };
      const parsed = authSchemes[type].settings.safeParse(auth);
      expect(parsed.success, type).toBe(true);
      expect(authSchemes[type].problems(parsed.data), type).toEqual([]);
    }
  });

  test("an emptied one is cleared, a secret that was not typed stays away, and what is no number stays what it is", () => {
    expect(writeAuth("HMAC", { secret: undefined, algorithm: "", tolerance_seconds: "soon" })).toEqual({
      algorithm: null,
      tolerance_seconds: "soon",
    });
  });
});

const SOURCE: Source = {
  id: "src_1",
  team_id: "tm_1",
  name: "stripe",
  description: null,
  type: "STRIPE",
  url: "https://hooks.example.com/e/key",
  config: {
    auth_type: "STRIPE",
    auth: { secret: "whsec_…LaSw" },
    allowed_http_methods: ["POST"],
    custom_response: null,
    deduplicate_provider_events: true,
    body_limit_bytes: 10_485_760,
    rate_limit: null,
    rate_limit_period: "minute",
    masked_paths: [],
  },
  unusable_because: null,
  is_system: false,
  disabled_at: null,
  created_at: "2026-11-26T06:00:00.000Z",
  updated_at: "2026-11-26T06:00:00.000Z",
};

describe("the form of a source", () => {
  const base = valuesOf(SOURCE);
  const sent = (changes: Record<string, unknown>) => changesOf(changes, { ...base, ...changes });

  test("sends what was changed and nothing else, as the server takes it", () => {
    expect(sent({})).toEqual({});
    expect(sent({ name: "s2", description: "" })).toEqual({ name: "s2", description: null });
    expect(sent({ "config.masked_paths": " body.card\n\nheaders.x-token " })).toEqual({
      config: { masked_paths: ["body.card", "headers.x-token"] },
    });
    expect(sent({ "config.body_limit_bytes": "64 KiB" })).toEqual({ config: { body_limit_bytes: 65_536 } });
    expect(sent({ "config.auth.tolerance_seconds": "60" })).toEqual({ config: { auth: { tolerance_seconds: 60 } } });
    expect(sent({ "config.allowed_http_methods": ["POST", "GET"] })).toEqual({
      config: { allowed_http_methods: ["POST", "GET"] },
    });
    expect(sent({ "config.rate_limit": " 120 ", "config.rate_limit_period": "hour" })).toEqual({
      config: { rate_limit: 120, rate_limit_period: "hour" },
    });
    expect(sent({ "config.rate_limit": "" })).toEqual({ config: { rate_limit: null } });
    const hmac = sent({
      type: "WEBHOOK",
      "config.auth_type": "HMAC",
      "config.auth.secret": "s3cret",
      "config.auth.signature_header": "x-sig",
      custom_response: true,
      "config.custom_response.status": "202",
    });
    expect(UpdateSource.parse({ id: "src_1", ...hmac })).toMatchObject({
      type: "WEBHOOK",
      config: {
        auth_type: "HMAC",
        auth: { secret: "s3cret", signature_header: "x-sig" },
        custom_response: { status: 202, content_type: "application/json", body: "" },
      },
    });
    expect(changesOf({ custom_response: false }, { ...base, custom_response: false })).toEqual({
      config: { custom_response: null },
    });
  });

  test("never has a secret to begin with, and knows which of its fields are secrets", () => {
    expect(JSON.stringify(base)).not.toContain("whsec");
    expect(FIELDS.filter(isSecret)).toEqual([
      "config.auth.secret",
      "config.auth.password",
      "config.auth.verify_token",
      "config.auth.api_key",
    ]);
  });

  test("writes bytes in the largest whole unit, and reads what a person writes", () => {
    expect([10_485_760, 65_536, 1_000].map(bytesText)).toEqual(["10 MiB", "64 KiB", "1000"]);
    for (const bytes of [10_485_760, 65_536, 1_000]) expect(readBytes(bytesText(bytes))).toBe(bytes);
    expect(["1 mb", "2kb", " 7 bytes ", "much"].map(readBytes)).toEqual([1_048_576, 2_048, 7, "much"]);
  });
});

test("a kind is found by its name or its proof, and that of a source by provider or proof", () => {
  expect(matchingKinds(" STRI", ALL_KINDS).map(({ key }) => key)).toEqual(["STRIPE"]);
  expect(matchingKinds("equality", ALL_KINDS).map(({ key }) => key)).toContain("GITLAB");
  expect(matchingKinds("", ALL_KINDS)).toHaveLength(ALL_KINDS.length);
  // Nearly every proof is one of a body.
  expect(matchingKinds("bo", ALL_KINDS).filter(({ title }) => !/bo/i.test(title))).toEqual([]);
  expect(matchingKinds("hmac", ALL_KINDS).map(({ key }) => key)).toEqual(["HMAC"]);
  const found = matchingKinds("hub", PROVIDER_KINDS).map(({ key }) => key);
  expect(found.slice(0, 2)).toEqual(["HUBSPOT", "GITHUB"]);
  expect(kindOfSource(SOURCE).key).toBe("STRIPE");
  expect(kindOfSource({ ...SOURCE, type: "WEBHOOK", config: { ...SOURCE.config, auth_type: "HMAC" } }).key).toBe(
    "HMAC",
  );
  expect(kindOfSource({ ...SOURCE, type: "WEBHOOK", config: { ...SOURCE.config, auth_type: "NONE" } }).key).toBe(
    "NONE",
  );
});

test("the URL is given to a provider by its name, and to the team's own services", () => {
  const sender = (type: Source["type"], auth_type: SourceAuthType) =>
    senderOf(kindOfSource({ type, config: { ...SOURCE.config, auth_type } }));
  expect([sender("STRIPE", "STRIPE"), sender("WEBHOOK", "HMAC"), sender("PUBLISH", "NONE")]).toEqual([
    "Stripe",
    "the sender",
    "your services",
  ]);
});

test("the last that was seen tells never reached from reached and refused, and why", () => {
  const words = (request: Parameters<typeof lastSeenWords>[0], isCut = false) => {
    const { before, after } = lastSeenWords(request, isCut);
    return `${before} 4 s ago${after}`;
  };
  const seen = { status: "accepted", verification: "verified", rejection_cause: null, rejection_detail: null } as const;
  expect(words(null)).toMatch(/^Never reached us: nothing has come to this URL since it was made 4 s ago\.$/);
  expect(words(null, true)).toBe("Not seen lately: nothing has come to this URL since at least 4 s ago.");
  expect(words(seen)).toBe("Last seen 4 s ago, verified.");
  expect(words({ ...seen, verification: "unattempted" })).toBe("Last seen 4 s ago, accepted without proof.");
  const refused = { ...seen, status: "rejected", verification: "failed" } as const;
  expect(
    words({
      ...refused,
      rejection_cause: "VERIFICATION_FAILED",
      rejection_detail: "The header stripe-signature is missing. Kept as evidence: 4 of 9 bytes of the body.",
    }),
  ).toBe("Reached us 4 s ago and was refused, because the header stripe-signature is missing.");
  expect(words({ ...refused, rejection_cause: "SOURCE_DISABLED", rejection_detail: "The source was disabled." })).toBe(
    "Reached us 4 s ago and was refused, because the source is disabled.",
  );
  expect(
    words({
      ...refused,
      rejection_cause: "HANDSHAKE",
      rejection_detail: "The handshake was answered. Set its secret. Kept as evidence: 4 of 9 bytes of the body.",
    }),
  ).toBe("Reached us 4 s ago to try this URL. The handshake was answered. Set its secret.");
});

test("nothing was verified yet where all was looked at, and not where the look ended early", () => {
  const words = (data: { verification?: Verification }[], stopped_at?: string) =>
    provedState({ data, pagination: stopped_at === undefined ? {} : { stopped_at } }).word;
  expect([words([]), words([], "2026-11-26T08:00:00.000Z"), provedState(undefined).word]).toEqual([
    "Nothing verified yet",
    "Verifies",
    "Verifies",
  ]);
  const come = (verification: Verification) => words([{ verification }]);
  expect([come("verified"), come("authenticated")]).toEqual(["Verified", "Known by its token"]);
});

test("a test is offered where something can be accepted of it", () => {
  const source = (type: SourceType, auth_type: SourceAuthType, auth: object) =>
    canBeTested({ type, config: { ...presetFor(type), auth_type, auth: { ...auth } } });
  expect(source("GITHUB", "GITHUB", { secret: "…f3a9" })).toBe(true);
  expect(source("GITHUB", "NONE", {})).toBe(true);
  expect(source("WEBHOOK", "NONE", {})).toBe(true);
  expect(source("GITHUB", "GITHUB", {})).toBe(false);
  expect(source("PAYPAL", "PAYPAL", {})).toBe(false);
  expect(source("PUBLISH", "NONE", {})).toBe(false);
});

test("a rotation is safe to end when nothing has matched the previous secret for an hour", () => {
  const at = (minutes: number) => new Date(Date.UTC(2026, 10, 26, 6, minutes)).toISOString();
  const now = Date.UTC(2026, 10, 26, 8, 0);
  const seen = (verified_with: "secret" | "previous_secret" | null, minutes: number) => ({
    verified_with,
    created_at: at(minutes),
  });
  const lately = [seen("secret", 40), seen("secret", 35), seen("previous_secret", 30), seen(null, 20)];
  // What came before the rotation matched the secret that is now the previous one.
  expect(rotationOf([...lately, seen("secret", -5)], { last_used_at: at(30) }, at(0), now)).toEqual({
    current: 2,
    previous: 1,
    share: 2 / 3,
    isSafeToEnd: true,
  });
  expect(rotationOf([], { last_used_at: at(61) }, at(0), now)).toMatchObject({ share: null, isSafeToEnd: false });
  // It was rotated less than an hour ago, so nothing could tell yet.
  expect(rotationOf([], { last_used_at: null }, at(61), now).isSafeToEnd).toBe(false);
  expect(rotationOf([], { last_used_at: null }, at(59), now).isSafeToEnd).toBe(true);
  // A use may lie behind the end of a look that ended early.
  expect(rotationOf([], { last_used_at: null, stopped_at: at(61) }, at(0), now).isSafeToEnd).toBe(false);
  expect(rotationOf([], { last_used_at: null, stopped_at: at(59) }, at(0), now).isSafeToEnd).toBe(true);
  expect(rotationOf([], undefined, at(0), now).isSafeToEnd).toBe(false);
});

test("what a request matched is said of the secrets as they are now", () => {
  const [before, began, after] = ["2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z", "2026-01-03T00:00:00.000Z"];
  const current = { secret: "secret" as const, ends_in: "…f3a9", since: began, last_used_at: null };
  const previous = { ...current, secret: "previous_secret" as const };
  const of = (verified_with: "secret" | "previous_secret", created_at: string, uses = [current, previous]) =>
    matchWords({ verification: "verified", verified_with, created_at }, uses);
  expect(of("secret", after)).toBe("matches the secret");
  expect(of("previous_secret", after)).toBe("matches the previous secret");
  // Before the rotation began another was the secret; after its end there is no previous one.
  expect(of("secret", before)).toBe("matched the secret of then");
  expect(of("previous_secret", after, [current])).toBe("matched the secret of then");
  expect(of("previous_secret", before)).toBe("matched the secret of then");
  expect(matchWords({ verification: "verified", verified_with: "secret", created_at: after }, undefined)).toBe("…");
});
