const MOST = 255;

/** The keys that can still be used, or could until they ended. */
export const ACTIVE_KEYS = { revoked: false, limit: MOST };
export const REVOKED_KEYS = { revoked: true, limit: MOST };
