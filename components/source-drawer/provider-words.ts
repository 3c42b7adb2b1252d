// A provider's own pages: where it takes the URL and the secret, and what makes it send. Pure.
import type { SourceType } from "#server/contracts/source.ts";
import { AUTH_FORMS } from "./auth-fields.ts";
import { PROVIDER_FORMS } from "./provider-forms.ts";
import type { SourceKind } from "./source-kinds.ts";

interface ProviderWords {
  /** Where to paste the URL. */
  url: string;
  /** Where its secret is, or where to paste ours. */
  secret: string;
  /** What makes it send a first webhook. */
  trigger: string;
}

const WORDS: Record<string, ProviderWords> = {
  PUBLISH: {
    url: "Your services post to it with an API key that has event.publish, and name this source.",
    secret: "",
    trigger: "Publish one: see Publish in the docs.",
  },
  ASANA: {
    url: "Asana, POST /webhooks of its API: give it as target. Its handshake is answered.",
    secret: "It comes with the handshake, in the header x-hook-secret: open that request to copy it.",
    trigger: "Change a task of the resource.",
  },
  NOTION: {
    url: "Notion, your integration, Webhooks, Create a subscription: paste it there.",
    secret: "It comes with the handshake, as verification_token of the body: open that request to copy it.",
    trigger: "Change a page that the integration may see.",
  },
  STRIPE: {
    url: "Stripe, Workbench, Webhooks, Add destination: choose the events, paste it there, then reveal the signing secret.",
    secret: "Stripe shows it on the page of the endpoint.",
    trigger: "Make a test payment, or run stripe trigger payment_intent.succeeded.",
  },
  GITHUB: {
    url: "GitHub, Settings of the repository or organisation, Webhooks, Add webhook: paste it as Payload URL, with application/json.",
    secret: "Paste it as Secret of the same form.",
    trigger: "GitHub sends a ping as soon as the webhook is saved.",
  },
  GITLAB: {
    url: "GitLab, Settings of the project, Webhooks, Add new webhook: paste it as URL.",
    secret: "Paste it as Secret token of the same form.",
    trigger: "Choose Test under the webhook.",
  },
  OKTA: {
    url: "Okta, Workflow, Event Hooks, Create Event Hook: paste it as URL. Okta verifies it by a GET, which is answered.",
    secret: "Paste it as Authentication secret, with Authorization as its field.",
    trigger: "Preview the hook and deliver the request.",
  },
  PAYPAL: {
    url: "PayPal, Developer Dashboard, your app, Add Webhook: paste it there and choose the events.",
    secret: "PayPal shows the Webhook ID beside the URL. There is no secret: PayPal signs with its own key.",
    trigger: "Use the webhooks simulator, or make a sandbox payment.",
  },
  SHOPIFY: {
    url: "Shopify, Settings, Notifications, Webhooks, Create webhook: paste it there, in JSON.",
    secret: "Shopify shows the signing secret below the webhooks.",
    trigger: "Choose Send test beside the webhook.",
  },
  TWILIO: {
    url: "Twilio, Phone Numbers or Messaging Service: paste it as the webhook, or as status callback.",
    secret: "The auth token stands on the first page of the console.",
    trigger: "Send a message to the number.",
  },
  SLACK: {
    url: "Slack, your app, Event Subscriptions: paste the secret below first, then this as Request URL. Its challenge is answered.",
    secret: "Basic Information, App Credentials.",
    trigger: "Mention the app in a channel.",
  },
};

const OTHER: ProviderWords = {
  url: "The sender posts its webhooks to this URL. A path and a query may follow it.",
  secret: "Give it to the sender. It is kept encrypted and never shown again.",
  trigger: "Have the sender send anything.",
};

export function providerWords({ key, type, title }: SourceKind): ProviderWords {
  const url = `Paste it where ${title} takes the URL of a webhook. A path and a query may follow it.`;
  return WORDS[key] ?? (type === "WEBHOOK" ? OTHER : { ...OTHER, url, secret: secretWords(type, title) });
}

const secretWords = (type: SourceType, title: string) =>
  AUTH_FORMS[type === "WEBHOOK" || type === "PUBLISH" ? "NONE" : type].secretBy === "us"
    ? `Give it to ${title} beside the URL. It is kept encrypted and never shown again.`
    : `${title} shows it where the URL is saved. It is kept encrypted and never shown again.`;

/** The page of the provider that says how it proves itself. */
export const docsOfKind = ({ type }: SourceKind): string | null =>
  type === "WEBHOOK" || type === "PUBLISH" ? null : PROVIDER_FORMS[type].docs;
