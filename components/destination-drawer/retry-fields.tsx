"use client";

import { ChoiceField, TextField } from "#components/resource-form/fields.tsx";
import { useFormField } from "#components/resource-form/form-context.ts";
import { DEFAULT_RETRY } from "./destination-fields.ts";

const STRATEGIES = [
  { value: DEFAULT_RETRY, label: "As usual: 1 min, 5 min, 30 min, 2 h, then each 6 h for 3 days" },
  { value: "exponential", label: "Twice as long each time" },
  { value: "linear", label: "The same wait each time" },
  { value: "custom", label: "Waits of my own" },
];

/** When a failed attempt is tried again, where a connection has no retry rule of its own. */
export function RetryFields() {
  const { value: strategy } = useFormField("config.retry.strategy");
  return (
    <section aria-label="Retry" className="grid gap-4 border-line border-t pt-4">
      <ChoiceField field="config.retry.strategy" label="Retry, where a connection has no rule" options={STRATEGIES} />
      {strategy === "custom" ? (
        <>
          <TextField
            field="config.retry.schedule"
            label="Waits"
            placeholder="30 s, 5 min, 1 h"
            help="With commas between."
          />
          <TextField
            field="config.retry.count"
            label="Tries in all"
            help="Empty: the first, and one after each wait. With more, the last wait is repeated."
          />
        </>
      ) : null}
      {strategy === "exponential" || strategy === "linear" ? (
        <div className="grid grid-cols-2 gap-3">
          <TextField
            field="config.retry.interval"
            label={strategy === "linear" ? "Wait" : "First wait"}
            placeholder="1 min"
          />
          <TextField
            field="config.retry.count"
            label="Tries in all"
            placeholder="8"
            help="With the first; at most 51"
          />
        </div>
      ) : null}
      {strategy === DEFAULT_RETRY ? null : (
        <TextField
          field="config.retry.response_status_codes"
          label="Only for these statuses"
          isMono
          placeholder="500-599, 429, !501"
          help="Empty: each that is no success. A try without an answer is repeated in any case."
        />
      )}
    </section>
  );
}
