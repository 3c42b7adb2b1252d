import type { z } from "zod";
import type { SourceAuth } from "#server/contracts/source.ts";
import { makeHmacCheck } from "./hmac-scheme.ts";
import { overBody } from "./hmac-shapes.ts";
import type { Check } from "./inbound.ts";
import { providerOfHeader } from "./table.ts";

/** A header no provider is known by: SHA-256 over the body, in whichever encoding has the right length. */
const anyHeader = overBody({ algorithm: "sha256", encoding: null });

/** Plain HMAC: a known provider's header is verified by that provider's construction, any other over the body. */
export function makePlainHmacCheck(auth: z.output<typeof SourceAuth.HMAC>): Check {
  const header = auth.signature_header.toLowerCase();
  return makeHmacCheck(providerOfHeader(header)?.scheme ?? anyHeader, [header], auth);
}
