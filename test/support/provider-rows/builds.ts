// Providers of builds, alarms, media and parcels, each signed as its page says.
import { base64, hex, type ProviderRows } from "./row.ts";

export const buildsRows: ProviderRows = {
  SENTRY: {
    sign: ({ secret, body }) => ({ headers: [["Sentry-Hook-Signature", hex(secret, body)]] }),
    headers: [
      ["Sentry-Hook-Resource", "issue"],
      ["Request-ID", "5a3f8f8a0d764a16a8f0a3a1b1d8e1d4"],
      ["Sentry-Hook-Timestamp", "1760000000"],
    ],
    body: {
      action: "created",
      installation: { uuid: "a8e5d37a" },
      data: { issue: { id: "1170820242", shortId: "IPE-1" } },
      actor: { type: "application", id: "sentry" },
    },
    event: {
      type: "issue",
      id: "5a3f8f8a0d764a16a8f0a3a1b1d8e1d4",
      occurredAt: "1760000000",
      resourceId: "1170820242",
    },
  },
  BITBUCKET: {
    sign: ({ secret, body }) => ({ headers: [["X-Hub-Signature", `sha256=${hex(secret, body)}`]] }),
    headers: [
      ["X-Event-Key", "repo:push"],
      ["X-Request-UUID", "5a1b6f0e-83a6-4a1f-9f68-6f5b5c3c0d4e"],
    ],
    body: {
      actor: { nickname: "ada" },
      repository: { uuid: "{673a6070-3421-46c9-9d48-90745f7bfe8e}", full_name: "t/r" },
      push: { changes: [] },
    },
    event: {
      type: "repo:push",
      id: "5a1b6f0e-83a6-4a1f-9f68-6f5b5c3c0d4e",
      occurredAt: null,
      resourceId: "{673a6070-3421-46c9-9d48-90745f7bfe8e}",
    },
  },
  PAGERDUTY: {
    sign: ({ secret, body }) => ({ headers: [["X-Pagerduty-Signature", `v1=${hex(secret, body)}`]] }),
    body: {
      event: {
        id: "01BZ8KXA5O6QJ4PKQ2ZJ7P1N3A",
        event_type: "incident.triggered",
        resource_type: "incident",
        occurred_at: "2026-11-20T09:30:00.169Z",
        data: { id: "PGR0VU2", type: "incident" },
      },
    },
    event: {
      type: "incident.triggered",
      id: "01BZ8KXA5O6QJ4PKQ2ZJ7P1N3A",
      occurredAt: "2026-11-20T09:30:00.169Z",
      resourceId: "PGR0VU2",
    },
  },
  MUX: {
    sign: ({ secret, body, seconds }) => ({
      headers: [["Mux-Signature", `t=${seconds},v1=${hex(secret, `${seconds}.${body}`)}`]],
    }),
    toleranceSeconds: 300,
    body: {
      type: "video.asset.ready",
      id: "3a56ac3d-33da-4366-855b-f592d898409d",
      created_at: "2026-11-20T09:30:00.341Z",
      object: { type: "asset", id: "0201p02fGKPE7MrbC269XRD7LpcHhrmbu0002" },
      data: { status: "ready" },
    },
    event: {
      type: "video.asset.ready",
      id: "3a56ac3d-33da-4366-855b-f592d898409d",
      occurredAt: "2026-11-20T09:30:00.341Z",
      resourceId: "0201p02fGKPE7MrbC269XRD7LpcHhrmbu0002",
    },
  },
  GRAFANA: {
    sign: ({ secret, body }) => ({ headers: [["X-Grafana-Alerting-Signature", hex(secret, body)]] }),
    body: {
      receiver: "My hook",
      status: "firing",
      alerts: [{ status: "firing", startsAt: "2026-11-20T09:30:00Z", fingerprint: "c6eadffa33fcdf37" }],
      groupKey: '{}:{alertname="HighLatency"}',
      version: "1",
    },
    event: { type: "firing", id: null, occurredAt: "2026-11-20T09:30:00Z", resourceId: '{}:{alertname="HighLatency"}' },
  },
  SENDCLOUD: {
    sign: ({ secret, body }) => ({ headers: [["Sendcloud-Signature", hex(secret, body)]] }),
    body: { action: "parcel_status_changed", timestamp: 1760000000000, parcel: { id: 5, tracking_number: "3SYZ" } },
    event: { type: "parcel_status_changed", id: null, occurredAt: 1760000000000, resourceId: 5 },
  },
  BUILDKITE: {
    sign: ({ secret, body, seconds }) => ({
      headers: [["X-Buildkite-Signature", `timestamp=${seconds},signature=${hex(secret, `${seconds}.${body}`)}`]],
    }),
    isTokenToo: true,
    toleranceSeconds: 300,
    headers: [["X-Buildkite-Event", "build.finished"]],
    body: {
      event: "build.finished",
      build: {
        id: "f62a1b4d-10f9-4790-bc1c-e2c3a0c80983",
        number: 1,
        created_at: "2026-11-20T09:29:00.000Z",
        finished_at: "2026-11-20T09:30:00.000Z",
      },
    },
    event: {
      type: "build.finished",
      id: null,
      occurredAt: "2026-11-20T09:30:00.000Z",
      resourceId: "f62a1b4d-10f9-4790-bc1c-e2c3a0c80983",
    },
  },
  CIRCLECI: {
    sign: ({ secret, body }) => ({ headers: [["Circleci-Signature", `v1=${hex(secret, body)}`]] }),
    body: {
      id: "3888f21b-eaa7-38e3-8f3d-75a63bba8895",
      type: "workflow-completed",
      happened_at: "2026-11-20T09:30:00.000Z",
      workflow: { id: "fda08377-fe7e-46b1-8992-3a7aaecac9c3", status: "success" },
    },
    event: {
      type: "workflow-completed",
      id: "3888f21b-eaa7-38e3-8f3d-75a63bba8895",
      occurredAt: "2026-11-20T09:30:00.000Z",
      resourceId: "fda08377-fe7e-46b1-8992-3a7aaecac9c3",
    },
  },
  AFTERSHIP: {
    sign: ({ secret, body }) => ({ headers: [["Aftership-Hmac-Sha256", base64(secret, body)]] }),
    body: {
      event_id: "f0d9e2c1-6b1f-4b6e-9f0a-0a1b2c3d4e5f",
      event: "tracking_update",
      msg: { id: "5b74f4958776db0e00b6f5ed", tag: "Delivered" },
      ts: 1760000000,
    },
    event: {
      type: "tracking_update",
      id: "f0d9e2c1-6b1f-4b6e-9f0a-0a1b2c3d4e5f",
      occurredAt: 1760000000,
      resourceId: "5b74f4958776db0e00b6f5ed",
    },
  },
  SHIPPO: {
    sign: ({ secret, body, seconds }) => ({
      headers: [["Shippo-Auth-Signature", `t=${seconds},v1=${hex(secret, `${seconds}.${body}`)}`]],
    }),
    toleranceSeconds: 300,
    body: {
      event: "transaction_created",
      test: true,
      data: { object_id: "915d94940ea54c3a80cbfa328722f5a1", status: "SUCCESS" },
    },
    event: { type: "transaction_created", id: null, occurredAt: null, resourceId: "915d94940ea54c3a80cbfa328722f5a1" },
  },
  SQUARESPACE: {
    sign: ({ secret, body }) => ({ headers: [["Squarespace-Signature", hex(Buffer.from(secret, "hex"), body)]] }),
    auth: { secret: "00112233445566778899001122334455" },
    body: {
      id: "0b5c0e2c-8b5e-4a3b-9a2c-2f1d9a3b4c5d",
      websiteId: "5d1",
      subscriptionId: "s1",
      topic: "order.create",
      createdOn: "2026-11-20T09:30:00.000Z",
      data: { orderId: "585d498fdee9f31a60284a37" },
    },
    event: {
      type: "order.create",
      id: "0b5c0e2c-8b5e-4a3b-9a2c-2f1d9a3b4c5d",
      occurredAt: "2026-11-20T09:30:00.000Z",
      resourceId: "585d498fdee9f31a60284a37",
    },
  },
  MONGODB_ATLAS: {
    sign: ({ secret, body }) => ({ headers: [["X-Mms-Signature", base64(secret, body, "sha1")]] }),
    body: {
      id: "5b2bde0e80eef53b86d5d4e3",
      groupId: "572a00f2e4b051814b144e90",
      eventTypeName: "OUTSIDE_METRIC_THRESHOLD",
      status: "OPEN",
      created: "2026-11-20T09:30:00Z",
      updated: "2026-11-20T09:31:00Z",
    },
    event: {
      type: "OUTSIDE_METRIC_THRESHOLD",
      id: "5b2bde0e80eef53b86d5d4e3",
      occurredAt: "2026-11-20T09:31:00Z",
      resourceId: "572a00f2e4b051814b144e90",
    },
  },
  CLOUDFLARE: {
    sign: ({ secret }) => ({ headers: [["Cf-Webhook-Auth", secret]] }),
    isToken: true,
    body: {
      name: "Tunnel",
      text: "x",
      data: { severity: "INFO" },
      ts: 1760000000,
      account_id: "a1b2",
      policy_id: "9b1f",
      alert_type: "tunnel_health_event",
    },
    event: { type: "tunnel_health_event", id: null, occurredAt: 1760000000, resourceId: "9b1f" },
  },
  ROOTLY: {
    sign: ({ secret, body, seconds }) => ({
      headers: [["X-Rootly-Signature", `t=${seconds},v1=${hex(secret, `${seconds}${body}`)}`]],
    }),
    toleranceSeconds: 300,
    body: {
      event: {
        id: "a8c1f2b0-1111-4c7e-b7a6-1c8f0d5e2b3a",
        type: "incident.created",
        issued_at: "2026-11-20T09:30:00.000-08:00",
      },
      data: { id: "f7e9b2a1", title: "x" },
    },
    event: {
      type: "incident.created",
      id: "a8c1f2b0-1111-4c7e-b7a6-1c8f0d5e2b3a",
      occurredAt: "2026-11-20T09:30:00.000-08:00",
      resourceId: "f7e9b2a1",
    },
  },
};
