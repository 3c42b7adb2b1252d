import type { z } from "zod";
import type { SourceAuth } from "#server/contracts/source.ts";
import type { Check } from "./inbound.ts";
import { makeEqualityCheck } from "./shared-secret.ts";

const BEARER = /^bearer +/i;

/** The key stands alone in its header; in `authorization` it may also follow `Bearer`. */
export function makeApiKeyCheck(auth: z.output<typeof SourceAuth.API_KEY>): Check {
  const header = auth.header.toLowerCase();
  const expected = { secret: auth.api_key, previousSecret: auth.previous_api_key || null };
  return makeEqualityCheck(header, expected, (value) =>
    Buffer.from(header === "authorization" ? value.replace(BEARER, "") : value, "latin1"),
  );
}
