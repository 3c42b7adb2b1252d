/**
 * For a statement that may find everything done: a commit waits for the standbys only when it wrote something, so this writes to the
 * log, and to no table. What was committed before it has reached them as well by then.
 */
export const WAIT_FOR_STANDBYS = "pg_logical_emit_message(true, 'switchyard', '')";
