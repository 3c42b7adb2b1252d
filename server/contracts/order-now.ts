// The order of a destination as it stands: how many keys have events, and which of them wait for somebody.
import { z } from "zod";
import { EventDetail, EventSummary } from "./event.ts";

const OrderValue = EventDetail.shape.order_value;
const Waiting = z.int().meta({ description: "Events behind the first of the key. At most 1,000 are counted." });

export const OrderNow = z.object({
  keys: z.int().meta({ description: "Keys with events that are not at an end. With `fifo` there is one." }),
  longest: z
    .object({ order_value: OrderValue, waiting: Waiting })
    .nullable()
    .meta({ description: "The key with the most events." }),
  blocked_keys: z.int(),
  blocked: z
    .array(
      z.object({
        order_value: OrderValue,
        waiting: Waiting,
        head: EventSummary.pick({ id: true, connection_id: true, status: true, hold_reason: true }).meta({
          description: "What has to be seen to before the others go on.",
        }),
      }),
    )
    .meta({ description: "Those that have waited longest, at most five." }),
  is_at_least: z.boolean().meta({ description: "There are more keys; 10,000 are looked at." }),
});
export type OrderNow = z.infer<typeof OrderNow>;
