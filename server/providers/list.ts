import type { ProviderType } from "#server/contracts/provider.ts";
import type { SourceAuthType, SourceType } from "#server/contracts/source.ts";
import { type Wanted, wantedAt } from "#server/json/json-outline.ts";
import { adyen } from "#server/providers/senders/adyen.ts";
import { aftership } from "#server/providers/senders/aftership.ts";
import { airtable } from "#server/providers/senders/airtable.ts";
import { asana } from "#server/providers/senders/asana.ts";
import { attio } from "#server/providers/senders/attio.ts";
import { auth0 } from "#server/providers/senders/auth0.ts";
import { bigcommerce } from "#server/providers/senders/bigcommerce.ts";
import { bitbucket } from "#server/providers/senders/bitbucket.ts";
import { box } from "#server/providers/senders/box.ts";
import { braintree } from "#server/providers/senders/braintree.ts";
import { brevo } from "#server/providers/senders/brevo.ts";
import { buildkite } from "#server/providers/senders/buildkite.ts";
import { chargebee, pipedrive, postmark } from "#server/providers/senders/by-basic-auth.ts";
import { datadog, mailchimp, mattermost } from "#server/providers/senders/by-token.ts";
import { calCom } from "#server/providers/senders/cal-com.ts";
import { calendly } from "#server/providers/senders/calendly.ts";
import { cashfree } from "#server/providers/senders/cashfree.ts";
import { checkoutCom } from "#server/providers/senders/checkout-com.ts";
import { circleci } from "#server/providers/senders/circleci.ts";
import { clickup } from "#server/providers/senders/clickup.ts";
import { cloudflare } from "#server/providers/senders/cloudflare.ts";
import { coinbaseCommerce } from "#server/providers/senders/coinbase-commerce.ts";
import { contentful } from "#server/providers/senders/contentful.ts";
import { cronofy } from "#server/providers/senders/cronofy.ts";
import { customerIo } from "#server/providers/senders/customer-io.ts";
import { discord } from "#server/providers/senders/discord.ts";
import { documenso } from "#server/providers/senders/documenso.ts";
import { docusign } from "#server/providers/senders/docusign.ts";
import { dropbox } from "#server/providers/senders/dropbox.ts";
import { dwolla } from "#server/providers/senders/dwolla.ts";
import { ebay } from "#server/providers/senders/ebay.ts";
import { emailit } from "#server/providers/senders/emailit.ts";
import { figma } from "#server/providers/senders/figma.ts";
import { flutterwave, flutterwaveV4 } from "#server/providers/senders/flutterwave.ts";
import { front } from "#server/providers/senders/front.ts";
import { fusionauth } from "#server/providers/senders/fusionauth.ts";
import { github, hubSha1 } from "#server/providers/senders/github.ts";
import { gitlab } from "#server/providers/senders/gitlab.ts";
import { gocardless } from "#server/providers/senders/gocardless.ts";
import { googleDrive } from "#server/providers/senders/google-drive.ts";
import { grafana } from "#server/providers/senders/grafana.ts";
import { hubspot } from "#server/providers/senders/hubspot.ts";
import { intercom } from "#server/providers/senders/intercom.ts";
import { jira } from "#server/providers/senders/jira.ts";
import { klaviyo } from "#server/providers/senders/klaviyo.ts";
import { lemonSqueezy } from "#server/providers/senders/lemon-squeezy.ts";
import { line } from "#server/providers/senders/line.ts";
import { linear } from "#server/providers/senders/linear.ts";
import { logto } from "#server/providers/senders/logto.ts";
import { mailgun } from "#server/providers/senders/mailgun.ts";
import { mandrill } from "#server/providers/senders/mandrill.ts";
import { instagram, meta, whatsapp } from "#server/providers/senders/meta.ts";
import { microsoftGraph } from "#server/providers/senders/microsoft-graph.ts";
import { modernTreasury } from "#server/providers/senders/modern-treasury.ts";
import { mollie } from "#server/providers/senders/mollie.ts";
import { monday } from "#server/providers/senders/monday.ts";
import { mongodbAtlas } from "#server/providers/senders/mongodb-atlas.ts";
import { mux } from "#server/providers/senders/mux.ts";
import { netlify } from "#server/providers/senders/netlify.ts";
import { notion } from "#server/providers/senders/notion.ts";
import { nylas } from "#server/providers/senders/nylas.ts";
import { okta } from "#server/providers/senders/okta.ts";
import { onfido } from "#server/providers/senders/onfido.ts";
import { heroku, launchdarkly, paystack, segment, thinkific, uber } from "#server/providers/senders/over-the-body.ts";
import { sanity, tiktok } from "#server/providers/senders/over-time-and-body.ts";
import { paddle } from "#server/providers/senders/paddle.ts";
import { pagerduty } from "#server/providers/senders/pagerduty.ts";
import { paypal } from "#server/providers/senders/paypal.ts";
import { persona } from "#server/providers/senders/persona.ts";
import { plaid } from "#server/providers/senders/plaid.ts";
import { quickbooks } from "#server/providers/senders/quickbooks.ts";
import { razorpay } from "#server/providers/senders/razorpay.ts";
import { recurly } from "#server/providers/senders/recurly.ts";
import { revenuecat } from "#server/providers/senders/revenuecat.ts";
import { revolut } from "#server/providers/senders/revolut.ts";
import { rootly } from "#server/providers/senders/rootly.ts";
import { salesforceMarketingCloud } from "#server/providers/senders/salesforce-marketing-cloud.ts";
import { savvycal } from "#server/providers/senders/savvycal.ts";
import { sendcloud } from "#server/providers/senders/sendcloud.ts";
import { sendgrid } from "#server/providers/senders/sendgrid.ts";
import { sentry } from "#server/providers/senders/sentry.ts";
import { shippo } from "#server/providers/senders/shippo.ts";
import { shopify } from "#server/providers/senders/shopify.ts";
import { slack } from "#server/providers/senders/slack.ts";
import { sns } from "#server/providers/senders/sns.ts";
import { square } from "#server/providers/senders/square.ts";
import { squarespace } from "#server/providers/senders/squarespace.ts";
import { standardWebhooks } from "#server/providers/senders/standard-webhooks.ts";
import { standardWebhooksUsers } from "#server/providers/senders/standard-webhooks-users.ts";
import { strava } from "#server/providers/senders/strava.ts";
import { stripe } from "#server/providers/senders/stripe.ts";
import { tally } from "#server/providers/senders/tally.ts";
import { tebex } from "#server/providers/senders/tebex.ts";
import { telegram } from "#server/providers/senders/telegram.ts";
import { telnyx } from "#server/providers/senders/telnyx.ts";
import { trello } from "#server/providers/senders/trello.ts";
import { twilio } from "#server/providers/senders/twilio.ts";
import { twitch } from "#server/providers/senders/twitch.ts";
import { typeform } from "#server/providers/senders/typeform.ts";
import { vercel } from "#server/providers/senders/vercel.ts";
import { vonage } from "#server/providers/senders/vonage.ts";
import { webflow } from "#server/providers/senders/webflow.ts";
import { wise } from "#server/providers/senders/wise.ts";
import { woocommerce } from "#server/providers/senders/woocommerce.ts";
import { workos } from "#server/providers/senders/workos.ts";
import { x } from "#server/providers/senders/x.ts";
import { xero } from "#server/providers/senders/xero.ts";
import { yousign } from "#server/providers/senders/yousign.ts";
import { zendesk } from "#server/providers/senders/zendesk.ts";
import { zoom } from "#server/providers/senders/zoom.ts";
import { GENERIC_FIELDS } from "./generic.ts";
import type { Provider, SourceProvider } from "./provider.ts";

/**
 * The one list of the providers that a source can be of, by source type. What contracts, dashboard, docs and README show of
 * them is written from it: `npm run providers`.
 */
export const sourceProviders: Record<ProviderType, SourceProvider> = {
  ...standardWebhooksUsers,
  ADYEN: adyen,
  AFTERSHIP: aftership,
  AIRTABLE: airtable,
  ASANA: asana,
  ATTIO: attio,
  AUTH0: auth0,
  BIGCOMMERCE: bigcommerce,
  BITBUCKET: bitbucket,
  BOX: box,
  BRAINTREE: braintree,
  BREVO: brevo,
  BUILDKITE: buildkite,
  CALENDLY: calendly,
  CAL_COM: calCom,
  CASHFREE: cashfree,
  CHARGEBEE: chargebee,
  CHECKOUT_COM: checkoutCom,
  CIRCLECI: circleci,
  CLICKUP: clickup,
  CLOUDFLARE: cloudflare,
  COINBASE_COMMERCE: coinbaseCommerce,
  CONTENTFUL: contentful,
  CRONOFY: cronofy,
  CUSTOMER_IO: customerIo,
  DATADOG: datadog,
  DISCORD: discord,
  DOCUMENSO: documenso,
  DOCUSIGN: docusign,
  DROPBOX: dropbox,
  DWOLLA: dwolla,
  EBAY: ebay,
  EMAILIT: emailit,
  FIGMA: figma,
  FLUTTERWAVE: flutterwave,
  FLUTTERWAVE_V4: flutterwaveV4,
  FRONT: front,
  FUSIONAUTH: fusionauth,
  GITHUB: github,
  GITLAB: gitlab,
  GOCARDLESS: gocardless,
  GOOGLE_DRIVE: googleDrive,
  GRAFANA: grafana,
  HEROKU: heroku,
  HUBSPOT: hubspot,
  INSTAGRAM: instagram,
  INTERCOM: intercom,
  JIRA: jira,
  KLAVIYO: klaviyo,
  LAUNCHDARKLY: launchdarkly,
  LEMON_SQUEEZY: lemonSqueezy,
  LINE: line,
  LINEAR: linear,
  LOGTO: logto,
  MAILCHIMP: mailchimp,
  MAILGUN: mailgun,
  MANDRILL: mandrill,
  MATTERMOST: mattermost,
  META: meta,
  MICROSOFT_GRAPH: microsoftGraph,
  MODERN_TREASURY: modernTreasury,
  MOLLIE: mollie,
  MONDAY: monday,
  MONGODB_ATLAS: mongodbAtlas,
  MUX: mux,
  NETLIFY: netlify,
  NOTION: notion,
  NYLAS: nylas,
  OKTA: okta,
  ONFIDO: onfido,
  PADDLE: paddle,
  PAGERDUTY: pagerduty,
  PAYPAL: paypal,
  PAYSTACK: paystack,
  PERSONA: persona,
  PIPEDRIVE: pipedrive,
  PLAID: plaid,
  POSTMARK: postmark,
  QUICKBOOKS: quickbooks,
  RAZORPAY: razorpay,
  RECURLY: recurly,
  REVENUECAT: revenuecat,
  REVOLUT: revolut,
  ROOTLY: rootly,
  SALESFORCE_MARKETING_CLOUD: salesforceMarketingCloud,
  SANITY: sanity,
  SAVVYCAL: savvycal,
  SEGMENT: segment,
  SENDCLOUD: sendcloud,
  SENDGRID: sendgrid,
  SENTRY: sentry,
  SHIPPO: shippo,
  SHOPIFY: shopify,
  SLACK: slack,
  SNS: sns,
  SQUARE: square,
  SQUARESPACE: squarespace,
  STRAVA: strava,
  STRIPE: stripe,
  TALLY: tally,
  TEBEX: tebex,
  TELEGRAM: telegram,
  TELNYX: telnyx,
  THINKIFIC: thinkific,
  TIKTOK: tiktok,
  TRELLO: trello,
  TWILIO: twilio,
  TWITCH: twitch,
  TYPEFORM: typeform,
  UBER: uber,
  VERCEL: vercel,
  VONAGE: vonage,
  WEBFLOW: webflow,
  WHATSAPP: whatsapp,
  WISE: wise,
  WOOCOMMERCE: woocommerce,
  WORKOS: workos,
  X: x,
  XERO: xero,
  YOUSIGN: yousign,
  ZENDESK: zendesk,
  ZOOM: zoom,
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

const GENERIC = wantedAt(GENERIC_FIELDS);
const wanted: ReadonlyMap<Provider, Wanted> = new Map(
  providers.map((provider) => [provider, wantedAt([...GENERIC_FIELDS, ...(provider.bodyFields ?? [])])]),
);

/** What the door reads of a body: that by which the provider names its events. */
export const wantedOf = (provider: Provider | null): Wanted => (provider && wanted.get(provider)) ?? GENERIC;

const byHeader = (headersOf: (provider: Provider) => readonly string[]): ReadonlyMap<string, Provider> =>
  new Map(providers.flatMap((provider) => headersOf(provider).map((header) => [header, provider] as const)));
/** Of headers that several prove themselves in, none is recognised. */
const ownHeaders = ({ headers, tokenHeader, isHeaderShared }: Provider) =>
  isHeaderShared === true ? [] : headers.filter((header) => header !== tokenHeader);
const bySignature = byHeader((provider) => (provider.hmac === null ? [] : ownHeaders(provider)));
const byToken = byHeader(({ tokenHeader, ...provider }) => [
  ...(provider.hmac === null ? ownHeaders(provider) : []),
  ...(tokenHeader === undefined ? [] : [tokenHeader]),
]);

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
