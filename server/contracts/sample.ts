// Stored requests in the form in which rules see them: what a rule is written against.
import { z } from "zod";
import { EVENT_FACTS } from "./event-facts.ts";
import { WholeNumber } from "./query-values.ts";
import { ById, Timestamp } from "./resource-fields.ts";
import { TransformRequest } from "./transformation.ts";

export const MAX_SAMPLES = 20;

export const ListSamples = ById.extend({
  limit: WholeNumber(1, MAX_SAMPLES).default(10),
  before: z.string().max(64).optional().meta({ description: "Only requests older than the one with this id." }),
});
export type ListSamples = z.infer<typeof ListSamples>;

/** `request` is as it came, before any transform. */
export const Sample = z.object({
  request_id: z.string(),
  event_type: z.string().nullable(),
  created_at: Timestamp,
  event: z
    .partialRecord(z.enum(EVENT_FACTS), z.string())
    .meta({ description: "What filters and keys read as `event`." }),
  request: TransformRequest,
});
export type Sample = z.infer<typeof Sample>;

export const Samples = z.object({
  data: z.array(Sample).meta({ description: "The newest first; those with a body over 128 KiB are left out." }),
  has_more: z.boolean(),
});
export type Samples = z.infer<typeof Samples>;
