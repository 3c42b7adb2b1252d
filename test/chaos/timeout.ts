/** The patience of every destination of a run: long enough for a busy machine, short enough for receivers that hang. */
export const TIMEOUT_MS = 5_000;
