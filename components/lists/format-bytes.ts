const KILOBYTE = 1000;

/** `612 B`, `1.8 KB`, `10.5 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < KILOBYTE) return `${bytes} B`;
  // What would round up to 1000.0 KB is 1.0 MB.
  const isMega = bytes >= 999_950;
  return `${(bytes / (isMega ? KILOBYTE * KILOBYTE : KILOBYTE)).toFixed(1)} ${isMega ? "MB" : "KB"}`;
}
