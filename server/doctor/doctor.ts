// `admin doctor`: looks at everything that an installation stands on, beside a live system, and changes nothing.
import { join, resolve } from "node:path";
import { makeByteSeals } from "#server/crypto/byte-seal.ts";
import type { Env } from "#server/env.ts";
import { withoutUrlPasswords } from "#server/process/log.ts";
import { SPOOL_KEY_PURPOSE } from "#server/spool/sealed-arrival.ts";
import { type Finding, fail, unknown } from "./finding.ts";
import { judgeSpool } from "./judge-spool.ts";
import { type DatabaseLook, lookAtDatabase } from "./look-at-database.ts";
import { lookAtDisks, lookAtMemory, lookAtPorts } from "./look-at-machine.ts";
import { lookAtBuckets, lookAtMail, lookAtPublicUrl } from "./look-outside.ts";

const PATIENCE_MS = 8_000;

export interface Patient {
  env: Env;
  /** Or why there is none. */
  database: { url: string } | { away: string };
  /** SWITCHYARD_SECRET, or the one that DATA_DIR keeps. */
  secret: string | undefined;
  nowMs: () => number;
}

/** Looks at everything. Never rejects: what could not be looked at is a finding. */
export async function examine(patient: Patient): Promise<Finding[]> {
  const { env, database, secret } = patient;
  const url = "url" in database ? database.url : undefined;
  const secrets = secret === undefined ? undefined : { secret, otherSecret: env.otherSecret };
  const [databaseAndDisks, ...others] = await Promise.all([
    lookOrSay("database", () => lookAtDatabaseAndDisks(patient)),
    lookOrSay("memory", async () => [lookAtMemory()]),
    lookOrSay("ports", () => lookAtPorts(env)),
    lookOrSay("public URL", async () =>
      secrets
        ? [await lookAtPublicUrl(env.publicGatewayUrl, secrets)]
        : [unknown("public URL", "Without SWITCHYARD_SECRET nobody can prove to be ours.")],
    ),
    lookOrSay("spool", () => lookAtSpoolOf(patient)),
    lookOrSay("mail", async () => [await lookAtMail(env.mail)]),
    lookOrSay("buckets", async () => (url && secrets ? lookAtBuckets(url, env, secrets) : [])),
  ]);
  return [...databaseAndDisks, ...others.flat()];
}

async function lookAtDatabaseAndDisks({ env, database, secret, nowMs }: Patient): Promise<Finding[]> {
  const looked: DatabaseLook =
    "url" in database
      ? await lookAtDatabase(database.url, { secret, otherSecret: env.otherSecret, nowMs })
      : { findings: [fail("database", database.away, "Nothing else can be read from it until then.")] };
  const isEmbedded = env.databaseUrl === undefined;
  const dataDir = isEmbedded ? resolve(env.dataDir) : undefined;
  const databaseDir = env.databaseDisk ?? (dataDir === undefined ? looked.directory : join(dataDir, "postgres"));
  const { days } = looked;
  const disks = { dataDir, databaseDir, days, retentionDays: env.retentionDays, nowMs: nowMs() };
  return [...looked.findings, ...(await lookOrSay("disk", () => lookAtDisks(disks)))];
}

async function lookAtSpoolOf({ env: { spool, otherSecret }, secret, nowMs }: Patient): Promise<Finding[]> {
  if (!spool) return [];
  // Few have one: what speaks with it is loaded where it is.
  const { lookAtSpool } = await import("#server/spool/look-at-spool.ts");
  const seals = secret === undefined ? undefined : makeByteSeals(SPOOL_KEY_PURPOSE, secret, otherSecret);
  return judgeSpool(await lookAtSpool(spool, seals), spool, nowMs());
}

/** What hangs or breaks is said, and keeps nobody else from being looked at. */
async function lookOrSay(check: string, look: () => Promise<Finding[]>): Promise<Finding[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding[]>((resolve) => {
    const says = `It did not answer within ${PATIENCE_MS / 1_000} s.`;
    timer = setTimeout(resolve, PATIENCE_MS, [
      fail(check, says, "See whether the machine or the network is overloaded."),
    ]);
  });
  const looked = look().catch((error: unknown) => [
    unknown(
      check,
      `It could not be looked at: ${withoutUrlPasswords(error instanceof Error ? error.message : String(error))}.`,
    ),
  ]);
  return Promise.race([looked, late]).finally(() => clearTimeout(timer));
}

export const isHealthy = (findings: readonly Finding[]): boolean => findings.every(({ verdict }) => verdict !== "fail");

const MARKS: Record<Finding["verdict"], string> = { ok: "ok  ", warn: "WARN", fail: "FAIL", unknown: "?   " };

/** One line for each, and its remedy below. */
export function printFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, verdict, says, remedy }) => [
    `${MARKS[verdict]}  ${check.padEnd(width)}  ${says}`,
    ...(remedy === undefined ? [] : [`${" ".repeat(width + 8)}${remedy}`]),
  ]);
  const count = (wanted: Finding["verdict"]) => findings.filter(({ verdict }) => verdict === wanted).length;
  return [
    ...lines,
    "",
    `${count("ok")} ok, ${count("warn")} to look at, ${count("fail")} failed, ${count("unknown")} not known from here.`,
  ].join("\n");
}
