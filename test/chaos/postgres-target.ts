// Where a URL of Postgres leads, and the same database through a relay.
import type { NetConnectOpts } from "node:net";
import { join } from "node:path";

const SOCKET = ".s.PGSQL.5432";

export function targetOf(databaseUrl: string): NetConnectOpts {
  const url = new URL(databaseUrl);
  const directory = url.searchParams.get("host");
  return directory ? { path: join(directory, SOCKET) } : { host: url.hostname, port: Number(url.port) };
}

export const throughPort = (databaseUrl: string, port: number): string => {
  const url = new URL(databaseUrl);
  url.search = "";
  url.host = `127.0.0.1:${port}`;
  return url.href;
};
