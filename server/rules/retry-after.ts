// `Retry-After` as RFC 9110 writes it (sections 5.6.7 and 10.2.3): whole seconds, or a date in one of three forms.

const MAX_RETRY_AFTER_MS = 24 * 3_600_000;
/** Of a two-digit year that would lie further ahead than this, the century before is meant. */
const MAX_YEARS_AHEAD = 50;

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const LONG_DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const month = `(?<month>${MONTHS.join("|")})`;
const time = "(?<hour>[01]\\d|2[0-3]):(?<minute>[0-5]\\d):(?<second>[0-5]\\d|60)";
const IMF_FIXDATE = new RegExp(`^(?<weekday>${DAYS.join("|")}), (?<day>\\d\\d) ${month} (?<year>\\d{4}) ${time} GMT$`);
const RFC_850 = new RegExp(
  `^(?<weekday>${LONG_DAYS.join("|")}), (?<day>\\d\\d)-${month}-(?<shortYear>\\d\\d) ${time} GMT$`,
);
const ASCTIME = new RegExp(`^(?<weekday>${DAYS.join("|")}) ${month} (?<day>\\d\\d| \\d) ${time} (?<year>\\d{4})$`);

/**
 * The wait that a destination asks for, at most 24 h; 0 for nothing, for the past, and for a value that is neither seconds
 * nor a date.
 */
export function retryAfterMs(header: string | null, now: Date): number {
  // A field's value has no blanks around it, whatever the line had.
  const value = header?.replace(/^[ \t]+|[ \t]+$/g, "") ?? "";
  if (/^\d+$/.test(value)) return Math.min(Number(value) * 1000, MAX_RETRY_AFTER_MS);
  const timeMs = httpDateMs(value, now);
  return timeMs === null ? 0 : Math.min(Math.max(timeMs - now.getTime(), 0), MAX_RETRY_AFTER_MS);
}

/** Milliseconds since the epoch, or null for anything else, a day that does not exist and a wrong weekday included. */
function httpDateMs(value: string, now: Date): number | null {
  const parts = (IMF_FIXDATE.exec(value) ?? RFC_850.exec(value) ?? ASCTIME.exec(value))?.groups;
  if (!parts) return null;
  const monthIndex = MONTHS.indexOf(parts.month ?? "");
  const day = Number(parts.day);
  const clockMs = ((Number(parts.hour) * 60 + Number(parts.minute)) * 60 + Number(parts.second)) * 1000;
  // Date.UTC would read the years 0 to 99 as 1900 to 1999.
  const midnightOf = (year: number) => new Date(0).setUTCFullYear(year, monthIndex, day);

  let year = Number(parts.year);
  if (parts.shortYear !== undefined) {
    const latest = new Date(now).setUTCFullYear(now.getUTCFullYear() + MAX_YEARS_AHEAD);
    year = Math.floor(new Date(latest).getUTCFullYear() / 100) * 100 + Number(parts.shortYear);
    while (midnightOf(year) + clockMs > latest) year -= 100;
  }
  const midnight = new Date(midnightOf(year));
  if (midnight.getUTCMonth() !== monthIndex || midnight.getUTCDate() !== day) return null;
  if (DAYS[midnight.getUTCDay()] !== parts.weekday?.slice(0, 3)) return null;
  return midnight.getTime() + clockMs;
}
