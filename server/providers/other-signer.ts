// A signature of another scheme than the source's own. It is looked for only after a request was refused.
import { PROVIDERS } from "#server/contracts/provider.ts";
import type { Inbound } from "./inbound.ts";
import { providerOfHeader, unsignedProviderOfHeader } from "./list.ts";

/** Names who else seems to have sent a refused request, as a sentence for the owner; empty where nothing tells. */
export function tellOtherSigner({ headers }: Inbound, ownHeaders: readonly string[]): string {
  for (const [name] of headers) {
    const header = name.toLowerCase();
    if (ownHeaders.includes(header)) continue;
    const provider = providerOfHeader(header) ?? unsignedProviderOfHeader(header);
    if (!provider) continue;
    const authType = provider.name.toUpperCase().replaceAll("-", "_");
    const remedy =
      Object.hasOwn(PROVIDERS, authType) || authType === "STANDARD_WEBHOOKS"
        ? `auth_type ${authType}`
        : `auth_type HMAC with signature_header ${header}`;
    return ` It has ${header}, which is how ${provider.name} signs: if that is the sender, set ${remedy}.`;
  }
  return "";
}
