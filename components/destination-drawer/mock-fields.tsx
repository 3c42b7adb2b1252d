"use client";

import { ChoiceField, LongTextField, TextField } from "#components/resource-form/fields.tsx";
import { NO_ERROR } from "./destination-fields.ts";

const ERRORS = [
  { value: NO_ERROR, label: "Answers" },
  { value: "TIMEOUT", label: "Time-out" },
  { value: "CONNECTION_REFUSED", label: "Connection refused" },
  { value: "CONNECTION_RESET", label: "Connection reset" },
  { value: "DNS_LOOKUP_FAILED", label: "No such host" },
  { value: "TLS_ERROR", label: "TLS fails" },
  { value: "PROTOCOL_ERROR", label: "Answers no HTTP" },
];

/** What a MOCK destination answers. */
export function MockFields() {
  return (
    <>
      <p className="text-muted text-xs">
        It sends nothing and answers as it is told, to try rules, retries and limits.
      </p>
      <div className="grid grid-cols-3 gap-3">
        <TextField field="config.status" label="Status" isMono />
        <TextField field="config.latency_ms" label="Answers after" />
        <ChoiceField field="config.error_code" label="Or fails" options={ERRORS} />
      </div>
      <LongTextField field="config.body" label="Body" isMono />
      <LongTextField
        field="config.answers"
        label="Answers in turn"
        isMono
        rows={4}
        placeholder={'[{ "status": 500 }, { "status": 200 }]'}
        help="By the attempt of an event: the first gets the first, those after the last get the last. JSON; what one leaves out is as above."
      />
    </>
  );
}
