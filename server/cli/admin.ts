// npm run admin: teams and keys from the command line, for whoever can reach the database.
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { makeKeyring } from "#server/crypto/secrets.ts";
import { migrate, planMigrations } from "#server/database/migrate.ts";
import { makePrisma } from "#server/database/prisma.ts";
import { examine, isHealthy, printFindings } from "#server/doctor/doctor.ts";
import { type Env, loadEnv } from "#server/env.ts";
import { sealClearSecrets } from "#server/resources/seal-clear-secrets.ts";
import { findRunningPostgres } from "#server/start/running-postgres.ts";
import { readKeptSecret } from "#server/start/secret-file.ts";
import { StartError } from "#server/start/start-error.ts";
import { runAdmin, USAGE } from "./admin-commands.ts";
import { backUp, checkFile, keyIn, restoreFrom } from "./backup-commands.ts";
import { type PassphraseUse, readPassphrase } from "./passphrase.ts";
import { safeText } from "./safe-text.ts";

const isMistake = (error: unknown): error is Error =>
  error instanceof Error &&
  (["AppError", "EnvError", "MigrationError", "StartError"].includes(error.name) ||
    ("code" in error && String(error.code).startsWith("ERR_PARSE_ARGS")));

const UP_TO_DATE = "The tables are up to date.";

async function runMigrate(databaseUrl: string, isDry: boolean): Promise<void> {
  const names = isDry
    ? await planMigrations(databaseUrl)
    : await migrate(databaseUrl, { say: (sentence) => console.error(sentence) });
  if (names.length === 0) return console.log(UP_TO_DATE);
  console.log(isDry ? `To be applied:\n${names.join("\n")}` : `Applied ${names.join(", ")}.`);
}

const findEmbedded = (env: Env) => findRunningPostgres(resolve(join(env.dataDir, "postgres")));

const secretOf = async (env: Env) =>
  env.secret ?? (env.databaseUrl === undefined ? await readKeptSecret(resolve(env.dataDir)) : undefined);

async function runDoctor(env: Env, isJson: boolean): Promise<void> {
  const database = await (env.databaseUrl === undefined ? findEmbedded(env) : Promise.resolve(env.databaseUrl)).then(
    (url) => ({ url }),
    (error: unknown) => {
      if (error instanceof StartError) return { away: error.message };
      throw error;
    },
  );
  const secret = await secretOf(env);
  const findings = await examine({ env, database, secret, nowMs: Date.now });
  console.log(isJson ? JSON.stringify(findings, null, 2) : printFindings(findings));
  if (!isHealthy(findings)) process.exitCode = 1;
}

/** Aborts when somebody ends the command, so that it leaves nothing behind. */
function untilEnded(): AbortSignal {
  const over = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => over.abort());
  return over.signal;
}

interface BackupValues {
  "with-key"?: boolean;
  "passphrase-file"?: string;
}

/** `backup …` and `restore …`; undefined for other commands. */
async function runBackup(env: Env, words: string[], values: BackupValues): Promise<string | undefined> {
  const passphrase = (use: PassphraseUse) => readPassphrase(values["passphrase-file"], use);
  const surroundings = { passphrase, say: console.error };
  const [command, ...files] = words;
  if (command === "restore" && files.length < 2) return restoreFrom(files[0], env, surroundings);
  if (command !== "backup" || files.length > 2) return undefined;
  if (files[0] === "check") return checkFile(files[1]);
  if (files[0] === "key") return keyIn(files[1], surroundings);
  if (files.length > 1) return undefined;
  const [databaseUrl, secret] = [env.databaseUrl ?? (await findEmbedded(env)), await secretOf(env)];
  const withKey = values["with-key"] === true;
  return backUp(databaseUrl, { to: files[0], withKey, secret, signal: untilEnded() }, surroundings);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      team: { type: "string", multiple: true },
      name: { type: "string" },
      scope: { type: "string" },
      can: { type: "string", multiple: true },
      expires: { type: "string" },
      json: { type: "boolean" },
      "dry-run": { type: "boolean" },
      "with-key": { type: "boolean" },
      "passphrase-file": { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return console.log(USAGE);
  const env = loadEnv();
  if (positionals.join(" ") === "doctor") return runDoctor(env, values.json === true);
  const saidOfBackup = await runBackup(env, positionals, values);
  if (saidOfBackup !== undefined) return console.log(saidOfBackup);
  const databaseUrl = env.databaseUrl ?? (await findEmbedded(env));
  // Before anything reads a table: there may be none yet.
  if (positionals.join(" ") === "migrate") return runMigrate(databaseUrl, values["dry-run"] === true);
  const db = makePrisma(databaseUrl, 1);
  try {
    const isStart = positionals[0] === "bootstrap";
    const said = await runAdmin({ db, env, now: new Date() }, { words: positionals, options: values });
    if (isStart && env.secret !== undefined) {
      await sealClearSecrets({ db, keyring: makeKeyring(env.secret, env.otherSecret) });
    }
    console.log(said);
  } finally {
    await db.$disconnect();
  }
}

await main().catch((error: unknown) => {
  // A sentence may quote a backup that somebody else has made.
  console.error(isMistake(error) ? safeText(error.message) : error);
  process.exitCode = 1;
});
