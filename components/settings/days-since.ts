/** Whole days since an instant. */
export const daysSince = (iso: string, nowMs: number): number => Math.floor((nowMs - Date.parse(iso)) / 86_400_000);
