// `admin backup` and `admin restore`: the files, the passphrase, and the embedded Postgres of a new DATA_DIR.
import { access, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Header, type ReadHead, readHead } from "#server/backup/format.ts";
import { checkBackup, type Restored, restoreBackup, type Watcher } from "#server/backup/restore-backup.ts";
import { openKey, sealKey } from "#server/backup/sealed-key.ts";
import { beginBackup } from "#server/backup/write-backup.ts";
import { fingerprintOf } from "#server/crypto/secrets.ts";
import { PrimaryClient } from "#server/database/primary-client.ts";
import type { Env } from "#server/env.ts";
import { AppError } from "#server/errors/app-error.ts";
import { isDatabaseAway } from "#server/errors/database-away.ts";
import { inBytes } from "#server/process/amounts.ts";
import { startEmbeddedPostgres } from "#server/start/embedded-postgres.ts";
import { removeCluster } from "#server/start/postgres-cluster.ts";
import { checkDatabase, prepareDataDir } from "#server/start/preflight.ts";
import { forgetRestore, noteMark, noteNoMark, noteRestore } from "#server/start/restore-note.ts";
import { keepSecret, readKeptSecret } from "#server/start/secret-file.ts";
import { takeStartLock } from "#server/start/start-lock.ts";
import { sayNowAndThen, writeWhole } from "./backup-file.ts";
import type { PassphraseUse } from "./passphrase.ts";
import { safeText } from "./safe-text.ts";
import { readVersion } from "./version.ts";

const DISK_FULL = "53100";

export interface BackupSurroundings {
  /** `new`: it seals something from now on, so that a slip of the hand would lock that up. */
  passphrase: (use: PassphraseUse) => Promise<string>;
  /** Of what goes on. */
  say: (line: string) => void;
}

const wrong = (sentence: string) => new AppError("BAD_REQUEST", sentence);

async function withClient<T>(databaseUrl: string, work: (client: PrimaryClient) => Promise<T>): Promise<T> {
  await checkDatabase(databaseUrl);
  const client = new PrimaryClient({ connectionString: databaseUrl, application_name: "switchyard backup" });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

export interface BackupOptions {
  to: string | undefined;
  withKey: boolean;
  secret: string | undefined;
  /** Ends it, and removes what is written. */
  signal?: AbortSignal;
}

/**
 * Writes a backup and returns what is to be said of it. The file is whole or not there, and for its owner alone.
 *
 * @throws AppError with the remedy
 */
export async function backUp(
  databaseUrl: string,
  { to, withKey, secret, signal }: BackupOptions,
  { passphrase, say }: BackupSurroundings,
): Promise<string> {
  if (to === undefined) throw wrong("Say to which file: npm run admin -- backup FILE.");
  if (withKey && secret === undefined) throw wrong("Set SWITCHYARD_SECRET, which is to be in the backup.");
  const key = withKey && secret !== undefined ? await sealKey(secret, await passphrase("new")) : null;
  const fingerprint = secret === undefined ? null : fingerprintOf(secret);
  let done = 0;
  const onTable = (tables: number) => {
    done = tables;
  };
  const header = await withClient(databaseUrl, async (client) => {
    const plan = await beginBackup(client, { fingerprint, key, version: readVersion(), onTable });
    await writeWhole(to, {
      ...{ bytes: plan.bytes, signal },
      onProgress: sayNowAndThen((bytes) => say(`${done} of ${plan.tables} tables, ${inBytes(bytes)} written`)),
    });
    return plan.header;
  });
  const { size } = await stat(to);
  return [
    `${to}: ${inBytes(size)}, everything as of ${header.made_at}.`,
    header.key
      ? `WITH THE KEY: SWITCHYARD_SECRET (${header.fingerprint}) is in it, behind the passphrase alone. Whoever has both reads every stored secret: keep the passphrase where the file is not.`
      : `WITHOUT THE KEY: the secrets in it can be read only with the SWITCHYARD_SECRET ${header.fingerprint}, which is not in it. Keep that one elsewhere, or make a backup --with-key.`,
  ].join("\n");
}

async function headOf(path: string | undefined): Promise<ReadHead> {
  if (path === undefined) throw wrong("Say of which file.");
  return readHead(path);
}

/** The SWITCHYARD_SECRET that a backup has. */
export async function keyIn(path: string | undefined, { passphrase }: BackupSurroundings): Promise<string> {
  const { header, ...file } = await headOf(path);
  if (!header.key) throw wrong(`${file.path} was made without the key (${header.fingerprint}).`);
  return openKey(header.key, await passphrase("known"), header.fingerprint);
}

/** Reads a backup from end to end, as a restore does, and says what is in it. */
export async function checkFile(path: string | undefined): Promise<string> {
  const file = await headOf(path);
  const { tables, rows } = await checkBackup(file);
  const { made_at: madeAt, version, fingerprint, key } = file.header;
  return safeText(
    `${file.path} is whole: ${rows} rows of ${tables} tables as of ${madeAt}, by version ${version}, ${key ? "with" : "without"} the SWITCHYARD_SECRET ${fingerprint}.`,
  );
}

function refuseOther({ fingerprint }: Header, secrets: readonly (string | undefined)[]): void {
  const given = secrets.filter((each) => each !== undefined).map(fingerprintOf);
  if (fingerprint === "" || given.length === 0 || given.includes(fingerprint)) return;
  throw new AppError(
    "CONFLICT",
    `The secrets in this backup were encrypted under another SWITCHYARD_SECRET (its fingerprint is ${fingerprint}, that of the one given is ${given[0]}): give that one. A backup that was made --with-key prints it: npm run admin -- backup key FILE.`,
  );
}

/**
 * Restores a backup into the empty database of DATABASE_URL, or into an embedded Postgres that it makes in DATA_DIR.
 *
 * @throws AppError with the remedy; nothing was restored then
 */
export async function restoreFrom(
  path: string | undefined,
  env: Env,
  surroundings: BackupSurroundings,
): Promise<string> {
  const file = await headOf(path);
  const { size } = await stat(file.path);
  const saysOf = (done: string) =>
    sayNowAndThen((read) => surroundings.say(`${inBytes(read)} of ${inBytes(size)} ${done}`));
  await checkBackup(file, saysOf("checked"));
  const watcher = { onRead: saysOf("restored"), say: surroundings.say };
  const restore: Restore = (url, marks) =>
    withClient(url, (client) => restoreBackup(client, url, file, { ...watcher, ...marks }));
  const hasKey =
    env.databaseUrl === undefined
      ? intoDataDir(file.header, env, surroundings, restore)
      : intoDatabase(file.header, env, env.databaseUrl, restore);
  return safeText(describe(file.header, await hasKey.catch(explain)));
}

interface Outcome extends Restored {
  /** Whether the next start finds the SWITCHYARD_SECRET of the backup. */
  hasKey: boolean;
}

function explain(error: unknown): never {
  if (error instanceof Error && "code" in error && error.code === DISK_FULL)
    throw new AppError(
      "UNAVAILABLE",
      "The disk of the database is full, and nothing was restored: free some space and try again.",
    );
  if (isDatabaseAway(error))
    throw new AppError(
      "UNAVAILABLE",
      "The database went away during the restore: when it is back, restore once more, which clears away what is there of it.",
    );
  throw error;
}

function describe(
  { made_at: madeAt, fingerprint }: Header,
  { tables, rows, leftOut, migrated, hasKey }: Outcome,
): string {
  return [
    `${rows} rows of ${tables} tables are as they were at ${madeAt}.`,
    ...(migrated.length > 0 ? [`Migrated to this version: ${migrated.join(", ")}.`] : []),
    ...(leftOut.length > 0 ? [`Left out, since they are none of Switchyard's: ${leftOut.join(", ")}.`] : []),
    ...(hasKey
      ? []
      : [
          `WITHOUT THE KEY: start with the SWITCHYARD_SECRET ${fingerprint}. Stored secrets can be read with no other, and a start with another is refused.`,
        ]),
    "What was waiting then is delivered once a worker runs. What was delivered since then goes out again, with the same webhook-id.",
  ].join("\n");
}

type Restore = (databaseUrl: string, marks?: Pick<Watcher, "onMarked" | "onUnmark">) => Promise<Restored>;

async function intoDatabase(header: Header, env: Env, databaseUrl: string, restore: Restore): Promise<Outcome> {
  refuseOther(header, [env.secret, env.otherSecret]);
  return { ...(await restore(databaseUrl)), hasKey: true };
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

async function intoDataDir(
  header: Header,
  env: Env,
  { passphrase, say }: BackupSurroundings,
  restore: Restore,
): Promise<Outcome> {
  const dataDir = resolve(env.dataDir);
  const clusterDir = join(dataDir, "postgres");
  await prepareDataDir(dataDir);
  await using made = new AsyncDisposableStack();
  const lock = await takeStartLock(dataDir, say);
  made.defer(() => lock.release());
  const found = env.secret ?? (await readKeptSecret(dataDir));
  const secret =
    found ?? (header.key ? await openKey(header.key, await passphrase("known"), header.fingerprint) : undefined);
  refuseOther(header, [secret, env.otherSecret]);
  let isRestored = false;
  const unlessRestored = (undo: () => Promise<void>) => made.defer(() => (isRestored ? undefined : undo()));
  if (!(await exists(clusterDir))) {
    // A directory that cannot be removed keeps its note, and so does one that a killed restore has left, until a restore is whole.
    unlessRestored(async () => {
      await removeCluster(clusterDir);
      await forgetRestore(dataDir);
    });
    await noteRestore(dataDir);
  }
  if (found === undefined && secret !== undefined) {
    unlessRestored(() => rm(join(dataDir, "secret"), { force: true }));
    await keepSecret(dataDir, clusterDir, secret);
  }
  const postgres = await startEmbeddedPostgres({ clusterDir, locks: env.embeddedPostgresLocks, say });
  made.defer(() => postgres.stop());
  const restored = await restore(postgres.url, {
    onMarked: () => noteMark(dataDir),
    onUnmark: () => noteNoMark(dataDir),
  });
  isRestored = true;
  await forgetRestore(dataDir);
  return { ...restored, hasKey: secret !== undefined };
}
