// Maintenance windows of a destination: known times at which nothing is sent to it.
import { z } from "zod";
import { TimeZone } from "./time-zone.ts";

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const Weekday = z.enum(WEEKDAYS);

const Instant = z.iso.datetime({
  offset: true,
  error: "Use an ISO 8601 time with its zone, such as 2026-05-29T02:00:00Z.",
});
const TimeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, "Use a time of day such as 02:00.");
const EndOfWindow = TimeOfDay.or(z.literal("24:00", "Use a time of day such as 04:00, or 24:00."));

const LONGEST_DAYS = 30;

const Once = z
  .strictObject({ kind: z.literal("once"), from: Instant, until: Instant })
  .superRefine(({ from, until }, ctx) => {
    const lengthMs = Date.parse(until) - Date.parse(from);
    const message =
      lengthMs <= 0
        ? `The window ends at ${until}, which is not after its start at ${from}: give a later end.`
        : lengthMs > LONGEST_DAYS * 86_400_000
          ? `The window is longer than ${LONGEST_DAYS} days: give an earlier end, or disable the destination meanwhile.`
          : null;
    if (message !== null) ctx.addIssue({ code: "custom", path: ["until"], message });
  });

const Weekly = z
  .strictObject({
    kind: z.literal("weekly"),
    days: z.array(Weekday).min(1).max(7),
    start: TimeOfDay,
    end: EndOfWindow.meta({ description: "Not part of it. `24:00` is the end of the day." }),
    time_zone: TimeZone.meta({ description: "The zone of the clock by which it starts and ends." }),
  })
  .superRefine(({ days, start, end }, ctx) => {
    if (new Set(days).size < days.length)
      ctx.addIssue({ code: "custom", path: ["days"], message: "Name each day once." });
    if (end > start) return;
    const message = `The window ends at ${end}, which is not after its start at ${start}: give a later end. One over midnight is two, until 24:00 and from 00:00 of the day after.`;
    ctx.addIssue({ code: "custom", path: ["end"], message });
  });

/** A stretch of time, once or every week. */
export const MaintenanceWindow = z.discriminatedUnion("kind", [Once, Weekly]);
export type MaintenanceWindow = z.infer<typeof MaintenanceWindow>;

export const MaintenanceWindows = z.array(MaintenanceWindow).max(10).meta({
  description:
    "While one lasts, events are held with `maintenance`: nothing is tried and no retry is spent. After it they go out as after a breaker that has closed: the concurrency grows from one within `breaker.ramp_ms`. Windows may touch and not overlap.",
});
