import type { ProviderType } from "#server/contracts/provider.ts";
import type { SourceAuthType, SourceType } from "#server/contracts/source.ts";
import { GENERIC_FIELDS } from "./generic.ts";
import { github, hubSha1 } from "./github.ts";
import { gitlab } from "./gitlab.ts";
import { knownHeaders } from "./known-headers.ts";
import { okta } from "./okta.ts";
import { paypal } from "./paypal.ts";
import type { Provider, SourceProvider } from "./provider.ts";
import { shopify } from "./shopify.ts";
import { slack } from "./slack.ts";
import { standardWebhooks } from "./standard-webhooks.ts";
import { stripe } from "./stripe.ts";
import { twilio } from "./twilio.ts";

/** The one list of the providers that a source can be of: contracts, presets, rotation and known headers follow from it. */
const ofSources: Record<ProviderType, SourceProvider> = {
  STRIPE: stripe,
  GITHUB: github,
  GITLAB: gitlab,
  OKTA: okta,
  PAYPAL: paypal,
  SHOPIFY: shopify,
  TWILIO: twilio,
  SLACK: slack,
};

/** By auth type. The scheme of Standard Webhooks is no one provider's, so there is no source type of its name. */
export const providersByAuthType: Record<ProviderType | "STANDARD_WEBHOOKS", SourceProvider> = {
  ...ofSources,
  STANDARD_WEBHOOKS: standardWebhooks,
};

/** Every provider that is recognised, in index order. */
export const providers: readonly Provider[] = [...Object.values(providersByAuthType), hubSha1, ...knownHeaders].sort(
  (a, b) => (a.name < b.name ? -1 : 1),
);

/** The members of a body that the door reads: those by which providers name their events. */
export const BODY_FIELDS: readonly string[] = [
  ...new Set([...GENERIC_FIELDS, ...providers.flatMap(({ bodyFields }) => bodyFields ?? [])]),
];

const byHeader = (some: readonly Provider[]): ReadonlyMap<string, Provider> =>
  new Map(some.flatMap((provider) => provider.headers.map((header) => [header, provider] as const)));
const bySignature = byHeader(providers.filter(({ hmac }) => hmac !== null));
const byToken = byHeader(providers.filter(({ hmac }) => hmac === null));

/** The provider whose signature stands in a header. */
export const providerOfHeader = (header: string): Provider | null => bySignature.get(header.toLowerCase()) ?? null;

/**
 * The provider that proves itself in a header by other means than a symmetric signature. Anyone may sign in
 * `authorization`.
 */
export const unsignedProviderOfHeader = (header: string): Provider | null =>
  header.toLowerCase() === "authorization" ? null : (byToken.get(header.toLowerCase()) ?? null);

const byType: ReadonlyMap<string, SourceProvider> = new Map(Object.entries(providersByAuthType));

/** A source type and its provider's auth type have the same name. */
export const providerOfType = (type: SourceType | SourceAuthType): SourceProvider | null => byType.get(type) ?? null;
