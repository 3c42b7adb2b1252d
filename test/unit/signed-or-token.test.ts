import { describe, expect, test } from "vitest";
import type { HeaderList } from "#server/contracts/header-list.ts";
import { providerOfHeader, sourceProviders, unsignedProviderOfHeader } from "#server/providers/list.ts";
import { makeSentMask } from "#server/providers/sent-secrets.ts";
import { prepareAuth } from "#server/providers/verify.ts";
import { newSourceConfig } from "#server/resources/source-config.ts";
import { ask, NOW, signedRow } from "#test/support/asked-provider.ts";
import { inbound } from "#test/support/inbound.ts";
import { ROWS } from "#test/support/provider-rows/rows.ts";
import { verify } from "#test/support/verify.ts";

const KEY = "whsec_dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q=";
const BOTH = ["BIGCOMMERCE", "BUILDKITE", "GITLAB", "REVENUECAT"] as const;
const tokenHeaderOf = (type: (typeof BOTH)[number]) => String(sourceProviders[type].tokenHeader);

test("the rows say of which providers a secret is taken both ways", () => {
  const rows = Object.entries(ROWS).flatMap(([type, { isTokenToo }]) => (isTokenToo ? [type] : []));
  expect(rows.sort()).toEqual(BOTH);
});

describe.each(BOTH)("%s", (type) => {
  const auth = { secret: KEY, previous_secret: "before" };
  const header = tokenHeaderOf(type);
  const signed = signedRow(type);
  const proof = signed.headers.filter(([name]) => sourceProviders[type].headers.includes(name.toLowerCase()));
  const asked = (headers: HeaderList, given: object = auth, now = NOW) =>
    verify(prepareAuth(type, given), inbound(signed.body, headers), now);
  // The row is signed with a secret of its own.
  const own = { secret: String(ROWS[type]?.auth?.secret ?? "shh-0123456789abcdef") };

  test("is authenticated by the secret itself, and by the one before", () => {
    expect(asked([[header, KEY]])).toEqual({ kind: "authenticated", with: "secret" });
    expect(asked([[header, "before"]])).toEqual({ kind: "authenticated", with: "previous_secret" });
    for (const value of ["", `${KEY} `, `Bearer ${KEY}`, KEY.slice(1)])
      expect(asked([[header, value]]).kind).toBe("rejected");
    expect(asked([])).toMatchObject({ kind: "rejected", detail: expect.stringContaining(`, and so is ${header}.`) });
  });

  test("is verified by its signature, whatever token of another stands beside it", () => {
    expect(ask(type, signed, own)).toEqual({ kind: "verified", with: "secret" });
    expect(asked([...signed.headers, [header, "another"]], own)).toEqual({ kind: "verified", with: "secret" });
  });

  test("is authenticated by its token where it signs with a secret that this source does not hold", () => {
    expect(asked([...signed.headers, [header, "token"]], { secret: "token" })).toEqual({
      kind: "authenticated",
      with: "secret",
    });
    expect(asked([...signed.headers, [header, "other"]], { secret: "token" }).kind).toBe("rejected");
  });

  test("is refused where the signature is right and late, whatever token stands beside it", () => {
    expect(asked([...signed.headers, [header, own.secret]], own, NOW + 301_000)).toMatchObject({
      cause: "TIMESTAMP_OUT_OF_TOLERANCE",
    });
  });

  test("stores no token, and never takes one for a signature of plain HMAC", () => {
    const sent = { path: "/", query: "", headers: [[header, KEY]] satisfies HeaderList };
    expect(makeSentMask(type, {}, type)(sent).headers).toEqual([[header, "***"]]);
    expect(providerOfHeader(header)).toBeNull();
    const isShared = header === "authorization";
    expect(unsignedProviderOfHeader(header)?.name).toBe(isShared ? undefined : sourceProviders[type].name);
    expect(proof.length).toBeGreaterThan(0);
  });
});

test("a secret of GitLab that begins as a signing token has to be one, and any other is a token", () => {
  const save = (secret: string) => () => newSourceConfig("GITLAB", { auth: { secret } });
  expect(save("a token of our own")).not.toThrow();
  expect(save(KEY)).not.toThrow();
  expect(save("whsec_")).toThrow(/whole secret/);
  expect(save("whsec_no base64")).toThrow(/base64/);
});
