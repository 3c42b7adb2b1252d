// Providers that sign by Standard Webhooks, signed by its own library.
import { Webhook } from "standardwebhooks";
import type { ProviderRow, ProviderRows } from "./row.ts";

const ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const DIGITS = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/** @param auth how the provider writes the secret; what signs is always the key's base64 */
const standard = (
  body: object,
  event: Omit<ProviderRow["event"], "id">,
  { prefix = "webhook", secret = `whsec_${DIGITS}`, key = DIGITS } = {},
): ProviderRow => ({
  auth: { secret },
  sign: ({ body: text, seconds, secret: given }) => {
    const signer = new Webhook(given === secret ? key : given);
    return {
      headers: [
        [`${prefix}-id`, ID],
        [`${prefix}-timestamp`, String(seconds)],
        [`${prefix}-signature`, signer.sign(ID, new Date(seconds * 1000), text)],
      ],
    };
  },
  toleranceSeconds: 300,
  signedHeaders: [`${prefix}-id`, `${prefix}-timestamp`],
  body,
  event: { ...event, id: ID },
});

const AT = "2026-11-20T09:30:00.000Z";
const SVIX = { prefix: "svix" };
const POLAR_SECRET = "polar_whs_ovyN6cPrTv56AApvzCaJno08SSmGJmgbWilb33N2JuK";
const WHOP_SECRET = "ws_9f2c4e6a8b0d1f3e5a7c9b2d4f6e8a0c";

export const standardRows: ProviderRows = {
  BREX: standard(
    { event_type: "TRANSFER_PROCESSED", transfer_id: "dptx_1", company_id: "cuacc_1" },
    { type: "TRANSFER_PROCESSED", resourceId: "dptx_1" },
  ),
  CLERK: standard(
    {
      object: "event",
      type: "user.created",
      timestamp: 1760000000123,
      data: { id: "user_29w83sxmDNGwOuEthce5gg56FcC" },
    },
    { type: "user.created", occurredAt: 1760000000123, resourceId: "user_29w83sxmDNGwOuEthce5gg56FcC" },
    SVIX,
  ),
  DODO_PAYMENTS: standard(
    {
      business_id: "bus_1",
      type: "payment.succeeded",
      timestamp: AT,
      data: { payload_type: "Payment", payment_id: "pay_1" },
    },
    { type: "payment.succeeded", occurredAt: AT, resourceId: "pay_1" },
  ),
  ETSY: standard(
    { event_type: "order.paid", shop_id: "1", resource_url: "https://api.etsy.com/v3/application/shops/1/receipts/2" },
    { type: "order.paid", resourceId: "https://api.etsy.com/v3/application/shops/1/receipts/2" },
  ),
  INCIDENT_IO: standard(
    {
      event_type: "public_incident.incident_updated_v2",
      "public_incident.incident_updated_v2": {
        id: "01FDAG4SAP5TYPT98WGR2N7W91",
        reference: "INC-123",
        name: "Our database is sad",
        created_at: "2021-08-17T13:28:57.801578Z",
        updated_at: AT,
      },
    },
    { type: "public_incident.incident_updated_v2", occurredAt: AT, resourceId: "01FDAG4SAP5TYPT98WGR2N7W91" },
  ),
  LITHIC: standard(
    { event_type: "card.created", token: "00000000-0000-0000-0000-000000000001", created: AT },
    { type: "card.created", occurredAt: AT, resourceId: "00000000-0000-0000-0000-000000000001" },
  ),
  LIVEBLOCKS: standard(
    { type: "storageUpdated", data: { projectId: "p1", roomId: "my-room-id", updatedAt: AT } },
    { type: "storageUpdated", occurredAt: AT, resourceId: "my-room-id" },
  ),
  LOOPS: standard(
    { eventName: "email.delivered", eventTime: 1760000000, contactIdentity: { id: "cll6b3i8901a9jx0oyktl2m4u" } },
    { type: "email.delivered", occurredAt: 1760000000, resourceId: "cll6b3i8901a9jx0oyktl2m4u" },
  ),
  OPENAI: standard(
    { object: "event", id: "evt_1", type: "response.completed", created_at: 1760000000, data: { id: "resp_abc123" } },
    { type: "response.completed", occurredAt: 1760000000, resourceId: "resp_abc123" },
  ),
  POLAR: standard(
    { type: "order.paid", timestamp: AT, data: { id: "992fae2a-2a17-4b7a-8d9e-e287cf90131b" } },
    { type: "order.paid", occurredAt: AT, resourceId: "992fae2a-2a17-4b7a-8d9e-e287cf90131b" },
    { secret: POLAR_SECRET, key: Buffer.from(POLAR_SECRET).toString("base64") },
  ),
  RENDER: standard(
    { type: "deploy_ended", timestamp: AT, data: { id: "evt-1", serviceId: "srv-1", status: "succeeded" } },
    { type: "deploy_ended", occurredAt: AT, resourceId: "srv-1" },
  ),
  REPLICATE: standard(
    { id: "ufawqhfynnddngldkgtslldrkq", status: "succeeded", created_at: AT, completed_at: AT, output: ["a"] },
    { type: "succeeded", occurredAt: AT, resourceId: "ufawqhfynnddngldkgtslldrkq" },
  ),
  RESEND: standard(
    { type: "email.delivered", created_at: AT, data: { email_id: "56761188-7520-42d8-8898-ff6fc54ce618" } },
    { type: "email.delivered", occurredAt: AT, resourceId: "56761188-7520-42d8-8898-ff6fc54ce618" },
    SVIX,
  ),
  SUPABASE: standard(
    {
      metadata: { uuid: "8b34dcdd-9df1-4c10-850a-b3277c653040", time: AT, name: "before-user-created" },
      user: { id: "u1" },
    },
    { type: "before-user-created", occurredAt: AT, resourceId: "u1" },
    { secret: `v1,whsec_${DIGITS}` },
  ),
  SVIX: standard(
    { type: "endpoint.created", timestamp: AT, data: { id: "ep_1" } },
    { type: "endpoint.created", occurredAt: AT, resourceId: "ep_1" },
    SVIX,
  ),
  WHOP: standard(
    { id: ID, api_version: "v1", type: "payment.succeeded", timestamp: AT, data: { id: "pay_1" } },
    { type: "payment.succeeded", occurredAt: AT, resourceId: "pay_1" },
    { secret: WHOP_SECRET, key: Buffer.from(WHOP_SECRET).toString("base64") },
  ),
};
