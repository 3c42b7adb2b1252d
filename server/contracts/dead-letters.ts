// Failed events, counted by where and why they failed.
import { z } from "zod";
import { EndReason } from "./event-life.ts";
import { manyOf } from "./query-values.ts";
import { Timestamp } from "./resource-fields.ts";

const Ids = manyOf(z.string().max(64));

export const CountDeadLetters = z.object({ connection_id: Ids, destination_id: Ids, ended_because: manyOf(EndReason) });
export type CountDeadLetters = z.infer<typeof CountDeadLetters>;

export const DeadLetterCounts = z.object({
  data: z
    .array(
      z.object({
        connection_id: z.string(),
        destination_id: z.string(),
        ended_because: EndReason.nullable(),
        count: z.int(),
        last_attempt_at: Timestamp.nullable(),
      }),
    )
    .meta({ description: "The most first." }),
  is_at_least: z.boolean().meta({ description: "There are more; the newest 10,000 are counted." }),
});
export type DeadLetterCounts = z.infer<typeof DeadLetterCounts>;
