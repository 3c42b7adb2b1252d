// `admin backup` and `admin restore`: the files, the passphrase, and the embedded Postgres of a new DATA_DIR.
import { link, open, readFile, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createZstdCompress } from "node:zlib";
import { type Header, readHead } from "#server/backup/format.ts";
import { restoreBackup } from "#server/backup/restore-backup.ts";
import { MIN_PASSPHRASE_CHARS, openKey, sealKey } from "#server/backup/sealed-key.ts";
import { beginBackup } from "#server/backup/write-backup.ts";
import { fingerprintOf } from "#server/crypto/secrets.ts";
import { PrimaryClient } from "#server/database/primary-client.ts";
import type { Env } from "#server/env.ts";
import { AppError } from "#server/errors/app-error.ts";
import { startEmbeddedPostgres } from "#server/start/embedded-postgres.ts";
import { prepareDataDir } from "#server/start/preflight.ts";
import { keepSecret, readKeptSecret } from "#server/start/secret-file.ts";
import { takeStartLock } from "#server/start/start-lock.ts";

type AskPassphrase = () => Promise<string>;

const wrong = (sentence: string) => new AppError("BAD_REQUEST", sentence);

async function withClient<T>(databaseUrl: string, work: (client: PrimaryClient) => Promise<T>): Promise<T> {
  const client = new PrimaryClient({ connectionString: databaseUrl, application_name: "switchyard backup" });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The passphrase in a file, or typed unseen. */
export async function readPassphrase(path: string | undefined): Promise<string> {
  const given = path === undefined ? await askForPassphrase() : await readFile(path, "utf8");
  const passphrase = given.replace(/\r?\n$/, "");
  if (passphrase.length < MIN_PASSPHRASE_CHARS)
    throw wrong(`The passphrase must have at least ${MIN_PASSPHRASE_CHARS} characters.`);
  return passphrase;
}

async function askForPassphrase(): Promise<string> {
  if (!process.stdin.isTTY) throw wrong("Give the passphrase in a file, with --passphrase-file FILE.");
  process.stderr.write("Passphrase: ");
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: unseen, terminal: true });
  const typed = await lines.question("");
  lines.close();
  process.stderr.write("\n");
  return typed;
}

interface BackupOptions {
  to: string | undefined;
  withKey: boolean | undefined;
  withoutKey: boolean | undefined;
  secret: string | undefined;
  passphrase: AskPassphrase;
  now: Date;
}

/**
 * Writes a backup and returns what is to be said of it. The file is whole or not there, and for its owner alone.
 *
 * @throws AppError with the remedy
 */
export async function backUp(databaseUrl: string, options: BackupOptions): Promise<string> {
  const { withKey = false, withoutKey = false, secret, now } = options;
  if (withKey && withoutKey) throw wrong("Choose one of --with-key and --without-key.");
  if (withKey && secret === undefined) throw wrong("Set SWITCHYARD_SECRET, which is to be in the backup.");
  const to =
    options.to ??
    `switchyard-${now
      .toISOString()
      .replace(/[-:]|\..*/g, "")
      .replace("T", "-")}.backup`;
  if (await stat(to).catch(() => undefined)) throw wrong(`${to} is there already: name another file with --to.`);
  const key = withKey && secret !== undefined ? await sealKey(secret, await options.passphrase()) : null;
  const fingerprint = secret === undefined ? null : fingerprintOf(secret);
  const header = await withClient(databaseUrl, async (client) => {
    const plan = await beginBackup(client, { fingerprint, key, now });
    await writeWhole(to, plan.head, plan.bytes);
    return plan.header;
  });
  const { size } = await stat(to);
  const said = `${to}: ${size} bytes, everything as of ${header.made_at}.`;
  return header.key
    ? `${said}\nIt has SWITCHYARD_SECRET (${header.fingerprint}), sealed with the passphrase. Keep the passphrase where the file is not.`
    : `${said}\nWITHOUT THE KEY: its secrets can be read only with the SWITCHYARD_SECRET ${header.fingerprint}, which is not in it. Keep that one elsewhere, or take a backup --with-key.`;
}

async function writeWhole(to: string, head: Buffer, bytes: AsyncGenerator<Buffer>): Promise<void> {
  const unfinished = `${to}.part`;
  const file = await open(unfinished, "wx", 0o600).catch((cause: NodeJS.ErrnoException) => {
    throw wrong(
      `${unfinished} cannot be written (${cause.code}): remove it if it is left from before, or name another file with --to.`,
    );
  });
  try {
    await file.write(head);
    const rest = new Writable({
      write: (chunk: Buffer, _encoding, done) => void file.appendFile(chunk).then(() => done(), done),
    });
    await pipeline(Readable.from(bytes), createZstdCompress(), rest);
    await file.sync();
    // Never over a file that came meanwhile.
    await link(unfinished, to);
  } finally {
    await file.close();
    await rm(unfinished, { force: true });
  }
}

/** The SWITCHYARD_SECRET that a backup has. */
export async function keyIn(path: string | undefined, passphrase: AskPassphrase): Promise<string> {
  if (path === undefined) throw wrong("Say of which file.");
  const { header } = await readHead(path);
  if (!header.key) throw wrong(`${path} was made without the key (${header.fingerprint}).`);
  return openKey(header.key, await passphrase(), header.fingerprint);
}

function refuseOther({ fingerprint }: Header, secrets: readonly (string | undefined)[]): void {
  const given = secrets.filter((each) => each !== undefined).map(fingerprintOf);
  if (fingerprint === "" || given.includes(fingerprint)) return;
  throw new AppError(
    "CONFLICT",
    `The secrets in this backup were encrypted under another SWITCHYARD_SECRET (its fingerprint is ${fingerprint}, that of the one given is ${given[0] ?? "none"}): give that one. A backup that was made --with-key prints it: npm run admin -- backup key FILE.`,
  );
}

interface RestoreOptions {
  env: Env;
  passphrase: AskPassphrase;
}

/**
 * Restores a backup into the empty database of DATABASE_URL, or into an embedded Postgres that it makes in DATA_DIR.
 *
 * @throws AppError with the remedy; nothing was restored then
 */
export async function restoreFrom(path: string | undefined, { env, passphrase }: RestoreOptions): Promise<string> {
  if (path === undefined) throw wrong("Say from which file.");
  const read = await readHead(path);
  const restore = (url: string) => withClient(url, (client) => restoreBackup(client, url, { path, ...read }));
  const { tables, rows, migrated } =
    env.databaseUrl === undefined
      ? await intoDataDir(read.header, { env, passphrase }, restore)
      : await intoDatabase(read.header, env, env.databaseUrl, restore);
  return [
    `${rows} rows of ${tables} tables are as they were at ${read.header.made_at}.`,
    ...(migrated.length > 0 ? [`Migrated to this version: ${migrated.join(", ")}.`] : []),
    "What was waiting then is delivered once a worker runs. What was delivered since then goes out again, with the same webhook-id.",
  ].join("\n");
}

type Restore = (databaseUrl: string) => ReturnType<typeof restoreBackup>;

async function intoDatabase(header: Header, env: Env, databaseUrl: string, restore: Restore) {
  refuseOther(header, [env.secret, env.otherSecret]);
  return restore(databaseUrl);
}

async function intoDataDir(header: Header, { env, passphrase }: RestoreOptions, restore: Restore) {
  const dataDir = resolve(env.dataDir);
  const clusterDir = join(dataDir, "postgres");
  await prepareDataDir(dataDir);
  const lock = await takeStartLock(dataDir, console.error);
  try {
    const found = env.secret ?? (await readKeptSecret(dataDir));
    const secret =
      found ?? (header.key ? await openKey(header.key, await passphrase(), header.fingerprint) : undefined);
    refuseOther(header, [secret, env.otherSecret]);
    if (env.secret === undefined) await keepSecret(dataDir, clusterDir, secret);
    const postgres = await startEmbeddedPostgres({ clusterDir, say: console.error });
    try {
      return await restore(postgres.url);
    } finally {
      await postgres.stop();
    }
  } finally {
    await lock.release();
  }
}
