// Errors that say that the database is away for now: nobody answers, it stops or starts, it is full, it is no primary any
// more, or a commit is not known to be safe. The same statement may go through later, and may have committed already.

const CODES = [
  // SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html): connection, with 08007 for an unknown outcome;
  "08[0-9A-Z]{3}",
  // a transaction that may only read, as on a standby; time limits of a session;
  "25006",
  "25P0[34]",
  // serialization, deadlock; out of disk, memory or connections; shutdown, crash, start.
  "40001",
  "40P01",
  "53[0-9A-Z]{3}",
  "57P0[1-5]",
  // Codes of the operating system.
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EAI_AGAIN",
  "EHOSTDOWN",
  "EHOSTUNREACH",
  "ENETDOWN",
  "ENETUNREACH",
  "ENOENT",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
].join("|");
const IS_AWAY = new RegExp(`^(?:${CODES})$`);
const QUOTES_AWAY = new RegExp(`\\b(?:${CODES})\\b`);
/** Messages of `pg` without a code. */
const AWAY_TEXT =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable/;

/**
 * Whether an error of `pg` means that the database is away for now, not that it refused. The statement may or may not have
 * committed.
 */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ("code" in error && IS_AWAY.test(String(error.code))) || AWAY_TEXT.test(error.message);
}

/** Whether the text of another library's error quotes a code that means the same. */
export const quotesDatabaseAway = (text: string): boolean => QUOTES_AWAY.test(text);
