// The work that waits, and who does it. Pure.
import { inSeconds } from "#server/process/amounts.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";

/** A worker has four runners, each with a heartbeat. */
export const RUNNERS_PER_WORKER = 4;
const LATE_SECONDS = 60;
const VERY_LATE_SECONDS = 600;
const MANY_HAND_OFFS = 1_000;
const NAMED_PENDING = 3;

export interface WorkFacts {
  /** Heartbeats of the last 15 s. */
  runners: number;
  oldestDueSeconds: number;
  handOffs: number;
  deferredBranches: number;
}

export function judgeWork({ runners, oldestDueSeconds, handOffs, deferredBranches }: WorkFacts): Finding[] {
  const workers = Math.ceil(runners / RUNNERS_PER_WORKER);
  const alive =
    workers === 0
      ? fail("workers", "None has a fresh heartbeat: nothing is delivered.", "Start one: npm start, or npm run worker.")
      : ok("workers", `${workers} live${workers === 1 ? "s" : ""}.`);
  const said = `The event that is due longest waits for ${inSeconds(oldestDueSeconds)}; ${handOffs} flushes and ${deferredBranches} branches wait for routing`;
  const remedy = "Start more workers, or see the page Issues for what holds deliveries up.";
  if (oldestDueSeconds > VERY_LATE_SECONDS) return [alive, fail("backlog", `${said}.`, remedy)];
  if (oldestDueSeconds > LATE_SECONDS || handOffs > MANY_HAND_OFFS) return [alive, warn("backlog", `${said}.`, remedy)];
  return [alive, ok("backlog", `${said}.`)];
}

/** @param daysAhead whole days after today for which every big table has partitions */
export function judgePartitions(daysAhead: number): Finding {
  if (daysAhead < 0)
    return fail(
      "partitions",
      "There is none for today: no webhook can be stored.",
      "Start a worker, which makes them.",
    );
  const said = `They reach ${daysAhead} day${daysAhead === 1 ? "" : "s"} ahead`;
  return daysAhead < 2
    ? warn(
        "partitions",
        `${said}: nobody has made new ones for a while.`,
        "See why no worker does: its log, and the check workers.",
      )
    : ok("partitions", `${said}.`);
}

export function judgePending(pending: readonly string[]): Finding {
  if (pending.length === 0) return ok("migrations", "The tables are as this version needs them.");
  const more = pending.length > NAMED_PENDING ? ` and ${pending.length - NAMED_PENDING} more` : "";
  const named = pending.slice(0, NAMED_PENDING).join(", ");
  return warn(
    "migrations",
    `To be applied: ${named}${more}.`,
    "The next npm start applies them, and so does npm run admin -- migrate.",
  );
}

/** @param stored the fingerprint of the secret that the database belongs to; null before its first start */
export function judgeKey(stored: string | null, given: readonly string[]): Finding {
  const [own, other] = given;
  if (own === undefined)
    return fail(
      "key",
      "SWITCHYARD_SECRET is not set, and none is kept in DATA_DIR.",
      "Set it as the running processes have it.",
    );
  if (stored === null) return ok("key", "The database belongs to no secret yet.");
  if (stored === own) return ok("key", `The database belongs to our SWITCHYARD_SECRET (${own}).`);
  return stored === other
    ? warn(
        "key",
        `The database still belongs to SWITCHYARD_OTHER_SECRET (${other}).`,
        "Once all processes have both, run npm run admin -- secret rotate.",
      )
    : fail(
        "key",
        `The database belongs to another SWITCHYARD_SECRET (${stored}, ours is ${own}).`,
        "Give the one that encrypted its secrets.",
      );
}
