/** The time of day, in UTC, at which expired data is removed. */
export const PURGE_AT = { hour: 3, minute: 41 };

/** The next such time after `now`. */
export function nextPurge(now: Date): Date {
  const at = new Date(now);
  at.setUTCHours(PURGE_AT.hour, PURGE_AT.minute, 0, 0);
  if (at <= now) at.setUTCDate(at.getUTCDate() + 1);
  return at;
}
