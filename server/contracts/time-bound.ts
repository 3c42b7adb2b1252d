// Bounds in time as callers write them. Strictly read: a lenient parser depends on the server's zone, and guesses.
import { z } from "zod";

const RELATIVE_TIME = /^now(?:-(\d{1,6})(s|m|h|d|w))?$/;
const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** A plus sign that nobody encoded is a space by the time it is read from a URL. */
const ISO_TIME =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:[Zz]|([+ -])(\d\d)(?::?(\d\d))?)?)?$/;

const FORMS =
  "Use an ISO 8601 time such as 2026-05-29T00:00:00Z or 2026-05-29T02:00:00+02:00 (UTC where no offset is given), or now, now-15m, now-24h, now-7d.";

/** The instant of an ISO 8601 date or time in milliseconds since the epoch, in UTC without an offset; NaN when it is none. */
function isoTimeMs(text: string): number {
  const found = ISO_TIME.exec(text);
  if (!found) return Number.NaN;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const [fraction = "", sign, offsetHours = "0", offsetMinutes = "0"] = found.slice(7);
  const isOffset = Number(offsetHours) <= 23 && Number(offsetMinutes) <= 59;
  if (hour > 23 || minute > 59 || second > 59 || !isOffset) return Number.NaN;
  const date = new Date(0);
  // Date.UTC takes years below 100 for those of the last century.
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return Number.NaN;
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * (sign === "-" ? -60_000 : 60_000);
  return date.setUTCHours(hour, minute, second, Number(fraction.padEnd(3, "0").slice(0, 3))) - offset;
}

/** ISO 8601, or relative to the moment of the call: `now`, `now-15m`, `now-24h`, `now-7d`. */
export const TimeBound = z
  .string()
  .max(64, FORMS)
  .refine((text) => RELATIVE_TIME.test(text) || !Number.isNaN(isoTimeMs(text)), FORMS)
  .meta({
    description: "ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`.",
    examples: ["now-24h"],
  });

/** The instant a `TimeBound` means at `now`, in milliseconds since the epoch; negative before it. */
export function instantMs(bound: string, nowMs: number): number {
  const relative = RELATIVE_TIME.exec(bound);
  if (!relative) return isoTimeMs(bound);
  const [, amount, unit] = relative;
  return amount ? nowMs - Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS] : nowMs;
}

/** The instant as the bound of a range of what is stored here; nothing of that is older than the epoch. */
export const resolveTime = (bound: string, nowMs: number): number => Math.max(0, instantMs(bound, nowMs));
