import { z } from "zod";
import { HeaderName } from "#server/contracts/http.ts";
import { Secret } from "#server/contracts/secret.ts";
import type { AuthScheme } from "./provider.ts";
import { headerProblems, sentSecretProblems } from "./secret-problem.ts";
import { inHeader, makeEqualityCheck } from "./shared-secret.ts";

const BEARER = /^bearer +/i;

const settings = z.strictObject({
  header: HeaderName.default("x-api-key"),
  api_key: Secret,
  previous_api_key: Secret.nullable().optional(),
});

/** The key stands alone in its header; in `authorization` it may also follow `Bearer`. */
export const apiKey: AuthScheme<typeof settings> = {
  settings,
  isOverSenderAlone: true,
  rotation: { field: "api_key", previous: "previous_api_key", made: "token" },
  makeCheck(auth) {
    const header = auth.header.toLowerCase();
    // Some paste the key as it stands in the header, others without the word before it.
    const keyIn = (value: string) => (header === "authorization" ? value.replace(BEARER, "") : value);
    const previousSecret = auth.previous_api_key ? keyIn(auth.previous_api_key) : null;
    const place = inHeader(header, (value) => Buffer.from(keyIn(value), "latin1"));
    return makeEqualityCheck(place, { secret: keyIn(auth.api_key), previousSecret });
  },
  prove: ({ header }) => ({ kind: "token", header: header.toLowerCase() }),
  problems: ({ header, api_key, previous_api_key }) => [
    ...sentSecretProblems({ api_key, previous_api_key }),
    ...headerProblems("header", header),
  ],
  secretHeaders: ({ header }) => (typeof header === "string" ? [header.toLowerCase()] : []),
};
