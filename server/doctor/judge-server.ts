// The state of a Postgres that runs: its age, what holds it back, what it has not cleaned up. Pure.

import { inBytes, inSeconds } from "#server/process/amounts.ts";
import type { ServerFacts } from "./facts.sql.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";

const LONG_TRANSACTION_SECONDS = 300;
const VERY_LONG_TRANSACTION_SECONDS = 3_600;
const LARGE_SLOT_BYTES = 2 ** 30;
/** Postgres refuses to write some 3 million before 2^31. */
const OLD_TRANSACTIONS = 1_000_000_000;
const TOO_OLD_TRANSACTIONS = 1_800_000_000;
const CLOCK_OFF_MS = 1_000;
/** A row finds its partition by the clock of the process, and leases end by that of the database. */
const CLOCK_FAR_OFF_MS = 30_000;

export function judgeServer(facts: ServerFacts): Finding[] {
  return [judgePrimary(facts), judgeTransactions(facts), judgeDeadRows(facts), judgeLeftBehind(facts), judgeAge(facts)];
}

const judgePrimary = ({ is_standby: isStandby }: ServerFacts): Finding =>
  isStandby
    ? fail(
        "primary",
        "DATABASE_URL leads to a standby, which only reads.",
        "Give it the address that follows the primary.",
      )
    : ok("primary", "DATABASE_URL leads to the server that writes.");

function judgeTransactions({
  oldest_transaction: seconds,
  oldest_transaction_of: name,
  prepared,
}: ServerFacts): Finding {
  if (prepared > 0)
    return warn(
      "transactions",
      `${prepared} prepared transaction${prepared === 1 ? "" : "s"} of somebody else hold back the cleaning of all tables.`,
      "Look at pg_prepared_xacts, and commit or roll them back.",
    );
  const said = `The oldest transaction is ${inSeconds(seconds)} old${name ? ` (${name})` : ""}`;
  const remedy = "Look at pg_stat_activity for who holds it, and end it; a backup ends by itself.";
  if (seconds > VERY_LONG_TRANSACTION_SECONDS)
    return fail("transactions", `${said}: nothing is cleaned up meanwhile.`, remedy);
  if (seconds > LONG_TRANSACTION_SECONDS)
    return warn("transactions", `${said}: nothing is cleaned up meanwhile.`, remedy);
  return ok("transactions", "Nobody holds one open for long.");
}

function judgeDeadRows({ dead_table: table, dead_rows: dead, live_rows: live }: ServerFacts): Finding {
  return table === null
    ? ok("dead rows", "No table has more dead rows than live ones.")
    : warn(
        "dead rows",
        `${table} has ${dead} dead rows beside ${live} live ones.`,
        "Look for a long transaction first; else vacuum the table, and see whether autovacuum comes through.",
      );
}

function judgeLeftBehind({ slot_bytes: bytes, archive_failed: hasFailed }: ServerFacts): Finding {
  if (bytes > LARGE_SLOT_BYTES)
    return fail(
      "WAL that is kept",
      `A replication slot that nobody reads keeps ${inBytes(bytes)}, until the disk is full.`,
      "Start its reader, or drop it: select pg_drop_replication_slot(…).",
    );
  if (hasFailed)
    return fail(
      "WAL that is kept",
      "The last try to archive WAL has failed, so it stays on the disk, and no point in time after it can be restored.",
      "Look at pg_stat_archiver and Postgres's log for what archive_command says.",
    );
  return ok("WAL that is kept", "Nobody holds any back.");
}

function judgeAge({ age }: ServerFacts): Finding {
  const said = `The oldest row is ${Math.round(age / 1e6)} million transactions old`;
  const remedy = "Vacuum the database as its owner, and see what holds autovacuum back.";
  if (age > TOO_OLD_TRANSACTIONS) return fail("age", `${said}: at 2,144 Postgres stops to write.`, remedy);
  return age > OLD_TRANSACTIONS ? warn("age", `${said}.`, remedy) : ok("age", `${said}.`);
}

/** @param aheadMs how far our clock is ahead of the database's @param uncertainMs the answer took that long */
export function judgeClock(aheadMs: number, uncertainMs: number, isSameMachine: boolean): Finding {
  const off = Math.max(0, Math.abs(aheadMs) - uncertainMs);
  const said = `Our clock is ${Math.round(Math.abs(aheadMs))} ms ${aheadMs < 0 ? "behind" : "ahead of"} the database's`;
  const remedy = "Let chrony or systemd-timesyncd set the clocks of all machines.";
  if (off > CLOCK_FAR_OFF_MS) return fail("clock", `${said}.`, remedy);
  if (off > CLOCK_OFF_MS) return warn("clock", `${said}.`, remedy);
  return isSameMachine
    ? ok("clock", "The database has the same clock; whether it is right cannot be known from here.")
    : ok("clock", "Our clock and the database's agree.");
}
