// The periods of a rate, without a schema, so that a page can count with them and needs no more of the contracts.

/** Milliseconds of whole periods. */
export const RATE_PERIOD_MS = { second: 1_000, minute: 60_000, hour: 3_600_000 } as const;
export type RatePeriod = keyof typeof RATE_PERIOD_MS;
