import type { SourceAuthType, SourceType } from "#server/contracts/source.ts";
import { github, hubSha1 } from "./github.ts";
import { knownHeaders } from "./known-headers.ts";
import type { Provider } from "./provider.ts";
import { shopify } from "./shopify.ts";
import { slack } from "./slack.ts";
import { standardWebhooks } from "./standard-webhooks.ts";
import { stripe } from "./stripe.ts";
import { twilio } from "./twilio.ts";

/** Every provider Switchyard knows, in index order. */
export const providers: readonly Provider[] = [
  github,
  hubSha1,
  shopify,
  slack,
  standardWebhooks,
  stripe,
  twilio,
  ...knownHeaders,
].sort((a, b) => (a.name < b.name ? -1 : 1));

const byHeader = new Map(
  providers.flatMap((provider) => provider.headers.map((header) => [header, provider] as const)),
);
const byAuthType = new Map(providers.map((provider) => [provider.authType, provider] as const));

export const providerOfHeader = (header: string): Provider | null => byHeader.get(header.toLowerCase()) ?? null;

/** A source type and its provider's auth type have the same name. */
export function providerOfType(type: SourceAuthType | SourceType): Provider | null {
  return byAuthType.get(type as SourceAuthType) ?? null;
}
