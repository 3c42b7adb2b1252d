// Providers that send a token of the owner's as it is.
import { makeProvider } from "#server/providers/make-provider.ts";
import { sharedToken, tokenInBody, tokenInQuery } from "#server/providers/shared-token.ts";

export const mattermost = makeProvider(
  {
    name: "mattermost",
    title: "Mattermost",
    tile: "Mm",
    docs: "https://developers.mattermost.com/integrate/webhooks/outgoing/",
    isConfirmed: false,
  },
  tokenInBody("token"),
  { type: "trigger_word", id: "post_id", occurredAt: "timestamp", resourceId: "channel_id", example: "deploy" },
  { fieldWords: { secret: { label: "Token", help: "Shown when the outgoing webhook is saved." } } },
);

/** Datadog sends the custom headers of its webhook. The body is its owner's; these are the places of its own. */
export const datadog = makeProvider(
  {
    name: "datadog",
    title: "Datadog",
    tile: "Dd",
    docs: "https://docs.datadoghq.com/integrations/webhooks/",
    isConfirmed: true,
  },
  sharedToken("authorization"),
  {
    type: "event_type",
    id: "id",
    isIdShared: true,
    occurredAt: ["last_updated", "date"],
    resourceId: ["alert_id", "org.id"],
    example: "metric_alert_monitor",
  },
  {
    fieldWords: {
      secret: { label: "Value of the header", help: "Give the webhook a custom header called Authorization with it." },
    },
  },
);

/** Mailchimp signs nothing and tells to put a secret into the URL. It tries the URL by a GET before it saves it. */
export const mailchimp = makeProvider(
  {
    name: "mailchimp",
    title: "Mailchimp",
    tile: "Mc",
    docs: "https://mailchimp.com/developer/marketing/guides/sync-audience-data-webhooks/",
    isConfirmed: true,
  },
  tokenInQuery("secret"),
  { type: "type", occurredAt: "fired_at", resourceId: ["data[id]", "data.id"], example: "subscribe" },
  {
    handshake: {
      isSigned: false,
      answer: ({ method }) => (method === "GET" ? { status: 200, contentType: "text/plain", body: "" } : null),
    },
    sample: (id) => ({ headers: [], form: { type: "subscribe", "data[id]": id } }),
    fieldWords: {
      secret: { label: "Secret of the URL", help: "Give Mailchimp the URL with ?secret= and this behind it." },
    },
  },
);
