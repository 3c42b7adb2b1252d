// The lease of an endpoint. Without a schema, so that the pages can reckon with it.

export const MIN_TTL_SECONDS = 10;
export const MAX_TTL_SECONDS = 30 * 86_400;
export const MIN_GRACE_SECONDS = 60;
export const MAX_GRACE_SECONDS = 3_600;

/** As long as an endpoint is held after its lease has run out, before it is removed: its lease once more, within bounds. */
export const graceSeconds = (ttlSeconds: number): number =>
  Math.min(Math.max(ttlSeconds, MIN_GRACE_SECONDS), MAX_GRACE_SECONDS);

/** The renewals that are kept. */
export const KEPT_RENEWALS = 10;
