import { z } from "zod";
import { Secret } from "#server/contracts/secret.ts";
import type { AuthScheme, ProviderProof } from "./provider.ts";
import { sentSecretProblems } from "./secret-problem.ts";
import { inHeader, makeEqualityCheck } from "./shared-secret.ts";

const BASIC = /^basic +([A-Za-z0-9+/_-]+={0,2}) *$/i;

const settings = z.strictObject({
  username: z.string().trim().min(1).max(255),
  password: Secret,
  previous_password: Secret.nullable().optional(),
});

/** RFC 7617: base64 of `username:password`, both UTF-8. */
export const basicAuth: AuthScheme<typeof settings> = {
  settings,
  isOverSenderAlone: true,
  rotation: { field: "password", previous: "previous_password", made: "token" },
  makeCheck({ username, password, previous_password }) {
    const expected = {
      secret: `${username}:${password}`,
      previousSecret: previous_password ? `${username}:${previous_password}` : null,
    };
    const place = inHeader("authorization", (value) => {
      const credentials = BASIC.exec(value)?.[1];
      return credentials === undefined ? null : Buffer.from(credentials, "base64");
    });
    return makeEqualityCheck(place, expected);
  },
  prove: ({ username }) => ({ kind: "basic", username }),
  problems({ username, password, previous_password }) {
    const problems = sentSecretProblems({ password, previous_password });
    if (!/[:\p{Cc}]/u.test(username)) return problems;
    const message =
      "Use a user name without a colon or control characters: basic auth ends the name at its first colon.";
    return [...problems, { field: "username", message }];
  },
  secretHeaders: () => ["authorization"],
};

/** A provider that proves itself by a user name and a password, which the owner chooses. */
export const byBasicAuth: ProviderProof<typeof settings> = {
  ...basicAuth,
  headers: ["authorization"],
  hmac: null,
  about: "user name and password, checked by equality",
};
