// Verification at the door: a source's auth is compiled once per configuration, then judges each request's raw bytes.
import type { z } from "zod";
import { SourceAuth, type SourceAuthType } from "#server/contracts/source.ts";
import { makeApiKeyCheck } from "./api-key.ts";
import { makeBasicAuthCheck } from "./basic-auth.ts";
import { makePlainHmacCheck } from "./hmac.ts";
import { makeHmacCheck } from "./hmac-scheme.ts";
import { type Check, type Inbound, rejected, type Verification } from "./inbound.ts";
import type { Provider } from "./provider.ts";
import { providerOfHeader, providerOfType } from "./table.ts";

/** A source's auth with its keys ready. It holds secrets: never log or serialise it. */
export interface ResolvedAuth {
  readonly authType: SourceAuthType;
  /** Where a signature is looked for, lower case, in order of preference. */
  readonly signatureHeaders: readonly string[];
  /** Whose events these are as far as the auth tells; null for a producer no table knows. */
  readonly provider: Provider | null;
  readonly check: Check;
}

/**
 * @param auth `config.auth` of the source with its secrets in clear. One that does not fit its type (an empty secret,
 *   a field lost) refuses every request with a detail for the owner, and does not keep the other sources from loading.
 */
export function prepareAuth(authType: SourceAuthType, auth: unknown): ResolvedAuth {
  if (authType === "NONE")
    return { authType, provider: null, signatureHeaders: [], check: () => ({ kind: "unsigned" }) };
  return (
    compile(authType, auth) ?? {
      authType,
      provider: providerOfType(authType),
      signatureHeaders: [],
      check: () => rejected(`The source's ${authType} settings are incomplete: save them again.`),
    }
  );
}

function parse<S extends z.ZodType>(schema: S, auth: unknown): z.output<S> | null {
  const result = schema.safeParse(auth);
  return result.success ? result.data : null;
}

function compile(authType: Exclude<SourceAuthType, "NONE">, auth: unknown): ResolvedAuth | null {
  switch (authType) {
    case "HMAC": {
      const settings = parse(SourceAuth.HMAC, auth);
      if (!settings) return null;
      const header = settings.signature_header.toLowerCase();
      const provider = providerOfHeader(header);
      return { authType, provider, signatureHeaders: [header], check: makePlainHmacCheck(settings) };
    }
    case "BASIC_AUTH": {
      const settings = parse(SourceAuth.BASIC_AUTH, auth);
      return settings && { authType, provider: null, signatureHeaders: [], check: makeBasicAuthCheck(settings) };
    }
    case "API_KEY": {
      const settings = parse(SourceAuth.API_KEY, auth);
      return settings && { authType, provider: null, signatureHeaders: [], check: makeApiKeyCheck(settings) };
    }
    default: {
      const settings = parse(SourceAuth[authType], auth);
      const provider = providerOfType(authType);
      if (!settings || !provider) return null;
      const check = makeHmacCheck(provider.scheme, provider.headers, settings);
      return { authType, provider, signatureHeaders: provider.headers, check };
    }
  }
}

/** Judges one request by its raw bytes; `nowMs` is Unix time. Synchronous, never throws, never says more than the owner may read. */
export function verify(auth: ResolvedAuth, inbound: Inbound, nowMs: number): Verification {
  return auth.check(inbound, nowMs);
}
