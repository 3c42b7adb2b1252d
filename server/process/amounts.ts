// Sizes and times as sentences for operators say them.

const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"];

/** `1536` is `1.5 KiB`. */
export function inBytes(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  const amount = bytes / 1024 ** power;
  return `${amount < 10 && power > 0 ? amount.toFixed(1) : Math.round(amount)} ${UNITS[power]}`;
}

/** `90` is `90 s`, `7200` is `2 h`. */
export function inSeconds(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}
