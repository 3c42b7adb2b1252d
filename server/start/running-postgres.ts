import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DATABASE } from "./embedded-postgres.ts";
import { PASSWORD_FILE, POSTGRES_USER } from "./postgres-cluster.ts";
import { StartError } from "./start-error.ts";

// Lines of postmaster.pid (Postgres: src/include/utils/pidfile.h).
const PORT_LINE = 3;
const LISTEN_LINE = 5;

/** The URL of the embedded Postgres that `npm start` runs over `clusterDir`, for a command beside it. */
export async function findRunningPostgres(clusterDir: string): Promise<string> {
  const [lines, password] = await Promise.all([
    readFile(join(clusterDir, "postmaster.pid"), "utf8").then((text) => text.split("\n")),
    readFile(join(clusterDir, PASSWORD_FILE), "utf8"),
  ]).catch((cause: unknown) => {
    throw new StartError("Switchyard is not running here: start it with npm start, or set DATABASE_URL.", { cause });
  });
  const base = `postgresql://${POSTGRES_USER}:${password.trim()}`;
  const listensOn = lines[LISTEN_LINE]?.trim();
  if (listensOn) return `${base}@${listensOn}:${lines[PORT_LINE]?.trim()}/${DATABASE}`;
  return `${base}@localhost/${DATABASE}?host=${encodeURIComponent(clusterDir)}`;
}
