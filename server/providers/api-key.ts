import type { z } from "zod";
import type { SourceAuth } from "#server/contracts/source.ts";
import type { Check } from "./inbound.ts";
import { makeEqualityCheck } from "./shared-secret.ts";

const BEARER = /^bearer +/i;

/** The key stands alone in its header; in `authorization` it may also follow `Bearer`. */
export function makeApiKeyCheck(auth: z.output<typeof SourceAuth.API_KEY>): Check {
  const header = auth.header.toLowerCase();
  // Some paste the key as it stands in the header, others without the word before it.
  const keyIn = (value: string) => (header === "authorization" ? value.replace(BEARER, "") : value);
  const previousSecret = auth.previous_api_key ? keyIn(auth.previous_api_key) : null;
  return makeEqualityCheck(header, { secret: keyIn(auth.api_key), previousSecret }, (value) =>
    Buffer.from(keyIn(value), "latin1"),
  );
}
