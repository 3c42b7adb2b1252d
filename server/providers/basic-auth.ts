import type { z } from "zod";
import type { SourceAuth } from "#server/contracts/source.ts";
import type { Check } from "./inbound.ts";
import { makeEqualityCheck } from "./shared-secret.ts";

const BASIC = /^basic +([A-Za-z0-9+/_-]+={0,2}) *$/i;

/** RFC 7617: base64 of `username:password`, both UTF-8. */
export function makeBasicAuthCheck(auth: z.output<typeof SourceAuth.BASIC_AUTH>): Check {
  const expected = {
    secret: `${auth.username}:${auth.password}`,
    previousSecret: auth.previous_password ? `${auth.username}:${auth.previous_password}` : null,
  };
  return makeEqualityCheck("authorization", expected, (value) => {
    const credentials = BASIC.exec(value)?.[1];
    return credentials === undefined ? null : Buffer.from(credentials, "base64");
  });
}
