// Providers of mail and messages, each signed as its page says.
import { base64, hex, type ProviderRows, URL_OF_SOURCE } from "./row.ts";

export const mailRows: ProviderRows = {
  LINE: {
    sign: ({ secret, body }) => ({ headers: [["X-Line-Signature", base64(secret, body)]] }),
    body: {
      destination: "U8e742f61d673b39c7fff3cecb7536ef0",
      events: [
        {
          type: "message",
          webhookEventId: "01FZ74A0TDDPYRVKNK77XKC3ZR",
          timestamp: 1760000000123,
          message: { type: "text", id: "444573844083572737", text: "hi" },
        },
      ],
    },
    event: {
      type: "message",
      id: "01FZ74A0TDDPYRVKNK77XKC3ZR",
      occurredAt: 1760000000123,
      resourceId: "444573844083572737",
    },
  },
  BREVO: {
    sign: ({ secret }) => ({ headers: [["Authorization", `Bearer ${secret}`]] }),
    isToken: true,
    body: {
      event: "delivered",
      email: "ada@example.com",
      id: 26224,
      ts_event: 1760000000,
      ts_epoch: 1760000000000,
      "message-id": "<201798300811.5787683@relay.domain.com>",
    },
    event: {
      type: "delivered",
      id: null,
      occurredAt: 1760000000000,
      resourceId: "<201798300811.5787683@relay.domain.com>",
    },
  },
  CUSTOMER_IO: {
    sign: ({ secret, body, seconds }) => ({
      headers: [
        ["X-Cio-Timestamp", String(seconds)],
        ["X-Cio-Signature", hex(secret, `v0:${seconds}:${body}`)],
      ],
    }),
    signedHeaders: ["x-cio-timestamp"],
    toleranceSeconds: 300,
    body: {
      event_id: "01E4C4CT6YDC7Y5M7FE1GWWPQJ",
      object_type: "email",
      metric: "delivered",
      timestamp: 1760000000,
      data: { customer_id: "42", delivery_id: "ZAIAAVTJVG0QcCok0-0ZKj6yiQ==" },
    },
    event: {
      type: "delivered",
      id: "01E4C4CT6YDC7Y5M7FE1GWWPQJ",
      occurredAt: 1760000000,
      resourceId: "ZAIAAVTJVG0QcCok0-0ZKj6yiQ==",
    },
  },
  KLAVIYO: {
    sign: ({ secret, body }) => ({
      headers: [
        ["Klaviyo-Timestamp", "Fri, 20 Nov 2026 09:30:00 GMT"],
        ["Klaviyo-Signature", hex(secret, `${body}Fri, 20 Nov 2026 09:30:00 GMT`)],
      ],
    }),
    signedHeaders: ["klaviyo-timestamp"],
    body: {
      data: [
        {
          topic: "event:klaviyo.opened_email",
          external_id: "4vRpBT",
          payload: { data: { type: "event" } },
        },
      ],
      meta: { klaviyo_account_id: "abc" },
    },
    event: {
      type: "event:klaviyo.opened_email",
      id: "4vRpBT.event:klaviyo.opened_email",
      occurredAt: "Fri, 20 Nov 2026 09:30:00 GMT",
      resourceId: "4vRpBT",
    },
  },
  NYLAS: {
    sign: ({ secret, body }) => ({ headers: [["X-Nylas-Signature", hex(secret, body)]] }),
    body: {
      specversion: "1.0",
      type: "message.created",
      source: "/google/emails/realtime",
      id: "mock-id",
      time: 1760000000,
      data: { object: { id: "msg-1", grant_id: "g1" } },
    },
    event: { type: "message.created", id: "mock-id", occurredAt: 1760000000, resourceId: "msg-1" },
    probes: [
      {
        method: "GET",
        url: `${URL_OF_SOURCE}&challenge=abc_DEF-123`,
        answer: { status: 200, contentType: "text/plain; charset=utf-8", body: "abc_DEF-123" },
      },
    ],
  },
  TALLY: {
    sign: ({ secret, body }) => ({ headers: [["Tally-Signature", base64(secret, body)]] }),
    body: {
      eventId: "a4cb511e-d513-4fa5-baee-b815d718dfd1",
      eventType: "FORM_RESPONSE",
      createdAt: "2026-11-20T09:30:00.889Z",
      data: { responseId: "2wgx4n", formId: "VwbNEw" },
    },
    event: {
      type: "FORM_RESPONSE",
      id: "a4cb511e-d513-4fa5-baee-b815d718dfd1",
      occurredAt: "2026-11-20T09:30:00.889Z",
      resourceId: "2wgx4n",
    },
  },
  TELEGRAM: {
    sign: ({ secret }) => ({ headers: [["X-Telegram-Bot-Api-Secret-Token", secret]] }),
    isToken: true,
    body: {
      update_id: 10000,
      message: { message_id: 1365, date: 1760000000, chat: { id: 1111111, type: "private" }, text: "/start" },
    },
    event: { type: "message", id: "10000", occurredAt: 1760000000, resourceId: 1111111 },
  },
  EMAILIT: {
    sign: ({ secret, body, seconds }) => ({
      headers: [
        ["X-Emailit-Timestamp", String(seconds)],
        ["X-Emailit-Signature", hex(secret, `${seconds}.${body}`)],
      ],
    }),
    signedHeaders: ["x-emailit-timestamp"],
    toleranceSeconds: 300,
    body: {
      event_id: "evt_1",
      type: "email.delivered",
      created_at: "2026-11-20T09:30:00Z",
      data: { object: { id: "em_1" } },
    },
    event: { type: "email.delivered", id: "evt_1", occurredAt: "2026-11-20T09:30:00Z", resourceId: "em_1" },
  },
  SALESFORCE_MARKETING_CLOUD: {
    sign: ({ secret, body }) => ({ headers: [["X-Sfmc-Ens-Signature", base64(secret, body)]] }),
    body: [
      { eventCategoryType: "TransactionalSendEvents.EmailSent", timestampUTC: 1760000000000, definitionKey: "my-send" },
    ],
    event: { type: "TransactionalSendEvents.EmailSent", id: null, occurredAt: 1760000000000, resourceId: "my-send" },
  },
};
