// The checks before anything is started, each failure as one sentence with its remedy.
import { access, constants, mkdir, statfs } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { withoutUrlPasswords } from "#server/process/log.ts";
import { errorCode, isErrorCode, StartError } from "./start-error.ts";

const MIN_FREE_BYTES = 256 * 2 ** 20;
const MIN_POSTGRES_MAJOR = 15;
const CONNECT_TIMEOUT_MS = 5_000;
/** A server that says "starting up" is there and worth waiting for. */
const STARTING_UP_PATIENCE_MS = 60_000;

/** Makes `dataDir` if need be, for its owner alone, and refuses one that cannot be written or has no room. */
export async function prepareDataDir(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    const why = isErrorCode(cause, "EEXIST", "ENOTDIR") ? "is not a directory" : "cannot be written";
    throw new StartError(
      `DATA_DIR ${dataDir} ${why}; correct its permissions or set DATA_DIR to a directory of your own.`,
      { cause },
    );
  }
  const { bavail, bsize } = await statfs(dataDir);
  const freeBytes = bavail * bsize;
  if (freeBytes < MIN_FREE_BYTES) {
    const mebibytes = (bytes: number) => `${Math.floor(bytes / 2 ** 20)} MiB`;
    throw new StartError(
      `Only ${mebibytes(freeBytes)} are free where DATA_DIR ${dataDir} lies, and Postgres needs ${mebibytes(MIN_FREE_BYTES)}; free some space or set DATA_DIR to another disk.`,
    );
  }
}

/** The sentence for an operator whose DATABASE_URL leads nowhere. */
export function explainConnection(error: unknown, databaseUrl: string): string {
  const server = URL.parse(databaseUrl)?.host || "the server of DATABASE_URL";
  const reason = withoutUrlPasswords(error instanceof Error ? error.message : String(error));
  switch (errorCode(error)) {
    case "ECONNREFUSED":
      return `No Postgres answers at ${server}; start it or correct DATABASE_URL.`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `The host of DATABASE_URL, ${server}, cannot be resolved; correct DATABASE_URL.`;
    case "28P01":
    case "28000":
      return `Postgres at ${server} refuses the user or password of DATABASE_URL (${reason}); correct them.`;
    case "3D000":
      return `The database of DATABASE_URL does not exist at ${server} (${reason}); create it with createdb.`;
    default:
      return `Postgres at ${server} cannot be reached (${reason || errorCode(error)}); check DATABASE_URL.`;
  }
}

interface Server {
  version: number;
  is_standby: boolean;
}

async function readServer(databaseUrl: string): Promise<Server | undefined> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  // A failed connection also emits an error; the rejection below tells it.
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<Server>(
      "select current_setting('server_version_num')::int as version, pg_is_in_recovery() as is_standby",
    );
    return rows[0];
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Refuses a DATABASE_URL that cannot be used: unreachable, wrong credentials, a Postgres older than 15, or a standby. */
export async function checkDatabase(databaseUrl: string): Promise<void> {
  const deadline = performance.now() + STARTING_UP_PATIENCE_MS;
  for (;;) {
    try {
      const { version, is_standby: isStandby } = (await readServer(databaseUrl)) ?? { version: 0, is_standby: false };
      if (version < MIN_POSTGRES_MAJOR * 10_000) {
        throw new StartError(
          `DATABASE_URL leads to Postgres ${Math.floor(version / 10_000)}, and Switchyard needs ${MIN_POSTGRES_MAJOR} or later; upgrade it, or unset DATABASE_URL to use the embedded one.`,
        );
      }
      if (isStandby) {
        throw new StartError(
          "DATABASE_URL leads to a standby, which only reads; give it the address that follows the primary.",
        );
      }
      return;
    } catch (error) {
      if (error instanceof StartError) throw error;
      const isStartingUp = errorCode(error) === "57P03" && performance.now() < deadline;
      if (!isStartingUp) throw new StartError(explainConnection(error, databaseUrl), { cause: error });
      await sleep(500);
    }
  }
}
