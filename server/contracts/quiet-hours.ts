// Hours in which a channel is told of nothing. By the clock of a zone, every day.
import { z } from "zod";
import { TimeZone } from "./time-zone.ts";

const Clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "Give a time such as 22:00.");

export const QuietHours = z
  .strictObject({
    from: Clock,
    until: Clock.meta({ description: "On the next day where it is before `from`." }),
    time_zone: TimeZone,
    passes: z.enum(["nothing", "errors"]).default("errors").meta({
      description: "`errors`: what waits for a person is told at once. `nothing`: it waits, too.",
    }),
  })
  .refine(({ from, until }) => from !== until, {
    path: ["until"],
    message: "Quiet hours begin and end at the same time: choose another end, or pause the connection.",
  });
export type QuietHours = z.infer<typeof QuietHours>;

/** As they are stored: hours that are changed while they last end then, and what they kept back is told. */
export interface StoredQuiet {
  hours: QuietHours | null;
  /** The last stretch of the hours before the last change, in milliseconds; null: there were none before. */
  cut: { fromMs: number; untilMs: number } | null;
}
