const UNITS: readonly [name: string, ms: number][] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
];

/** A length of time in its two largest units: `412 ms`, `58.5 s`, `3 min 10 s`, `2 h`, `3 d 4 h`. */
export function spanWords(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(Math.floor(ms / 100) / 10).toFixed(ms % 1000 === 0 ? 0 : 1)} s`;
  const first = UNITS.findIndex(([, unitMs]) => ms >= unitMs);
  const [[name, unitMs] = ["d", 86_400_000], smaller] = [UNITS[first], UNITS[first + 1]];
  const stepMs = smaller?.[1] ?? unitMs;
  const rounded = Math.round(ms / stepMs) * stepMs;
  const rest = smaller ? (rounded % unitMs) / stepMs : 0;
  return `${Math.floor(rounded / unitMs)} ${name}${rest > 0 && smaller ? ` ${rest} ${smaller[0]}` : ""}`;
}
