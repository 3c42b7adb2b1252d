/** Postgres's advisory locks that we take. They are numbers of one database: two of a number would wait for each other. */
export const ADVISORY_LOCKS = {
  /** The one that Prisma's own CLI takes, so that the two never migrate at once. */
  migrate: 72_707_369,
  /** Two starts over one database. */
  bootstrap: 727_078,
  partitions: 727_079,
  /** The making and unmaking of the first owner. */
  owner: 727_080,
  /** Of two folds that replace a sum, the later one must have seen more. */
  foldRollups: 727_081,
  /** Two tabs of somebody whom their company's log-in brings for the first time. */
  providerPerson: 727_082,
  /** Codes by e-mail that are asked for at the same moment are counted one after the other. */
  mailCodes: 727_083,
  /** With a number of the team: two files that are applied at once would each plan without the other. */
  flows: 727_084,
  /** With a number of the team: of two starts of one plan, the second sees the operation of the first. */
  bulk: 727_086,
  /** Gateways that would drain the spool side by side would mix up its order. */
  spool: 727_085,
} as const;
