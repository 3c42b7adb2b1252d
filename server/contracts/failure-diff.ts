import { z } from "zod";
import { Attempt } from "./attempt.ts";

const Side = Attempt.extend({ event_type: z.string().nullable() });

/** The difference between the last good attempt to a destination and the first bad one after it. */
export const FailureDiff = z.object({
  good: Side.nullable().meta({
    description: "The last attempt that was delivered before this event failed; null where none is found in 7 days.",
  }),
  bad: Side.nullable().meta({
    description: "The first failed attempt to the destination after it; null where the event has not failed.",
  }),
});
export type FailureDiff = z.infer<typeof FailureDiff>;
