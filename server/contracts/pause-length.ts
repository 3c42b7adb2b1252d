/** A longer pause is better a disabled connection: its events would outlive what they are about. */
export const LONGEST_PAUSE_DAYS = 30;
export const LONGEST_PAUSE_MS = LONGEST_PAUSE_DAYS * 86_400_000;
