/**
 * Stands for the connection of a debug copy. A copy is on none: no pause or deletion of a connection reaches it, no number of a
 * connection counts it.
 */
export const DEBUG_COPIES = "debug_copy";
