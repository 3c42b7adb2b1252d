/** Below this zoom rows become lower, and type stays as large as it is. */
export const COMPACT_BELOW = 0.6;
