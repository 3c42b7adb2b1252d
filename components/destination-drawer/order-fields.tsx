"use client";

import { SentenceErrors } from "#components/resource-form/fields.tsx";
import { useFormField } from "#components/resource-form/form-context.ts";
import { RadioCards } from "#components/ui/radio-cards.tsx";
import type { Ordering } from "#server/contracts/ordering.ts";
import { OrderKey } from "./order-key.tsx";
import { OrderStanding } from "./order-standing.tsx";
import type { Branches } from "./use-destination.ts";

const ORDERS: { value: Ordering; label: string; about: string }[] = [
  { value: "none", label: "None", about: "fastest; retries may overtake" },
  { value: "fifo", label: "FIFO", about: "one at a time, all of them" },
  { value: "by_key", label: "By key", about: "one at a time for each key" },
];
const FAILURES = [
  { value: "block", label: "Block", about: "later ones wait until you retry or cancel it" },
  { value: "skip", label: "Skip it", about: "later ones go on, order may break" },
];

/** In which order events go, what a failed one does to those behind it, and what waits now. */
export function OrderFields({ id, branches }: { id: string; branches: Branches }) {
  const ordering = useFormField("config.ordering");
  const failure = useFormField("config.on_order_failure");
  const isByKey = ordering.value === "by_key";
  return (
    <section id="order" aria-label="Order" className="grid gap-4 border-line border-t pt-4">
      <RadioCards label="Order" options={ORDERS} value={ordering.value as Ordering} onChange={ordering.set} />
      <OrderStanding id={id} />
      {isByKey ? <OrderKey connections={branches.branches} /> : null}
      {ordering.value === "none" ? null : (
        <RadioCards
          label={isByKey ? "When one of a key fails for good" : "When one fails for good"}
          options={FAILURES}
          value={String(failure.value)}
          onChange={failure.set}
        />
      )}
      <SentenceErrors fields={["config.ordering", "config.on_order_failure"]} />
    </section>
  );
}
