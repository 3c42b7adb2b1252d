// The clock on the wall in a time zone. Twice a year it skips an hour or shows one twice. Pure.

const DAY_MS = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const digits = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" } as const;
  const made = new Intl.DateTimeFormat("en-US", {
    ...digits,
    second: "numeric",
    hourCycle: "h23",
    era: "short",
    timeZone,
  });
  formats.set(timeZone, made);
  return made;
}

/** The clock at an instant, as the milliseconds that a clock in UTC would show then. */
export function wallAt(ms: number, timeZone: string): number {
  const part: Record<string, number> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(ms)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((ms % 1_000) + 1_000) % 1_000);
}

const offsetAt = (ms: number, timeZone: string): number => wallAt(ms, timeZone) - ms;

/** The instants at which the clock shows this: two where an hour comes twice, none where it is skipped. */
function showing(wallMs: number, timeZone: string): number[] {
  const offsets = new Set([offsetAt(wallMs - DAY_MS, timeZone), offsetAt(wallMs + DAY_MS, timeZone)]);
  return [...offsets]
    .map((offset) => wallMs - offset)
    .filter((ms) => wallAt(ms, timeZone) === wallMs)
    .sort((a, b) => a - b);
}

/** The instant at which the clock jumps over what it never shows. */
function jumpOver(wallMs: number, timeZone: string): number {
  const before = offsetAt(wallMs - DAY_MS, timeZone);
  let [low, high] = [wallMs - DAY_MS, wallMs + DAY_MS];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle, timeZone) === before) low = middle;
    else high = middle;
  }
  return high;
}

/** The first instant at which the clock has come to this. */
export const firstAt = (wallMs: number, timeZone: string): number =>
  showing(wallMs, timeZone)[0] ?? jumpOver(wallMs, timeZone);

/** The instant after which the clock shows nothing before this any more. */
export function lastBefore(wallMs: number, timeZone: string): number {
  const last = showing(wallMs - 1, timeZone).at(-1);
  return last === undefined ? jumpOver(wallMs - 1, timeZone) : last + 1;
}
