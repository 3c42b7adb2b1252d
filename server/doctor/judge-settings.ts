// Settings of Postgres that a promise of ours stands on. Pure.

import { inBytes } from "#server/process/amounts.ts";
import type { ServerFacts, Settings } from "./facts.sql.ts";
import { type Finding, fail, ok, unknown, warn } from "./finding.ts";

const MIN_POSTGRES = 150_000;
const SMALL_WAL_BYTES = 2 ** 30;
const SMALL_BUFFERS_BYTES = 32 * 2 ** 20;
/** Maintenance, and a migration of a large table, may run for that long in one statement. */
const SHORT_STATEMENT_MS = 60_000;
/** A transaction of ours waits for the network in between, never for a person. */
const SHORT_IDLE_MS = 10_000;

/** What one process of each role opens at most: its pools, and a session that listens. */
export const MOST_CONNECTIONS = { gateway: 22, web: 17, worker: 21 } as const;

const SET = "set it in postgresql.conf or by alter system, and";

type Facts = Pick<ServerFacts, "synchronous" | "sessions">;

/** @param processes of ours that live, by role */
export function judgeSettings(
  settings: Settings,
  facts: Facts,
  processes: Record<keyof typeof MOST_CONNECTIONS, number>,
): Finding[] {
  return [
    judgeVersion(settings),
    judgeWritable(settings),
    ...judgeDurability(settings),
    judgeStandbys(settings, facts),
    judgeConnections(settings, facts, processes),
    judgeWal(settings),
    judgeBuffers(settings),
    judgeAutovacuum(settings),
    judgeTimeouts(settings),
    judgeEncoding(settings),
  ];
}

function judgeVersion({ server_version_num: text }: Settings): Finding {
  const version = Number(text);
  const said = `It is Postgres ${Math.floor(version / 10_000)}.${version % 10_000}.`;
  return version < MIN_POSTGRES
    ? fail("version", said, "Switchyard needs 15 or later: upgrade it.")
    : ok("version", said);
}

const judgeWritable = ({ default_transaction_read_only: readOnly }: Settings): Finding =>
  readOnly === "on"
    ? fail(
        "writing",
        "default_transaction_read_only is on: nothing can be stored.",
        "Find out who turned it on, as providers do when a disk is full, and reset it for the database and the role.",
      )
    : ok("writing", "Our sessions may write.");

function judgeDurability(settings: Settings): Finding[] {
  const found: Finding[] = [];
  for (const name of ["fsync", "full_page_writes"] as const) {
    if (settings[name] === "off") {
      const says = `${name} is off: a crash of the machine can lose what was acknowledged, or the whole database.`;
      found.push(fail("durability", says, `Turn ${name} on: ${SET} reload.`));
    }
  }
  const { synchronous_commit: commit, synchronous_standby_names: names } = settings;
  if (commit === "off") {
    const says = "synchronous_commit is off: a 2xx is answered before the webhook is on a disk.";
    found.push(
      fail("durability", says, "Turn synchronous_commit on, for the role and the database of DATABASE_URL too."),
    );
  } else if (names !== "" && (commit === "local" || commit === "remote_write")) {
    const says = `synchronous_commit is ${commit}: a fail-over can lose what was acknowledged.`;
    found.push(warn("durability", says, "Set synchronous_commit to on."));
  }
  return found.length > 0 ? found : [ok("durability", "A commit is on a disk before it is answered.")];
}

/** The standbys that a commit waits for: `FIRST 2 (a, b, c)`, `ANY 1 (*)`, `a, b` and `2 (a, b)`. */
export function standbysWanted(names: string): { wanted: number; named: number | null } {
  if (names.trim() === "") return { wanted: 0, named: 0 };
  const [, count = "1", list = names] = /^\s*(?:first\s+|any\s+)?(\d+)\s*\((.*)\)\s*$/is.exec(names) ?? [];
  const named = list.includes("*") ? null : list.split(",").length;
  return { wanted: Number(count), named };
}

function judgeStandbys({ synchronous_standby_names: names = "" }: Settings, { synchronous }: Facts): Finding {
  const { wanted, named } = standbysWanted(names);
  if (wanted === 0)
    return ok("standbys", "Commits wait for no standby: the disk of this one server keeps the promise.");
  if (synchronous === null)
    return unknown(
      "standbys",
      "Our user may not see the standbys.",
      "Grant it pg_monitor: grant pg_monitor to the user of DATABASE_URL.",
    );
  const said = `Commits wait for ${wanted} standby${wanted === 1 ? "" : "s"}, and ${synchronous} ${synchronous === 1 ? "is" : "are"} there`;
  if (synchronous < wanted)
    return fail(
      "standbys",
      `${said}: no webhook is acknowledged.`,
      "Start the standbys that are missing, or ask fewer of them in synchronous_standby_names.",
    );
  if (named !== null && named > synchronous)
    return warn(
      "standbys",
      `${said} of the ${named} that are named.`,
      "Start the standby that is missing: with one less nothing is acknowledged.",
    );
  return ok("standbys", `${said}.`);
}

function judgeConnections(
  { max_connections: max, superuser_reserved_connections: reserved = "0" }: Settings,
  { sessions }: Facts,
  processes: Record<keyof typeof MOST_CONNECTIONS, number>,
): Finding {
  const room = Number(max) - Number(reserved);
  const roles = Object.entries(MOST_CONNECTIONS).map(([role, each]) => ({
    count: processes[role as keyof typeof MOST_CONNECTIONS],
    role,
    each,
  }));
  const most = roles.reduce((sum, { count, each }) => sum + count * each, 0);
  const who = roles.map(({ count, role, each }) => `${count} × ${role} (${each})`).join(", ");
  const said = `${sessions} of ${room} connections are open, and our processes may need ${most}: ${who}`;
  const remedy = "Raise max_connections, and start Postgres anew, or run fewer processes.";
  if (sessions >= room - 3) return fail("connections", `${said}.`, remedy);
  return most > room ? warn("connections", `${said}.`, remedy) : ok("connections", `${said}.`);
}

function judgeWal({ max_wal_size: size, wal_level: level, archive_mode: archive }: Settings): Finding {
  if (Number(size) < SMALL_WAL_BYTES)
    return warn(
      "WAL",
      `max_wal_size is ${inBytes(Number(size))}: under load Postgres checkpoints all the time.`,
      "Set max_wal_size to 2GB and min_wal_size to 512MB, and reload.",
    );
  if (level === "minimal")
    return warn(
      "WAL",
      "wal_level is minimal: there can be no standby, and no restore to a point in time.",
      `Set wal_level to replica: ${SET} start Postgres anew.`,
    );
  const kept =
    archive === "off" ? "no archive is written, so a backup is all there is to restore" : "an archive is written";
  return ok("WAL", `It holds up to ${inBytes(Number(size))}; ${kept}.`);
}

function judgeBuffers({ shared_buffers: text }: Settings): Finding {
  const bytes = Number(text);
  return bytes < SMALL_BUFFERS_BYTES
    ? warn(
        "shared buffers",
        `They are ${inBytes(bytes)}.`,
        "Set shared_buffers to 128MB or more, and start Postgres anew.",
      )
    : ok("shared buffers", `They are ${inBytes(bytes)}.`);
}

function judgeAutovacuum({ autovacuum, track_counts: counts }: Settings): Finding {
  const off = autovacuum === "off" ? "autovacuum" : counts === "off" ? "track_counts" : undefined;
  return off === undefined
    ? ok("autovacuum", "It is on.")
    : fail("autovacuum", `${off} is off: tables grow without end, and get slower.`, `Turn ${off} on: ${SET} reload.`);
}

function judgeTimeouts(settings: Settings): Finding {
  const limits: [name: string, leastMs: number, why: string][] = [
    ["idle_session_timeout", Number.POSITIVE_INFINITY, "it ends sessions that wait for news"],
    ["statement_timeout", SHORT_STATEMENT_MS, "it breaks off maintenance"],
    ["transaction_timeout", SHORT_STATEMENT_MS, "it breaks off maintenance"],
    ["idle_in_transaction_session_timeout", SHORT_IDLE_MS, "a moment of a busy network breaks off a commit"],
  ];
  for (const [name, leastMs, why] of limits) {
    const ms = Number(settings[name] ?? 0);
    if (ms > 0 && ms < leastMs)
      return warn(
        "time limits",
        `${name} is ${ms} ms: ${why}.`,
        `Set ${name} to 0 for the user of DATABASE_URL: alter role … set ${name} = 0.`,
      );
  }
  return ok("time limits", "Postgres breaks off nothing of ours.");
}

function judgeEncoding({ server_encoding: encoding, TimeZone: zone }: Settings): Finding {
  return encoding === "UTF8"
    ? ok("encoding", `UTF8; times are kept without a zone in mind, and psql shows them in ${zone}.`)
    : fail(
        "encoding",
        `The database is in ${encoding}, and webhooks are in any language.`,
        "Make a database with encoding UTF8 (createdb -E UTF8 -T template0), and restore a backup into it.",
      );
}
