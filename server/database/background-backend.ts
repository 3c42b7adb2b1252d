// The priority of the server process behind a connection, where it runs on this machine: work that may take long goes behind
// the door there as it does here.
import { readFileSync, writeFileSync } from "node:fs";
import { setPriority } from "node:os";
import type pg from "pg";

/** A third of the door's weight, as the worker has: whoever looks at a list on a bad day waits too. */
const NICE = 5;

/** How the server names this end in the title of its process: the port, or that it is a Unix socket. */
function originOf(client: pg.ClientBase): string {
  const { stream } = (client as unknown as { connection: { stream: { localPort?: number } } }).connection;
  return stream.localPort === undefined ? "[local]" : `(${stream.localPort})`;
}

/**
 * Lowers the process that serves this connection, and its session, which Linux may weigh first (decision 009). Does nothing
 * for a server elsewhere: the title of that process must name Postgres and this end of the connection. Returns whether it did.
 */
export async function lowerBackend(client: pg.ClientBase): Promise<boolean> {
  if (process.platform !== "linux") return false;
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  const pid = rows[0]?.pid ?? 0;
  try {
    const title = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    if (!title.startsWith("postgres: ") || !title.includes(originOf(client))) return false;
    setPriority(pid, NICE);
    writeFileSync(`/proc/${pid}/autogroup`, String(NICE));
    return true;
  } catch {
    return false;
  }
}
