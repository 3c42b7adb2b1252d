import { randomBytes } from "node:crypto";
import { open, readFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { isErrorCode, StartError } from "./start-error.ts";

const SECRET_BYTES = 32;

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** The secret kept in `dataDir`; undefined where there is none or it cannot be read. */
export async function readKeptSecret(dataDir: string): Promise<string | undefined> {
  const kept = await readFile(join(dataDir, "secret"), "utf8").catch(() => "");
  return kept.trim() === "" ? undefined : kept.trim();
}

/**
 * The secret kept in `dataDir`, made there (0600) if there is none yet, or taken from `given`. Throws when a database at `clusterDir` exists
 * without it: what is encrypted there would be lost behind a new secret.
 */
export async function keepSecret(dataDir: string, clusterDir: string, given?: string): Promise<string> {
  const path = join(dataDir, "secret");
  const kept = await readFile(path, "utf8").catch((error: unknown) => {
    if (isErrorCode(error, "ENOENT")) return undefined;
    throw new StartError(`${path} cannot be read; start as the user who owns it, or set SWITCHYARD_SECRET.`, {
      cause: error,
    });
  });
  if (kept !== undefined) {
    if (kept.trim().length < SECRET_BYTES)
      throw new StartError(`${path} is damaged; restore it from a backup or set SWITCHYARD_SECRET.`);
    return kept.trim();
  }
  if (await exists(clusterDir)) {
    throw new StartError(
      `${path} is missing, and the secrets in the database cannot be read without it; restore it or set SWITCHYARD_SECRET to what was used before.`,
    );
  }
  const secret = given ?? randomBytes(SECRET_BYTES).toString("base64url");
  // Complete or absent: a secret that was half written would lock the database's secrets away for good.
  const file = await open(`${path}.new`, "w", 0o600);
  await file.writeFile(`${secret}\n`);
  await file.sync();
  await file.close();
  await rename(`${path}.new`, path);
  return secret;
}
