// Events for the data views of the gallery: made up, and the same each time.

import type { WaterfallInput } from "#components/data/waterfall-layout.ts";
import type { EventState } from "#components/ui/event-state.tsx";
import type { Why } from "#server/contracts/why.ts";

export interface SampleEvent {
  id: string;
  state: EventState;
  type: string;
  connection: string;
  tries: number;
  answer: string;
  age: string;
}

const STATES: EventState[] = ["DELIVERED", "DELIVERED", "HOLD", "RETRYING", "DELIVERED", "FAILED", "QUEUED"];
const TYPES = [
  "invoice.paid",
  "charge.refunded",
  "refunds/create",
  "customer.subscription.updated",
  `odd.${"x".repeat(300)}`,
];

export const sampleEvents = (count: number): SampleEvent[] =>
  Array.from({ length: count }, (_, i) => {
    const state = STATES[i % STATES.length] ?? "DELIVERED";
    return {
      id: `evt_${String(i).padStart(6, "0")}`,
      state,
      type: TYPES[i % TYPES.length] ?? "",
      connection: i % 3 === 0 ? "shopify-refunds" : "stripe-ledger",
      tries: i % 4,
      answer: state === "FAILED" ? "503" : state === "DELIVERED" ? "200" : "–",
      age: `${i + 1} min`,
    };
  });

export const HISTOGRAM_STATES: EventState[] = ["DELIVERED", "HOLD", "RETRYING", "FAILED"];
export const sampleCounts = (at: number) => [
  30 + 12 * Math.round(Math.sin(at / 6)),
  at > 52 ? 20 : 0,
  at % 13 === 8 ? 3 : 0,
  at > 55 ? 6 : 0,
];

const SECOND = 1000;
const phases = { dns_ms: 3, connect_ms: 18, tls_ms: 31, wait_ms: 352, read_ms: 8 };

/** An event that was held, tried twice, and waits for its third attempt. `nowMs` is the present. */
export function sampleWay(nowMs: number): WaterfallInput {
  const receivedMs = nowMs - 312 * SECOND;
  const at = (seconds: number) => receivedMs + seconds * SECOND;
  const attempt = { isDelivered: false, latencyMs: 412, phases };
  return {
    receivedMs,
    receivedNote: "02:12:43.118, verified",
    routedMs: receivedMs + 9,
    routedNote: "5 rules, 1 event here, 1 ignored",
    holds: [{ state: "HOLD", fromMs: receivedMs + 9, toMs: at(190), note: "breaker of billing-ledger open" }],
    attempts: [
      { ...attempt, number: 1, atMs: at(190), code: "503", note: "Service Unavailable" },
      {
        ...attempt,
        number: 2,
        atMs: at(249),
        latencyMs: 15_000,
        code: "TIMEOUT",
        note: "no answer in 15 s",
        phases: { ...phases, wait_ms: 14_952, read_ms: 0 },
      },
    ],
    backoffs: [{ fromMs: at(190.4), toMs: at(249), note: "1 min −2.5 %" }],
    nextMs: at(564),
    nowMs,
  };
}

export const SAMPLE_WHY: Why = [
  { step: "deduplicate", outcome: "first", window_ms: 60_000 },
  {
    step: "transform",
    outcome: "changed",
    transformation_id: "trs_1",
    version: 12,
    changes: [{ path: "body.amount", after: 1200 }],
    console: [],
    duration_ms: 8,
  },
  { step: "hold", outcome: "held", reason: "breaker_open", since: "2026-11-25T02:12:43.127Z" },
  {
    step: "filter",
    outcome: "failed",
    mismatch: {
      path: "body.data.object.amount",
      operator: "$gte",
      expected: 100,
      message: "body.data.object.amount is missing, expected at least 100",
    },
  },
];

export const SAMPLE_BODY = `{"id":"evt_1R9xKq2eZvNP8dQ7","created":1795572761,"livemode":true,"order":12345678901234567890.10,"data":{"object":{"id":"in_1R9xKoNP41Cw","amount_due":1200,"currency":"eur","lines":[{"id":1},{"id":2}],"note":"<b>${"long ".repeat(400)}</b>"}},"type":"invoice.payment_failed"}`;
export const SAMPLE_DELIVERED =
  '{"id":"evt_1R9xKq2eZvNP8dQ7","amount":{"minor":1200,"currency":"EUR"},"ledger":"receivables","type":"invoice.payment_failed"}';

export const SAMPLE_REQUEST = {
  method: "POST",
  url: "https://example.com/hooks",
  headers: [
    ["Content-Type", "application/json"],
    ["X-Odd", "'; touch /tmp/owned; '"],
  ] as [string, string][],
  body: SAMPLE_DELIVERED,
};
