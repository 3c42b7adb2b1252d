// A forecast of what will be kept, if the traffic of the last day goes on. Pure.
interface Kept {
  /** All that is kept now. */
  bytes: number;
  /** What a day adds. */
  bytesPerDay: number;
  /** How old the oldest of it is. */
  ageDays: number;
}

/** Bytes kept `afterDays` from now when everything goes after `keptDays`: what is young enough of today's, and what came since. */
export function bytesAfter({ bytes, bytesPerDay, ageDays }: Kept, keptDays: number, afterDays: number): number {
  const left = Math.min(ageDays, Math.max(0, keptDays - afterDays));
  const old = ageDays === 0 ? (keptDays > afterDays ? bytes : 0) : (bytes * left) / ageDays;
  return old + Math.min(afterDays, keptDays) * bytesPerDay;
}

/** The first day on which more is kept than there is room for; null where it settles before. */
export function fullInDays(kept: Kept, keptDays: number, freeBytes: number): number | null {
  const roomBytes = kept.bytes + freeBytes;
  // From then on a day takes as much as it adds.
  for (let day = 0; day <= keptDays; day++) if (bytesAfter(kept, keptDays, day) > roomBytes) return day;
  return null;
}
