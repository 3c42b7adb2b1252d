"use client";

import { ChoiceField, TextField } from "#components/resource-form/fields.tsx";
import { useFormField } from "#components/resource-form/form-context.ts";

const ORDERS = [
  { value: "none", label: "None: fastest, retries may overtake" },
  { value: "fifo", label: "FIFO: one at a time, all of them" },
  { value: "by_key", label: "By key: one at a time for each key" },
];
const FAILURES = [
  { value: "block", label: "Block: later ones wait until you retry or cancel it" },
  { value: "skip", label: "Skip it: later ones go on, order may break" },
];

/** In which order events go, and what a failed one does to those behind it. */
export function OrderFields() {
  const { value: ordering } = useFormField("config.ordering");
  return (
    <section id="order" aria-label="Order" className="grid gap-4 border-line border-t pt-4">
      <ChoiceField
        field="config.ordering"
        label="Order"
        options={ORDERS}
        help="When it changes, what waits is sorted again and nothing is sent twice."
      />
      {ordering === "by_key" ? (
        <TextField
          field="config.ordering_key"
          label="Order key"
          isMono
          placeholder="body.data.id"
          help="A place in the request as it is delivered. Requests without it share one key."
        />
      ) : null}
      {ordering === "none" ? null : (
        <ChoiceField field="config.on_order_failure" label="When one fails for good" options={FAILURES} />
      )}
    </section>
  );
}
