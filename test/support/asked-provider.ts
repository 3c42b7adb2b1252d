// A question to a provider's proof, and to what it answers by itself, with what its row of the table signs.
import type { SourceAuthType } from "#server/contracts/source.ts";
import { outlineBody } from "#server/payload/body-outline.ts";
import { challenge, describedFields } from "#server/providers/describe.ts";
import type { Inbound } from "#server/providers/inbound.ts";
import { prepareAuth } from "#server/providers/verify.ts";
import { NOW_S } from "#test/support/provider-rows/row.ts";
import { ROWS } from "#test/support/provider-rows/rows.ts";
import { inbound } from "./inbound.ts";
import { verify } from "./verify.ts";

export const NOW = NOW_S * 1000;
export const SECRET = "shh-0123456789abcdef";
export const URL_OF_SOURCE = "https://hooks.example.com/e/key";
export const VERIFIED = { kind: "verified", with: "secret" };

export function signedRow(type: SourceAuthType, change: (body: string) => string = (body) => body): Inbound {
  const row = ROWS[type];
  if (!row) throw new Error(`${type} has no row.`);
  const secret = row.secret ?? String(row.auth?.secret ?? SECRET);
  const text = typeof row.body === "string" ? row.body : JSON.stringify(row.body);
  const signed = row.sign({ secret, body: text, url: URL_OF_SOURCE, method: "POST", seconds: NOW_S });
  const headers = [...(row.headers ?? []), ...(signed.headers ?? [])];
  return inbound(change(signed.body ?? text), headers, { urls: [signed.url ?? URL_OF_SOURCE] });
}
export const ask = (type: SourceAuthType, request: Inbound, auth: object = { secret: SECRET }, now = NOW) =>
  verify(prepareAuth(type, auth), request, now);
export function probe(type: SourceAuthType, request: Inbound, auth: object = { secret: SECRET }) {
  const prepared = prepareAuth(type, auth);
  const sourceType = type as Parameters<typeof challenge>[0];
  const fields = () => outlineBody(request.body, "application/json", describedFields(sourceType, prepared));
  return challenge(sourceType, prepared, request, fields, false);
}
