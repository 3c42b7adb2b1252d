// Everything that the database can be asked, over two sessions that write nothing.
import { fingerprintOf } from "#server/crypto/secrets.ts";
import { masterKeyOf } from "#server/database/master-key.ts";
import { listPending, MigrationError } from "#server/database/migrate.ts";
import { PrimaryClient } from "#server/database/primary-client.ts";
import { readGauges } from "#server/gateway/ops.sql.ts";
import { withoutUrlPasswords } from "#server/process/log.ts";
import { DAYS_ON_DISK, type DayOnDisk } from "#server/retention/database-days.sql.ts";
import { daysAhead, listPartitions } from "#server/retention/partitions.ts";
import { explainConnection } from "#server/start/preflight.ts";
import {
  askReadOnly,
  PROCESSES,
  SERVER,
  SETTING_NAMES,
  SETTINGS,
  type ServerFacts,
  type Settings,
} from "./facts.sql.ts";
import { type Finding, fail, ok, unknown } from "./finding.ts";
import { judgeClock, judgeServer } from "./judge-server.ts";
import { judgeSettings } from "./judge-settings.ts";
import { judgeKey, judgePartitions, judgePending, judgeWork, RUNNERS_PER_WORKER } from "./judge-work.ts";

const CONNECT_MS = 3_000;
const TRIES = 5;

export interface DatabaseLook {
  findings: Finding[];
  /** Undefined where nothing could be read. */
  days?: DayOnDisk[];
  /** The directory of the server's data, on whichever machine that is; undefined where our user may not see it. */
  directory?: string;
}

interface LookOptions {
  secret: string | undefined;
  otherSecret: string | undefined;
  nowMs: () => number;
}

/** Runs `look` with a session that looks alone; resolves to why there is none where the database does not answer. */
export async function withSession<T>(
  databaseUrl: string,
  look: (client: PrimaryClient) => Promise<T>,
): Promise<T | { unreachable: string }> {
  const client = new PrimaryClient({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_MS,
    application_name: "switchyard doctor",
  });
  try {
    await client.connect();
  } catch (error) {
    return { unreachable: explainConnection(error, databaseUrl) };
  }
  try {
    return await look(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

export async function lookAtDatabase(databaseUrl: string, options: LookOptions): Promise<DatabaseLook> {
  const looked = await withSession(databaseUrl, async (client) => {
    const other = await withSession(databaseUrl, (second) => isPooled(client, second));
    const pooler = typeof other === "boolean" ? judgePooler(other) : unknown("pooler", other.unreachable);
    const look = await lookWith(client, options, isLocal(databaseUrl));
    return { ...look, findings: [pooler, ...look.findings] };
  });
  return "unreachable" in looked
    ? { findings: [fail("database", looked.unreachable, "Nothing else can be read from it until it answers.")] }
    : looked;
}

const pidOf = async (client: PrimaryClient) =>
  (await client.query<{ pid: number }>("select pg_backend_pid() as pid")).rows[0]?.pid;

/** Whether statements of one session are served by several, or several sessions by one. */
async function isPooled(one: PrimaryClient, other: PrimaryClient): Promise<boolean> {
  const own = await pidOf(one);
  for (let i = 0; i < TRIES; i++) if ((await pidOf(one)) !== own) return true;
  await other.query("begin read only");
  const others = await pidOf(other);
  await other.query("rollback");
  return others === own;
}

const judgePooler = (isBetween: boolean): Finding =>
  isBetween
    ? fail(
        "pooler",
        "A pooler in transaction mode is in between: sessions that wait for news hear nothing through it.",
        "Give DATABASE_URL the address of Postgres itself, or let the pooler keep sessions (pool_mode = session).",
      )
    : ok("pooler", "A session stays with its server.");

/** Whether the URL leads to this machine, as it is written. */
function isLocal(databaseUrl: string): boolean {
  const url = URL.parse(databaseUrl.replace("@/", "@localhost/"));
  const host = url?.searchParams.get("host") ?? url?.hostname ?? "";
  return host.startsWith("/") || ["localhost", "127.0.0.1", "[::1]", "::1"].includes(host);
}

async function lookWith(client: PrimaryClient, options: LookOptions, isSameMachine: boolean): Promise<DatabaseLook> {
  const settings = await readSettings(client);
  const startedAtMs = options.nowMs();
  const [facts] = await askReadOnly<ServerFacts>(client, SERVER);
  const endedAtMs = options.nowMs();
  if (!facts) throw new Error("Postgres says nothing of itself.");
  const aheadMs = (startedAtMs + endedAtMs) / 2 - Number(facts.now_ms);
  const hasTables = (
    await askReadOnly<{ found: boolean }>(client, "select to_regclass('master_key') is not null as found")
  )[0]?.found;
  const processes = { gateway: 0, web: 1, worker: 0, ...(hasTables && (await readProcesses(client))) };
  const findings = [
    ...judgeSettings(settings, facts, processes),
    ...judgeServer(facts),
    judgeClock(aheadMs, endedAtMs - startedAtMs, isSameMachine),
    await lookAtMigrations(client),
  ];
  const { data_directory: directory } = settings;
  const seen = { ...(isSameMachine && directory && { directory }) };
  if (!hasTables) return { findings, ...seen };
  findings.push(...(await lookAtWork(client, options)));
  const days = await askReadOnly<DayOnDisk>(client, DAYS_ON_DISK.text, DAYS_ON_DISK.values);
  return { findings, days, ...seen };
}

async function readSettings(client: PrimaryClient): Promise<Settings> {
  const rows = await askReadOnly<{ name: string; setting: string }>(client, SETTINGS, [SETTING_NAMES]);
  return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
}

async function readProcesses(client: PrimaryClient): Promise<{ gateway: number; worker: number }> {
  const [row] = await askReadOnly<{ gateways: number; runners: number }>(client, PROCESSES);
  return { gateway: row?.gateways ?? 0, worker: Math.ceil((row?.runners ?? 0) / RUNNERS_PER_WORKER) };
}

async function lookAtMigrations(client: PrimaryClient): Promise<Finding> {
  try {
    return judgePending(await listPending(client));
  } catch (error) {
    if (error instanceof MigrationError) return fail("migrations", error.message, "A start is refused until then.");
    throw error;
  }
}

/** What a database that was migrated by half lacks is no reason to say nothing of the rest. */
async function orUnknown(check: string, look: () => Promise<Finding | Finding[]>): Promise<Finding[]> {
  try {
    return [await look()].flat();
  } catch (error) {
    return [unknown(check, `It could not be read: ${withoutUrlPasswords((error as Error).message)}.`)];
  }
}

async function lookAtWork(client: PrimaryClient, { secret, otherSecret, nowMs }: LookOptions): Promise<Finding[]> {
  const given = secret === undefined ? [] : [secret, ...(otherSecret === undefined ? [] : [otherSecret])];
  const reading = {
    query: (text: string, values?: unknown[]) => askReadOnly(client, text, values).then((rows) => ({ rows })),
  };
  const readOnly = reading as unknown as Parameters<typeof readGauges>[0];
  return [
    ...(await orUnknown("key", async () =>
      judgeKey(await masterKeyOf((sql) => askReadOnly(client, sql)), given.map(fingerprintOf)),
    )),
    ...(await orUnknown("partitions", async () => judgePartitions(daysAhead(await listPartitions(readOnly), nowMs())))),
    ...(await orUnknown("workers", async () => {
      const { workers, ...gauges } = await readGauges(readOnly);
      return judgeWork({ runners: workers, ...gauges });
    })),
  ];
}
