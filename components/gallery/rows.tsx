import { LatestEvents } from "#components/overview/latest-events.tsx";
import type { EventStatus } from "#server/contracts/event.ts";
import type { LatestEvent } from "#server/contracts/overview.ts";

const LONG = "a-name-that-is-as-long-as-a-name-may-be-".repeat(4).slice(0, 155);
const ROWS: {
  status: EventStatus;
  type: string;
  source: string;
  code: LatestEvent["error_code"];
  answer: number | null;
}[] = [
  { status: "FAILED", type: "orders/create", source: "shopify-store", code: null, answer: 500 },
  { status: "RETRYING", type: "invoice.payment_failed", source: "stripe-live", code: "TIMEOUT", answer: null },
  { status: "HOLD", type: `${LONG}.${LONG}`, source: LONG, code: null, answer: null },
  { status: "DELIVERED", type: "orders/paid", source: "shopify-store", code: null, answer: 200 },
];

const MINUTE_MS = 60_000;

/** Rows of a table, with the longest names that there can be. */
export function Rows({ now }: { now: string }) {
  const events = ROWS.map(
    ({ status, type, source, code, answer }, i): LatestEvent => ({
      id: `evt_01KB7CX4MR9PHD2V6W8Q3T5Z${i}A`,
      team_id: "tm_default",
      request_id: "req_01KB7CX4MR9PHD2V6W8Q3T5Z0A",
      source_id: "src_01KB7CX4MR9PHD2V6W8Q3T5Z0A",
      connection_id: "web_01KB7CX4MR9PHD2V6W8Q3T5Z0A",
      destination_id: "des_01KB7CX4MR9PHD2V6W8Q3T5Z0A",
      status,
      event_type: type,
      attempts: i,
      trigger: "INITIAL",
      next_attempt_at: null,
      last_attempt_at: null,
      delivered_at: null,
      response_status: answer,
      error_code: code,
      hold_reason: status === "HOLD" ? "connection_paused" : null,
      ended_because: status === "FAILED" ? "exhausted" : null,
      created_at: new Date(Date.parse(now) - (i + 1) * MINUTE_MS).toISOString(),
      source_name: source,
      destination_name: "orders-api",
    }),
  );
  return (
    <div className="wide:col-span-2">
      <LatestEvents events={events} />
    </div>
  );
}
