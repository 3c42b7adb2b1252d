// Lengths of time as a person writes them. Pure.
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };
const ORDER = ["d", "h", "min", "s", "ms"] as const;
const SPELLINGS: Readonly<Record<string, string>> = {
  m: "min",
  sec: "s",
  second: "s",
  seconds: "s",
  minute: "min",
  minutes: "min",
  hour: "h",
  hours: "h",
  day: "d",
  days: "d",
};
const PART = /(\d+(?:\.\d+)?)\s*([a-z]*)/gi;

/** `90 s`, `1 min`, `6 h`: in the largest unit that says it exactly. */
export function durationWords(ms: number): string {
  const unit = ORDER.find((name) => ms % (UNITS[name] ?? 1) === 0) ?? "ms";
  return ms === 0 ? "0 s" : `${ms / (UNITS[unit] ?? 1)} ${unit}`;
}

/**
 * The milliseconds of a text such as `15`, `15 s` or `1 h 30 min`; undefined where it is none.
 * @param bare the unit of a number without one
 */
export function readDuration(text: string, bare: "ms" | "s" = "s"): number | undefined {
  const trimmed = text.trim();
  if (trimmed === "" || trimmed.replace(PART, "").trim() !== "") return undefined;
  let total = 0;
  for (const [, number = "", word = ""] of trimmed.matchAll(PART)) {
    const name = word === "" ? bare : (SPELLINGS[word.toLowerCase()] ?? word.toLowerCase());
    const unitMs = UNITS[name];
    if (unitMs === undefined) return undefined;
    total += Number(number) * unitMs;
  }
  return Math.round(total);
}
