const KILOBYTE = 1000;

/** `612 B`, `1.8 KB`, `10.5 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < KILOBYTE) return `${bytes} B`;
  const isMega = bytes >= KILOBYTE * KILOBYTE;
  return `${(bytes / (isMega ? KILOBYTE * KILOBYTE : KILOBYTE)).toFixed(1)} ${isMega ? "MB" : "KB"}`;
}
