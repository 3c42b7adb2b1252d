// The days of a zone. Postgres groups rows by the same midnights (`date_trunc` with a zone).
const DAY_MS = 86_400_000;

/** Reads what a clock in the zone shows, as if it were UTC. */
function wallClock(zone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return (ms) => {
    const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  };
}

/** The midnights from the last one at or before `startMs` on, as long as they come before `endMs`. */
export function midnights(zone: string, startMs: number, endMs: number): number[] {
  const wallAt = wallClock(zone);
  const found: number[] = [];
  for (let wall = Math.floor(wallAt(startMs) / DAY_MS) * DAY_MS; ; wall += DAY_MS) {
    const guesses = [wall - DAY_MS, wall + DAY_MS].map((near) => wall - (wallAt(near) - near));
    const exact = guesses.filter((ms) => wallAt(ms) === wall);
    // Where midnight comes twice it is the second. Where clocks jump over it the day begins when they have.
    const midnight = Math.max(...(exact.length > 0 ? exact : guesses));
    if (midnight >= endMs) return found;
    found.push(midnight);
  }
}
