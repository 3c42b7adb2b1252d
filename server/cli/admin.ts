// npm run admin: teams and keys from the command line, for whoever can reach the database.
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { makeKeyring } from "#server/crypto/secrets.ts";
import { migrate } from "#server/database/migrate.ts";
import { makePrisma } from "#server/database/prisma.ts";
import { examine, isHealthy, printFindings } from "#server/doctor/doctor.ts";
import { type Env, loadEnv } from "#server/env.ts";
import { sealClearSecrets } from "#server/resources/seal-clear-secrets.ts";
import { findRunningPostgres } from "#server/start/running-postgres.ts";
import { readKeptSecret } from "#server/start/secret-file.ts";
import { StartError } from "#server/start/start-error.ts";
import { runAdmin, USAGE } from "./admin-commands.ts";
import { backUp, keyIn, readPassphrase, restoreFrom } from "./backup-commands.ts";

const isMistake = (error: unknown): error is Error =>
  error instanceof Error &&
  (["AppError", "EnvError", "MigrationError", "StartError"].includes(error.name) ||
    ("code" in error && String(error.code).startsWith("ERR_PARSE_ARGS")));

const saysOf = (applied: string[]) =>
  applied.length === 0 ? "The tables are up to date." : `Applied ${applied.join(", ")}.`;

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
      to: { type: "string" },
      "with-key": { type: "boolean" },
      "without-key": { type: "boolean" },
      "passphrase-file": { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return console.log(USAGE);
  const env = loadEnv();
  if (positionals.join(" ") === "doctor") return runDoctor(env, values.json === true);
  const passphrase = () => readPassphrase(values["passphrase-file"]);
  if (positionals[0] === "restore") return console.log(await restoreFrom(positionals[1], { env, passphrase }));
  if (positionals.slice(0, 2).join(" ") === "backup key") return console.log(await keyIn(positionals[2], passphrase));
  const databaseUrl = env.databaseUrl ?? (await findEmbedded(env));
  if (positionals.join(" ") === "backup") {
    const secret = await secretOf(env);
    const options = { to: values.to, withKey: values["with-key"], withoutKey: values["without-key"] };
    return console.log(await backUp(databaseUrl, { ...options, secret, passphrase, now: new Date() }));
  }
  // Before anything reads a table: there may be none yet.
  if (positionals.join(" ") === "migrate") return console.log(saysOf(await migrate(databaseUrl)));
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
  console.error(isMistake(error) ? error.message : error);
  process.exitCode = 1;
});
