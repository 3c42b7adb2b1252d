// The rows of new attempts, as they are copied in, or inserted where one comes alone.
import type { Attempt, AttemptPhases } from "#server/contracts/attempt.ts";
import type { HeaderList } from "#server/contracts/header-list.ts";
import { storableJson, storableText } from "#server/json/storable.ts";
import { copyInto, type RowWriter, type Step } from "#server/pipeline/steps.ts";
import { type PackedBeside, packHeaders } from "#server/wire/packed-headers.ts";

/** An attempt as it is stored, its headers in full. */
export type AttemptRow = Omit<Attempt, "response_body" | "created_at" | "explanation" | "is_withheld"> & {
  response_body: Buffer | null;
  created_at: Date;
};

const COPY_ATTEMPTS = copyInto("copy-attempts", "attempt", [
  ...[
    "team_id",
    "id",
    "event_id",
    "source_id",
    "connection_id",
    "destination_id",
    "number",
    "trigger",
    "requested_url",
  ],
  ...["http_method", "request_headers", "response_status", "response_headers", "response_body", "error_code"],
  ...["latency_ms", "phases", "created_at"],
]);

/** Copies attempts in. In order of their ids: each index then grows at its end, where pages are left full. */
export function copyAttempts(attempts: readonly AttemptRow[]): Step {
  const sorted = attempts.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return {
    copy: COPY_ATTEMPTS,
    rowCount: sorted.length,
    write: (to) => {
      for (const attempt of sorted) copyAttempt(to, attempt);
    },
  };
}

const hundredths = (ms: number) => Math.round(ms * 100) / 100;
/** The JSON text of headers as they are stored. */
export const packedJson = (headers: HeaderList, beside: PackedBeside) => storableJson(packHeaders(headers, beside));

function copyAttempt(to: RowWriter, attempt: AttemptRow): void {
  to.row();
  to.text(attempt.team_id);
  to.text(attempt.id);
  to.text(attempt.event_id);
  to.text(attempt.source_id);
  to.text(attempt.connection_id);
  to.text(attempt.destination_id);
  to.integer(attempt.number);
  to.text(attempt.trigger);
  to.text(storableText(attempt.requested_url));
  to.text(storableText(attempt.http_method));
  to.text(packedJson(attempt.request_headers, attempt));
  to.integer(attempt.response_status);
  to.text(attempt.response_headers && packedJson(attempt.response_headers, attempt));
  to.bytea(attempt.response_body);
  to.text(attempt.error_code);
  to.real(attempt.latency_ms);
  to.reals(attempt.phases && phaseTimes(attempt.phases));
  to.timestamptz(attempt.created_at);
}

/** In the order of the contract, in milliseconds. */
export const phaseTimes = ({ dns_ms, connect_ms, tls_ms, wait_ms, read_ms }: AttemptPhases) => [
  ...[dns_ms, connect_ms, tls_ms],
  ...[hundredths(wait_ms), hundredths(read_ms)],
];
