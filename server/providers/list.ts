import type { ProviderType } from "#server/contracts/provider.ts";
import type { SourceAuthType, SourceType } from "#server/contracts/source.ts";
import { auth0 } from "#server/providers/senders/auth0.ts";
import { chargebee, pipedrive, postmark } from "#server/providers/senders/by-basic-auth.ts";
import { mailchimp, mattermost } from "#server/providers/senders/by-token.ts";
import { calendly } from "#server/providers/senders/calendly.ts";
import { discord } from "#server/providers/senders/discord.ts";
import { fusionauth } from "#server/providers/senders/fusionauth.ts";
import { github, hubSha1 } from "#server/providers/senders/github.ts";
import { gitlab } from "#server/providers/senders/gitlab.ts";
import { hubspot } from "#server/providers/senders/hubspot.ts";
import { linear } from "#server/providers/senders/linear.ts";
import { instagram, meta, whatsapp } from "#server/providers/senders/meta.ts";
import { okta } from "#server/providers/senders/okta.ts";
import { heroku, launchdarkly, paystack, segment, thinkific, uber } from "#server/providers/senders/over-the-body.ts";
import { sanity, tiktok } from "#server/providers/senders/over-time-and-body.ts";
import { paddle } from "#server/providers/senders/paddle.ts";
import { paypal } from "#server/providers/senders/paypal.ts";
import { sendgrid } from "#server/providers/senders/sendgrid.ts";
import { shopify } from "#server/providers/senders/shopify.ts";
import { slack } from "#server/providers/senders/slack.ts";
import { standardWebhooks } from "#server/providers/senders/standard-webhooks.ts";
import { standardWebhooksUsers } from "#server/providers/senders/standard-webhooks-users.ts";
import { stripe } from "#server/providers/senders/stripe.ts";
import { tebex } from "#server/providers/senders/tebex.ts";
import { twilio } from "#server/providers/senders/twilio.ts";
import { twitch } from "#server/providers/senders/twitch.ts";
import { typeform } from "#server/providers/senders/typeform.ts";
import { vercel } from "#server/providers/senders/vercel.ts";
import { vonage } from "#server/providers/senders/vonage.ts";
import { webflow } from "#server/providers/senders/webflow.ts";
import { woocommerce } from "#server/providers/senders/woocommerce.ts";
import { x } from "#server/providers/senders/x.ts";
import { zendesk } from "#server/providers/senders/zendesk.ts";
import { zoom } from "#server/providers/senders/zoom.ts";
import { GENERIC_FIELDS } from "./generic.ts";
import type { Provider, SourceProvider } from "./provider.ts";

/**
 * The one list of the providers that a source can be of, by source type. What contracts, dashboard, docs and README show of
 * them is written from it: `npm run providers`.
 */
export const sourceProviders: Record<ProviderType, SourceProvider> = {
  AUTH0: auth0,
  CALENDLY: calendly,
  CHARGEBEE: chargebee,
  DISCORD: discord,
  FUSIONAUTH: fusionauth,
  GITHUB: github,
  GITLAB: gitlab,
  HEROKU: heroku,
  HUBSPOT: hubspot,
  INSTAGRAM: instagram,
  LAUNCHDARKLY: launchdarkly,
  LINEAR: linear,
  MAILCHIMP: mailchimp,
  MATTERMOST: mattermost,
  META: meta,
  OKTA: okta,
  PADDLE: paddle,
  PAYPAL: paypal,
  PAYSTACK: paystack,
  PIPEDRIVE: pipedrive,
  POSTMARK: postmark,
  SANITY: sanity,
  SEGMENT: segment,
  SENDGRID: sendgrid,
  SHOPIFY: shopify,
  SLACK: slack,
  STRIPE: stripe,
  TEBEX: tebex,
  THINKIFIC: thinkific,
  TIKTOK: tiktok,
  TWILIO: twilio,
  TWITCH: twitch,
  TYPEFORM: typeform,
  UBER: uber,
  VERCEL: vercel,
  VONAGE: vonage,
  WEBFLOW: webflow,
  WHATSAPP: whatsapp,
  WOOCOMMERCE: woocommerce,
  X: x,
  ZENDESK: zendesk,
  ZOOM: zoom,
  ...standardWebhooksUsers,
};

/** By auth type. The scheme of Standard Webhooks is no one provider's, so there is no source type of its name. */
export const providersByAuthType: Record<ProviderType | "STANDARD_WEBHOOKS", SourceProvider> = {
  ...sourceProviders,
  STANDARD_WEBHOOKS: standardWebhooks,
};

/** Every provider that is recognised, in index order. */
export const providers: readonly Provider[] = [...Object.values(providersByAuthType), hubSha1].sort((a, b) =>
  a.name < b.name ? -1 : 1,
);

const fieldsOf = new Map(
  providers.map(({ name, bodyFields = [] }) => [name, [...new Set([...GENERIC_FIELDS, ...bodyFields])]] as const),
);

/** The members of a body that the door reads: those by which the provider names its events. */
export const bodyFieldsOf = (provider: Provider | null): readonly string[] =>
  fieldsOf.get(provider?.name ?? "") ?? GENERIC_FIELDS;

/** Of headers that several prove themselves in, none is recognised. */
const byHeader = (some: readonly Provider[]): ReadonlyMap<string, Provider> =>
  new Map(
    some
      .filter(({ isHeaderShared }) => isHeaderShared !== true)
      .flatMap((provider) => provider.headers.map((header) => [header, provider] as const)),
  );
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
