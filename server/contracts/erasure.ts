// The erasure of one request's payload, for somebody who asks to be forgotten.
import { z } from "zod";
import { Timestamp } from "./resource-fields.ts";

/** Events that were delivered: their copies are out of reach. */
const Delivered = z.object({
  destination_id: z.string(),
  destination_name: z.string().nullable(),
  destination_type: z.string().nullable(),
  events: z.int(),
});

export const ErasurePlan = z.object({
  events: z.int(),
  unfinished_events: z.int().meta({
    description: "Events that still wait, or that others of their order wait for: they are to be cancelled first.",
  }),
  ignored_events: z.int(),
  attempts: z.int(),
  delivered: z.array(Delivered).meta({ description: "Where copies are that cannot be reached from here." }),
  erased_at: Timestamp.nullable().meta({ description: "When it was erased before; null: never." }),
});
export type ErasurePlan = z.infer<typeof ErasurePlan>;

export const EraseRequest = z.strictObject({
  id: z.string().max(64),
  reason: z
    .string()
    .trim()
    .min(1, "Say why: the audit log keeps it.")
    .max(500)
    .meta({ description: "For the audit log, which outlives the request: name no person in it." }),
  cancel_unfinished: z
    .boolean()
    .optional()
    .meta({ description: "Cancels events that are not finished; without it they are a reason to refuse." }),
});
export type EraseRequest = z.infer<typeof EraseRequest>;

export const ErasedRequest = ErasurePlan.omit({ unfinished_events: true }).extend({
  request_id: z.string(),
  cancelled_events: z.int(),
  erased_at: Timestamp,
});
export type ErasedRequest = z.infer<typeof ErasedRequest>;
