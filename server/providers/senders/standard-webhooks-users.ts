// Providers that sign by Standard Webhooks, many of them through Svix: one scheme, and events that each names in its own way.
import { ANY_OBJECT } from "#server/json/json-outline.ts";
import { field } from "#server/providers/body-fields.ts";
import type { KeyFormat } from "#server/providers/key-format.ts";
import { makeProvider, type Named } from "#server/providers/make-provider.ts";
import { type EventPlaces, factsAt, namedAt } from "#server/providers/places.ts";
import type { SourceProvider } from "#server/providers/provider.ts";
import { signedBy } from "#server/providers/signed.ts";
import { STANDARD_HEADERS, signedId, standardScheme, WHSEC } from "./standard-webhooks.ts";

interface Told extends Named {
  places?: Omit<EventPlaces, "id">;
  /** Null: the secret's own bytes. */
  key?: KeyFormat | null;
  /** In place of what `places` has of them. */
  facts?: Pick<SourceProvider, "factFields" | "normalise">;
}

const TYPED = { type: "type", occurredAt: ["timestamp", "created_at"], resourceId: "data.id" };

function user({ places = TYPED, key = WHSEC, facts, ...named }: Told): SourceProvider {
  const { identify, ...named_ } = namedAt(places);
  return makeProvider(named, signedBy(STANDARD_HEADERS, standardScheme(key ?? undefined)), places, {
    ...named_,
    ...facts,
    isHeaderShared: true,
    identify: (inbound, body, signatureHeaders) => ({
      eventType: identify(inbound, body, signatureHeaders).eventType,
      providerEventId: signedId(inbound, signatureHeaders),
    }),
    fieldWords: { secret: { label: "Signing secret" } },
  });
}

/** What happened stands in a member that is called as its type. */
const ofIncident = factsAt({
  occurredAt: ["updated_at", "created_at", "incident.updated_at"],
  resourceId: ["id", "incident.id", "incident_id"],
});
const incidentFacts: Told["facts"] = {
  factFields: ["event_type", ...ofIncident.factFields.map((path) => `${ANY_OBJECT}.${path}`)],
  normalise: (sent, body) => {
    const type = field(body, "event_type");
    const named = typeof type === "string" ? field(body, type) : undefined;
    return ofIncident.normalise(sent, named ?? field(body, ANY_OBJECT));
  },
};

export const standardWebhooksUsers = {
  BREX: user({
    name: "brex",
    title: "Brex",
    tile: "Bx",
    docs: "https://developer.brex.com/docs/webhooks",
    isConfirmed: true,
    places: {
      type: "event_type",
      resourceId: ["transfer_id", "referral_id", "user_id", "company_id"],
      example: "TRANSFER_PROCESSED",
    },
  }),
  CLERK: user({
    name: "clerk",
    title: "Clerk",
    tile: "Cl",
    docs: "https://clerk.com/docs/webhooks/overview",
    isConfirmed: true,
    places: { ...TYPED, example: "user.created" },
  }),
  DODO_PAYMENTS: user({
    name: "dodo-payments",
    title: "Dodo Payments",
    tile: "Do",
    docs: "https://docs.dodopayments.com/developer-resources/webhooks",
    isConfirmed: true,
    places: {
      ...TYPED,
      resourceId: ["data.payment_id", "data.subscription_id", "data.customer.customer_id"],
      example: "payment.succeeded",
    },
  }),
  ETSY: user({
    name: "etsy",
    title: "Etsy",
    tile: "Et",
    docs: "https://developers.etsy.com/documentation/essentials/webhooks",
    isConfirmed: true,
    places: { type: "event_type", resourceId: ["resource_url", "shop_id"], example: "order.paid" },
  }),
  INCIDENT_IO: user({
    name: "incident-io",
    title: "incident.io",
    tile: "In",
    docs: "https://docs.incident.io/api-reference/webhooks",
    isConfirmed: true,
    places: { type: "event_type", example: "public_incident.incident_created_v2" },
    facts: incidentFacts,
  }),
  /** Its Python library says how it signs: `webhooks.py` of lithic-com/lithic-python. */
  LITHIC: user({
    name: "lithic",
    title: "Lithic",
    tile: "Lt",
    docs: "https://docs.lithic.com/docs/events-api",
    isConfirmed: true,
    places: {
      type: "event_type",
      occurredAt: ["created", "updated"],
      resourceId: ["token", "card_token"],
      example: "card.created",
    },
  }),
  LIVEBLOCKS: user({
    name: "liveblocks",
    title: "Liveblocks",
    tile: "Lb",
    docs: "https://liveblocks.io/docs/platform/webhooks",
    isConfirmed: true,
    places: {
      type: "type",
      occurredAt: ["data.createdAt", "data.updatedAt", "data.enteredAt", "data.leftAt", "data.deletedAt"],
      resourceId: "data.roomId",
      example: "storageUpdated",
    },
  }),
  LOOPS: user({
    name: "loops",
    title: "Loops",
    tile: "Lo",
    docs: "https://loops.so/docs/webhooks",
    isConfirmed: true,
    places: {
      type: "eventName",
      occurredAt: "eventTime",
      resourceId: ["contactIdentity.id", "email.id"],
      example: "email.delivered",
    },
  }),
  OPENAI: user({
    name: "openai",
    title: "OpenAI",
    tile: "Oa",
    docs: "https://platform.openai.com/docs/guides/webhooks",
    isConfirmed: true,
    places: { ...TYPED, example: "response.completed" },
  }),
  /** Its secret's own bytes are the key: Polar's libraries encode them before they give them to one that decodes. */
  POLAR: user({
    name: "polar",
    title: "Polar",
    tile: "Po",
    docs: "https://docs.polar.sh/integrate/webhooks/delivery",
    isConfirmed: true,
    key: null,
    places: { ...TYPED, example: "order.paid" },
  }),
  RENDER: user({
    name: "render",
    title: "Render",
    tile: "Rn",
    docs: "https://render.com/docs/webhooks",
    isConfirmed: true,
    places: { ...TYPED, resourceId: ["data.serviceId", "data.id"], example: "deploy_ended" },
  }),
  /** Its events are predictions, which their status tells apart. */
  REPLICATE: user({
    name: "replicate",
    title: "Replicate",
    tile: "Rp",
    docs: "https://replicate.com/docs/topics/webhooks/verify-webhook",
    isConfirmed: true,
    places: {
      type: "status",
      occurredAt: ["completed_at", "started_at", "created_at"],
      resourceId: "id",
      example: "succeeded",
    },
  }),
  RESEND: user({
    name: "resend",
    title: "Resend",
    tile: "Re",
    docs: "https://resend.com/docs/webhooks/verify-webhooks-requests",
    isConfirmed: true,
    places: { ...TYPED, resourceId: ["data.email_id", "data.id"], example: "email.delivered" },
  }),
  /** The hooks of its log-in. Its database webhooks are not signed. */
  SUPABASE: user({
    name: "supabase",
    title: "Supabase Auth",
    tile: "Su",
    docs: "https://supabase.com/docs/guides/auth/auth-hooks",
    isConfirmed: true,
    key: { encoding: "base64", prefix: "v1,whsec_" },
    places: {
      type: "metadata.name",
      occurredAt: "metadata.time",
      resourceId: ["user.id", "user_id"],
      example: "before-user-created",
    },
  }),
  SVIX: user({
    name: "svix",
    title: "Svix",
    tile: "Sv",
    docs: "https://docs.svix.com/receiving/verifying-payloads/how",
    isConfirmed: true,
    places: { ...TYPED, example: "endpoint.created" },
  }),
  /** As at Polar, its secret's own bytes are the key, `ws_` included. */
  WHOP: user({
    name: "whop",
    title: "Whop",
    tile: "Wh",
    docs: "https://docs.whop.com/developer/guides/webhooks",
    isConfirmed: true,
    key: null,
    places: { ...TYPED, example: "payment.succeeded" },
  }),
};
