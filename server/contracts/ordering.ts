// The order in which a destination gets its events.
import { z } from "zod";
import { FieldPath } from "./field-path.ts";

export const Ordering = z.enum(["none", "fifo", "by_key"]);
export type Ordering = z.infer<typeof Ordering>;

export const OnOrderFailure = z.enum(["block", "skip"]);
export type OnOrderFailure = z.infer<typeof OnOrderFailure>;

export const ORDERING_FIELDS = {
  ordering: Ordering.meta({
    description:
      "`fifo`: one event at a time, in the order in which the requests came. `by_key`: so for each value of `ordering_key`, and the values beside each other.",
  }),
  ordering_key: FieldPath.nullable().meta({
    description:
      "A place in the request as it is delivered, such as `body.data.id`. Requests that have nothing there share one key.",
  }),
  on_order_failure: OnOrderFailure.meta({
    description:
      "When an event has failed for good. `block`: later ones of its key wait until somebody retries or cancels it. `skip`: they go on.",
  }),
};

/** The fields that say in which order events go. */
export interface OrderSettings {
  ordering: Ordering;
  ordering_key: string | null;
  on_order_failure: OnOrderFailure;
}

export const NO_ORDER = { ordering: "none", ordering_key: null, on_order_failure: "block" } as const;
