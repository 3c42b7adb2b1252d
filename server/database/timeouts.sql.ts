/**
 * Ends the time limits of a session, and returns their names. Whoever set them for the role had statements of a page in mind.
 * Not every Postgres has all of them.
 */
export const WITHOUT_TIMEOUTS = `
select name, set_config(name, '0', false) from pg_settings where name in ('statement_timeout', 'lock_timeout',
  'transaction_timeout', 'idle_in_transaction_session_timeout', 'idle_session_timeout')`;
