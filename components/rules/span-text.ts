// Lengths of time as people type them: `90`, `5 min`, `1 h 30 min`. Pure.

const UNITS_MS: Record<string, number> = { d: 86_400_000, h: 3_600_000, min: 60_000, s: 1000, ms: 1 };
const NAMES: Record<string, string> = {
  d: "d",
  day: "d",
  days: "d",
  h: "h",
  hour: "h",
  hours: "h",
  m: "min",
  min: "min",
  mins: "min",
  minute: "min",
  minutes: "min",
  s: "s",
  sec: "s",
  second: "s",
  seconds: "s",
  ms: "ms",
};
const PIECE = /\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*/y;

/** Milliseconds; null for what is no length of time. A number alone is seconds. */
export function readSpan(text: string): number | null {
  const wanted = text.trim().toLowerCase();
  let ms = 0;
  PIECE.lastIndex = 0;
  while (PIECE.lastIndex < wanted.length) {
    const [, number, name] = PIECE.exec(wanted) ?? [];
    const unit = UNITS_MS[NAMES[name === "" ? "s" : (name ?? "")] ?? ""];
    if (number === undefined || unit === undefined) return null;
    ms += Number(number) * unit;
  }
  return wanted === "" ? null : Math.round(ms);
}

/** The whole length, to the millisecond, so that it reads back as it was: `1 h 30 min`. */
export function spanText(ms: number): string {
  let left = ms;
  const pieces: string[] = [];
  for (const [name, unitMs] of Object.entries(UNITS_MS)) {
    const count = Math.floor(left / unitMs);
    if (count > 0) pieces.push(`${count} ${name}`);
    left -= count * unitMs;
  }
  return pieces.join(" ") || "0 s";
}
