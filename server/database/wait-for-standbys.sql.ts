/**
 * Makes a commit wait for the standbys although its statement may find everything done. A commit waits only when it wrote
 * something, so this writes to the log and to no table. Everything committed before has then reached the standbys as well.
 */
export const WAIT_FOR_STANDBYS = "pg_logical_emit_message(true, 'switchyard', '')";
