// A webhook of a row, as its provider sends it.
import type { HeaderList } from "#server/contracts/header-list.ts";
import type { Inbound } from "#server/providers/inbound.ts";
import { inbound } from "#test/support/inbound.ts";
import { type Draft, NOW_S, type ProviderRow, URL_OF_SOURCE } from "./row.ts";

const SECRET = "shh-0123456789abcdef";

export const authOf = ({ auth }: ProviderRow) => auth ?? { secret: SECRET };
const textOf = ({ body }: ProviderRow) => (typeof body === "string" ? body : JSON.stringify(body));
export const secretOf = (row: ProviderRow) => row.secret ?? String(authOf(row).secret ?? "");

/** A webhook as the provider sends it; `given` is signed in the place of what the row says. */
export function sent(row: ProviderRow, given: Partial<Draft> = {}, more: HeaderList = row.headers ?? []): Inbound {
  const draft: Draft = {
    secret: secretOf(row),
    body: textOf(row),
    url: row.url ?? URL_OF_SOURCE,
    method: "POST",
    seconds: NOW_S,
    ...given,
  };
  const { headers = [], url = draft.url, body = draft.body } = row.sign(draft);
  const named = more.some(([name]) => name.toLowerCase() === "content-type")
    ? more
    : [["Content-Type", "application/json"] as [string, string], ...more];
  return inbound(body, [...named, ...headers], { urls: [url], method: draft.method });
}
