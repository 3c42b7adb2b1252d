/** What lets people in here besides a password. */
export interface SignInWays {
  /** Whether anybody may come in by one here. */
  hasPasskeys: boolean;
  /** What people call the company's own log-in; null where there is none. */
  provider: string | null;
}
