import type { SourceAuthType } from "#server/contracts/source.ts";
import { apiKey } from "./api-key.ts";
import { basicAuth } from "./basic-auth.ts";
import { hmac } from "./hmac.ts";
import { providersByAuthType } from "./list.ts";
import type { AuthScheme } from "./provider.ts";
import { unproved } from "./unproved.ts";

/** The scheme by which a source of each auth type proves its senders. */
export const authSchemes: Record<SourceAuthType, AuthScheme> = {
  NONE: unproved,
  HMAC: hmac,
  BASIC_AUTH: basicAuth,
  API_KEY: apiKey,
  ...providersByAuthType,
};
