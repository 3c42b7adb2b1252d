// Providers of work, files and people, each signed as its page says.
import { base64, hex, type ProviderRows, URL_OF_SOURCE } from "./row.ts";

export const workRows: ProviderRows = {
  TRELLO: {
    sign: ({ secret, body, url }) => ({ headers: [["X-Trello-Webhook", base64(secret, `${body}${url}`, "sha1")]] }),
    signsUrl: true,
    body: {
      action: {
        id: "51f9424bcd6e040f3c002412",
        idMemberCreator: "4fc78a59a885233f4b349bd9",
        type: "updateCard",
        date: "2026-11-20T09:30:00.483Z",
        data: { card: { id: "c1" } },
      },
      model: { id: "4d5ea62fd76aa1136000000c", name: "Board" },
    },
    event: {
      type: "updateCard",
      id: "51f9424bcd6e040f3c002412",
      occurredAt: "2026-11-20T09:30:00.483Z",
      resourceId: "4d5ea62fd76aa1136000000c",
    },
    probes: [{ method: "HEAD", answer: { status: 200, contentType: "text/plain; charset=utf-8", body: "" } }],
  },
  INTERCOM: {
    sign: ({ secret, body }) => ({ headers: [["X-Hub-Signature", `sha1=${hex(secret, body, "sha1")}`]] }),
    body: {
      type: "notification_event",
      app_id: "abc123",
      id: "notif_2a7e5a54",
      topic: "conversation.user.created",
      created_at: 1760000000,
      data: { type: "notification_event_data", item: { type: "conversation", id: "1295" } },
    },
    event: { type: "conversation.user.created", id: "notif_2a7e5a54", occurredAt: 1760000000, resourceId: "1295" },
    probes: [{ method: "HEAD", answer: { status: 200, contentType: "text/plain; charset=utf-8", body: "" } }],
  },
  DROPBOX: {
    sign: ({ secret, body }) => ({ headers: [["X-Dropbox-Signature", hex(secret, body)]] }),
    body: { list_folder: { accounts: ["dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQngc"] }, delta: { users: [12345678] } },
    event: { type: null, id: null, occurredAt: null, resourceId: "dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQngc" },
    probes: [
      {
        method: "GET",
        url: `${URL_OF_SOURCE}&challenge=abc_DEF-123`,
        answer: { status: 200, contentType: "text/plain; charset=utf-8", body: "abc_DEF-123" },
      },
    ],
  },
  AIRTABLE: {
    sign: ({ secret, body }) => ({
      headers: [["X-Airtable-Content-Mac", `hmac-sha256=${hex(Buffer.from(secret, "base64"), body)}`]],
    }),
    auth: { secret: "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" },
    body: {
      base: { id: "appXXXXXXXXXXXXXX" },
      webhook: { id: "achYYYYYYYYYYYYYY" },
      timestamp: "2026-11-20T09:30:00.020Z",
    },
    event: { type: null, id: null, occurredAt: "2026-11-20T09:30:00.020Z", resourceId: "appXXXXXXXXXXXXXX" },
  },
  FIGMA: {
    sign: ({ secret, body }) => ({ body: JSON.stringify({ ...JSON.parse(body), passcode: secret }) }),
    isToken: true,
    body: {
      event_type: "FILE_UPDATE",
      file_key: "sdkfjhsdf",
      file_name: "Test",
      timestamp: "2026-11-20T09:30:00Z",
      webhook_id: "22",
    },
    event: { type: "FILE_UPDATE", id: null, occurredAt: "2026-11-20T09:30:00Z", resourceId: "sdkfjhsdf" },
  },
  JIRA: {
    sign: ({ secret, body }) => ({ headers: [["X-Hub-Signature", `sha256=${hex(secret, body)}`]] }),
    headers: [["X-Atlassian-Webhook-Identifier", "e1a1d1b2-6a2b-4a52-8f9d-b0a3f1c1d2e3"]],
    body: { timestamp: 1760000000005, webhookEvent: "jira:issue_created", issue: { id: "99291", key: "JRA-20002" } },
    event: {
      type: "jira:issue_created",
      id: "e1a1d1b2-6a2b-4a52-8f9d-b0a3f1c1d2e3",
      occurredAt: 1760000000005,
      resourceId: "99291",
    },
  },
  WORKOS: {
    sign: ({ secret, body, seconds }) => ({
      headers: [["Workos-Signature", `t=${seconds * 1000},v1=${hex(secret, `${seconds * 1000}.${body}`)}`]],
    }),
    toleranceSeconds: 180,
    body: {
      id: "event_01FQ5Q6G3V",
      event: "user.created",
      data: { object: "user", id: "user_01E4ZCR3C5A4QZ2Z2JQXGKZJ9E" },
      created_at: "2026-11-20T09:30:00.000Z",
    },
    event: {
      type: "user.created",
      id: "event_01FQ5Q6G3V",
      occurredAt: "2026-11-20T09:30:00.000Z",
      resourceId: "user_01E4ZCR3C5A4QZ2Z2JQXGKZJ9E",
    },
  },
  ATTIO: {
    sign: ({ secret, body }) => ({ headers: [["Attio-Signature", hex(secret, body)]] }),
    headers: [["Idempotency-Key", "f8f7f0b0-3fd0-4a1e-8d3b-7a52d7d6f0a1"]],
    body: {
      webhook_id: "23e42eaf-323a-41da-b5bb-fd67eebda553",
      events: [{ event_type: "record.created", id: { record_id: "bf071e1f-6035-429d-b874-d83ea64ea13b" } }],
    },
    event: {
      type: "record.created",
      id: "f8f7f0b0-3fd0-4a1e-8d3b-7a52d7d6f0a1",
      occurredAt: null,
      resourceId: "bf071e1f-6035-429d-b874-d83ea64ea13b",
    },
  },
  CLICKUP: {
    sign: ({ secret, body }) => ({ headers: [["X-Signature", hex(secret, body)]] }),
    body: {
      event: "taskCreated",
      task_id: "1vj37mc",
      webhook_id: "7fa3ec74-69a8-4530-a251-8a13730bd204",
      history_items: [{ id: "2800763136717140857", date: "1760000000000" }],
    },
    event: { type: "taskCreated", id: null, occurredAt: "1760000000000", resourceId: "1vj37mc" },
  },
  CAL_COM: {
    sign: ({ secret, body }) => ({ headers: [["X-Cal-Signature-256", hex(secret, body)]] }),
    body: {
      triggerEvent: "BOOKING_CREATED",
      createdAt: "2026-11-20T09:30:00.538Z",
      payload: { uid: "bFJeNb2uX8ANpT3JL5EfXw", title: "60min" },
    },
    event: {
      type: "BOOKING_CREATED",
      id: null,
      occurredAt: "2026-11-20T09:30:00.538Z",
      resourceId: "bFJeNb2uX8ANpT3JL5EfXw",
    },
  },
  SAVVYCAL: {
    sign: ({ secret, body }) => ({ headers: [["X-Savvycal-Signature", `sha256=${hex(secret, body)}`]] }),
    body: {
      id: "payload_01J8M",
      type: "event.created",
      occurred_at: "2026-11-20T09:30:00Z",
      version: "2020-09-18",
      payload: { id: "event_01J8M" },
    },
    event: {
      type: "event.created",
      id: "payload_01J8M",
      occurredAt: "2026-11-20T09:30:00Z",
      resourceId: "event_01J8M",
    },
  },
  CRONOFY: {
    sign: ({ secret, body }) => ({ headers: [["Cronofy-Hmac-Sha256", base64(secret, body)]] }),
    body: {
      notification: { type: "change", changes_since: "2026-11-20T09:30:00Z" },
      channel: { channel_id: "chn_54cf7c7cb4ad4c1027000001" },
    },
    event: { type: "change", id: null, occurredAt: "2026-11-20T09:30:00Z", resourceId: "chn_54cf7c7cb4ad4c1027000001" },
  },
  GOOGLE_DRIVE: {
    sign: ({ secret }) => ({ headers: [["X-Goog-Channel-Token", secret]] }),
    isToken: true,
    headers: [
      ["X-Goog-Channel-ID", "4ba78bf0"],
      ["X-Goog-Message-Number", "10"],
      ["X-Goog-Resource-ID", "ret08u3rv24htgh289g"],
      ["X-Goog-Resource-State", "update"],
    ],
    body: "",
    event: { type: "update", id: null, occurredAt: null, resourceId: "ret08u3rv24htgh289g" },
  },
  DOCUMENSO: {
    sign: ({ secret }) => ({ headers: [["X-Documenso-Secret", secret]] }),
    isToken: true,
    body: {
      deliveryId: "V1StGXR8_Z5jdHi6B-myT",
      event: "DOCUMENT_COMPLETED",
      payload: { id: 10, title: "x" },
      createdAt: "2026-11-20T09:30:00.000Z",
      webhookEndpoint: "https://example.com",
    },
    event: {
      type: "DOCUMENT_COMPLETED",
      id: "V1StGXR8_Z5jdHi6B-myT",
      occurredAt: "2026-11-20T09:30:00.000Z",
      resourceId: 10,
    },
  },
  YOUSIGN: {
    sign: ({ secret, body }) => ({ headers: [["X-Yousign-Signature-256", `sha256=${hex(secret, body)}`]] }),
    body: {
      event_id: "e1c9f3b5",
      event_name: "signature_request.done",
      event_time: "1760000000",
      data: { signature_request: { id: "dd3f1a0e", status: "done" } },
    },
    event: { type: "signature_request.done", id: "e1c9f3b5", occurredAt: "1760000000", resourceId: "dd3f1a0e" },
  },
  ONFIDO: {
    sign: ({ secret, body }) => ({ headers: [["X-Sha2-Signature", hex(secret, body)]] }),
    body: {
      payload: {
        resource_type: "check",
        action: "check.completed",
        object: { id: "343d6cfc-a5fb-4d50-b3c9", status: "complete", completed_at_iso8601: "2026-11-20T09:30:00Z" },
      },
    },
    event: {
      type: "check.completed",
      id: null,
      occurredAt: "2026-11-20T09:30:00Z",
      resourceId: "343d6cfc-a5fb-4d50-b3c9",
    },
  },
  LOGTO: {
    sign: ({ secret, body }) => ({ headers: [["Logto-Signature-Sha-256", hex(secret, body)]] }),
    body: {
      hookId: "YLqaeVVMWcYhZ2wI3lNpb",
      event: "User.Created",
      createdAt: "2026-11-20T09:30:00.000Z",
      data: { id: "foo" },
    },
    event: { type: "User.Created", id: null, occurredAt: "2026-11-20T09:30:00.000Z", resourceId: "foo" },
  },
  FRONT: {
    sign: ({ secret, body, seconds }) => ({
      headers: [
        ["X-Front-Request-Timestamp", String(seconds * 1000)],
        ["X-Front-Signature", base64(secret, `${seconds * 1000}:${body}`)],
      ],
    }),
    signedHeaders: ["x-front-request-timestamp"],
    toleranceSeconds: 300,
    body: {
      type: "inbound_received",
      authorization: { id: "cmp_yo1kg5" },
      payload: { id: "evt_8qv5n5", type: "inbound", emitted_at: 1760000000, conversation: { id: "cnv_vgxxx" } },
    },
    event: { type: "inbound_received", id: "evt_8qv5n5", occurredAt: 1760000000, resourceId: "cnv_vgxxx" },
    probes: [
      {
        method: "POST",
        headers: [["X-Front-Challenge", "abc_DEF-123"]],
        answer: { status: 200, contentType: "application/json", body: '{"challenge":"abc_DEF-123"}' },
      },
    ],
  },
};
