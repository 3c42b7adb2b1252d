// As `first.ts`: providers from S to Z.
import { base64, hex, type ProviderRows, URL_OF_SOURCE } from "./row.ts";

export const secondRows: ProviderRows = {
  SLACK: {
    sign: ({ secret, body, seconds }) => ({
      headers: [
        ["X-Slack-Request-Timestamp", String(seconds)],
        ["X-Slack-Signature", `v0=${hex(secret, `v0:${seconds}:${body}`)}`],
      ],
    }),
    toleranceSeconds: 300,
    signedHeaders: ["x-slack-request-timestamp"],
    body: {
      type: "event_callback",
      event_id: "Ev08MFMKH6",
      event_time: 1760000000,
      event: { type: "message", channel: "C024BE91L", text: "hi" },
    },
    event: { type: "message", id: "Ev08MFMKH6", occurredAt: 1760000000, resourceId: "C024BE91L" },
    probes: [
      {
        method: "POST",
        body: '{"token":"t","challenge":"3eZbrw1aB10FEMAGAZd4FyFQ","type":"url_verification"}',
        answer: { status: 200, contentType: "text/plain; charset=utf-8", body: "3eZbrw1aB10FEMAGAZd4FyFQ" },
      },
    ],
  },
  STRIPE: {
    sign: ({ secret, body, seconds }) => ({
      headers: [["Stripe-Signature", `t=${seconds},v1=${hex(secret, `${seconds}.${body}`)}`]],
    }),
    toleranceSeconds: 300,
    body: {
      id: "evt_1NG8Du2eZvKYlo2CUI79vXWy",
      object: "event",
      type: "charge.succeeded",
      created: 1760000000,
      data: { object: { id: "ch_3NG8Du2eZvKYlo2C1RyTXWFr", object: "charge" } },
    },
    event: {
      type: "charge.succeeded",
      id: "evt_1NG8Du2eZvKYlo2CUI79vXWy",
      occurredAt: 1760000000,
      resourceId: "ch_3NG8Du2eZvKYlo2C1RyTXWFr",
    },
  },
  TWILIO: {
    sign: ({ secret, body, url }) => {
      const sorted = [...new URLSearchParams(body)].sort(([a], [b]) => (a < b ? -1 : 1));
      const text = url + sorted.map(([name, value]) => name + value).join("");
      return { headers: [["X-Twilio-Signature", base64(secret, text, "sha1")]] };
    },
    signsUrl: true,
    headers: [["Content-Type", "application/x-www-form-urlencoded"]],
    body: "SmsSid=SM2f9b&SmsStatus=delivered&MessageStatus=delivered&To=%2B15558675310&MessageSid=SM2f9b&Body=a+b",
    event: { type: "delivered", id: "SM2f9b:delivered", occurredAt: null, resourceId: "SM2f9b" },
  },
  TWITCH: {
    sign: ({ secret, body, seconds }) => {
      const id = "e76c6bd4-55c9-4987-8304-da1588d8988b";
      const time = new Date(seconds * 1000).toISOString().replace("000Z", "000000000Z");
      return {
        headers: [
          ["Twitch-Eventsub-Message-Id", id],
          ["Twitch-Eventsub-Message-Timestamp", time],
          ["Twitch-Eventsub-Message-Signature", `sha256=${hex(secret, id + time + body)}`],
        ],
      };
    },
    toleranceSeconds: 600,
    signedHeaders: ["twitch-eventsub-message-id", "twitch-eventsub-message-timestamp"],
    headers: [
      ["Twitch-Eventsub-Message-Type", "notification"],
      ["Twitch-Eventsub-Subscription-Type", "channel.follow"],
    ],
    body: {
      subscription: { id: "f1c2a387-161a-49f9-a165-0f21d7a4e1c4", type: "channel.follow" },
      event: { user_id: "1337", broadcaster_user_id: "12826", followed_at: "2026-11-20T09:30:00.17106713Z" },
    },
    event: {
      type: "channel.follow",
      id: "e76c6bd4-55c9-4987-8304-da1588d8988b",
      occurredAt: "2026-11-20T09:30:00.17106713Z",
      resourceId: "12826",
    },
    probes: [
      {
        method: "POST",
        headers: [["Twitch-Eventsub-Message-Type", "webhook_callback_verification"]],
        body: '{"challenge":"pogchamp-kappa-360noscope-vohiyo","subscription":{"id":"f1c2a387"}}',
        answer: { status: 200, contentType: "text/plain", body: "pogchamp-kappa-360noscope-vohiyo" },
      },
    ],
  },
  TYPEFORM: {
    sign: ({ secret, body }) => ({ headers: [["Typeform-Signature", `sha256=${base64(secret, body)}`]] }),
    body: {
      event_id: "LtWXD3crgy",
      event_type: "form_response",
      form_response: { form_id: "lT4Z3j", submitted_at: "2026-11-20T09:30:00Z" },
    },
    event: { type: "form_response", id: "LtWXD3crgy", occurredAt: "2026-11-20T09:30:00Z", resourceId: "lT4Z3j" },
  },
  VERCEL: {
    sign: ({ secret, body }) => ({ headers: [["x-vercel-signature", hex(secret, body, "sha1")]] }),
    body: {
      id: "evt_1",
      type: "deployment.succeeded",
      createdAt: 1760000000123,
      payload: { deployment: { id: "dpl_1" } },
    },
    event: { type: "deployment.succeeded", id: "evt_1", occurredAt: 1760000000123, resourceId: "dpl_1" },
  },
  WEBFLOW: {
    sign: ({ secret, body, seconds }) => ({
      headers: [
        ["x-webflow-timestamp", String(seconds * 1000)],
        ["x-webflow-signature", hex(secret, `${seconds * 1000}:${body}`)],
      ],
    }),
    toleranceSeconds: 300,
    signedHeaders: ["x-webflow-timestamp"],
    body: {
      triggerType: "form_submission",
      payload: { id: "65429eadebe8a9f3a30f62d0", submittedAt: "2026-11-20T09:30:00Z" },
    },
    event: {
      type: "form_submission",
      id: null,
      occurredAt: "2026-11-20T09:30:00Z",
      resourceId: "65429eadebe8a9f3a30f62d0",
    },
  },
  WOOCOMMERCE: {
    sign: ({ secret, body }) => ({ headers: [["X-WC-Webhook-Signature", base64(secret, body)]] }),
    headers: [
      ["X-WC-Webhook-Topic", "order.updated"],
      ["X-WC-Webhook-Delivery-ID", "d41d8cd98f"],
    ],
    body: { id: 727, status: "processing", date_modified_gmt: "2026-11-20T09:30:00" },
    event: { type: "order.updated", id: "d41d8cd98f", occurredAt: "2026-11-20T09:30:00", resourceId: 727 },
    probes: [
      {
        method: "POST",
        headers: [["content-type", "application/x-www-form-urlencoded"]],
        body: "webhook_id=7",
        answer: { status: 200, contentType: "text/plain; charset=utf-8", body: "" },
      },
    ],
  },
  ZENDESK: {
    sign: ({ secret, body, seconds }) => {
      const time = new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
      return {
        headers: [
          ["X-Zendesk-Webhook-Signature-Timestamp", time],
          ["X-Zendesk-Webhook-Signature", base64(secret, time + body)],
        ],
      };
    },
    toleranceSeconds: 300,
    signedHeaders: ["x-zendesk-webhook-signature-timestamp"],
    headers: [["X-Zendesk-Webhook-Invocation-Id", "01K9GZ6Y1W3QJ0T4C8M2N5B7XD"]],
    body: {
      id: "01HQ0RQCX4NHXCYPFDCJ0EJ1FC",
      type: "zen:event-type:ticket.created",
      time: "2026-11-20T09:30:00Z",
      detail: { id: "5158" },
    },
    event: {
      type: "zen:event-type:ticket.created",
      id: "01K9GZ6Y1W3QJ0T4C8M2N5B7XD",
      occurredAt: "2026-11-20T09:30:00Z",
      resourceId: "5158",
    },
  },
  ZOOM: {
    sign: ({ secret, body, seconds }) => ({
      headers: [
        ["x-zm-request-timestamp", String(seconds)],
        ["x-zm-signature", `v0=${hex(secret, `v0:${seconds}:${body}`)}`],
      ],
    }),
    toleranceSeconds: 300,
    signedHeaders: ["x-zm-request-timestamp"],
    body: {
      event: "meeting.started",
      event_ts: 1760000000123,
      payload: { object: { uuid: "4444AAAiAAAAAiAiAiiAii==" } },
    },
    event: {
      type: "meeting.started",
      id: null,
      occurredAt: 1760000000123,
      resourceId: "4444AAAiAAAAAiAiAiiAii==",
    },
    probes: [
      {
        method: "POST",
        body: '{"payload":{"plainToken":"qgg8vlvZRS6UYooatFL8Aw"},"event_ts":1654503849680,"event":"endpoint.url_validation"}',
        answer: {
          status: 200,
          contentType: "application/json",
          body: `{"plainToken":"qgg8vlvZRS6UYooatFL8Aw","encryptedToken":"${hex("shh-0123456789abcdef", "qgg8vlvZRS6UYooatFL8Aw")}"}`,
        },
      },
    ],
  },
  HUBSPOT: {
    sign: ({ secret, body, url, method, seconds }) => ({
      headers: [
        ["X-HubSpot-Request-Timestamp", String(seconds * 1000)],
        ["X-HubSpot-Signature-v3", base64(secret, `${method}${url.replaceAll("%3A", ":")}${body}${seconds * 1000}`)],
      ],
    }),
    url: "https://hooks.example.com/e/key?portal=eu%3A1&name=a%20b",
    toleranceSeconds: 300,
    signsUrl: true,
    signedHeaders: ["x-hubspot-request-timestamp"],
    body: [{ eventId: 1, subscriptionType: "contact.creation", objectId: 123, occurredAt: 1760000000123 }],
    event: { type: "contact.creation", id: null, occurredAt: 1760000000123, resourceId: 123 },
  },
  X: {
    sign: ({ secret, body }) => ({
      headers: [["x-twitter-webhooks-signature", `sha256=${base64(secret, body)}`]],
    }),
    body: {
      data: {
        event_type: "profile.update.bio",
        event_uuid: "a2b4c6d8-0000-4000-8000-000000000001",
        filter: { user_id: "2244994945" },
      },
    },
    event: {
      type: "profile.update.bio",
      id: "a2b4c6d8-0000-4000-8000-000000000001",
      resourceId: "2244994945",
    },
    probes: [
      {
        method: "GET",
        url: `${URL_OF_SOURCE}&crc_token=MTQ4ODU0NTI1Nw%3D%3D`,
        answer: {
          status: 200,
          contentType: "application/json",
          body: `{"response_token":"sha256=${base64("shh-0123456789abcdef", "MTQ4ODU0NTI1Nw==")}"}`,
        },
      },
    ],
  },
};
