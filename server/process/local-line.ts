// A line between processes of one user on one machine: those that commit hand-offs tell those that route, without Postgres. It
// carries no content, only "look". It may be missing or break at any time: whoever tells must have another way.
// docs/decisions/109-told-by-a-socket.md
import { createHash, randomBytes } from "node:crypto";
import { lstat, mkdir, readdir, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The interval at which those who tell look for new ears. */
const LOOK_MS = 1_000;
const LOOK = Buffer.from([1]);

export interface LocalLineOptions {
  /** Both ends name the same database. */
  databaseUrl: string;
  /** Where the sockets lie, for their owner alone. Default: a directory of this user among the temporary ones. */
  directory?: string;
}

/** One end that tells. */
export interface Telling {
  /** Tells all that hear. False when nobody does. */
  tell(): boolean;
  stop(): void;
}

const ownDirectory = (): string => join(tmpdir(), `switchyard-${process.getuid?.() ?? "user"}`);

/** The same for a database whatever its password. */
function prefixOf(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.password = "";
  return `${createHash("sha256").update(url.href).digest("hex").slice(0, 16)}-`;
}

/** Whether the directory belongs to this user alone: others might hear, or tell, in one of theirs. */
async function isOwn(directory: string): Promise<boolean> {
  const stat = await lstat(directory).catch(() => null);
  return stat?.isDirectory() === true && stat.uid === process.getuid?.() && (stat.mode & 0o077) === 0;
}

/**
 * Hears those who tell on this machine. Resolves to the function that stops it, also where there can be no line: with a directory of
 * somebody else, on a system without such sockets, or with too long a path.
 */
export async function hearLocally(
  onTold: () => void,
  { databaseUrl, directory = ownDirectory() }: LocalLineOptions,
): Promise<() => Promise<void>> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("data", onTold);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("error", () => {});
  await mkdir(directory, { mode: 0o700 }).catch(() => {});
  if (await isOwn(directory)) {
    const prefix = prefixOf(databaseUrl);
    await removeLeftovers(directory, prefix);
    const name = `${prefix}${process.pid}-${randomBytes(4).toString("hex")}`;
    await new Promise<void>((resolve) => {
      server.once("listening", resolve).once("error", () => resolve());
      server.listen(join(directory, name));
    });
  }
  return async () => {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
}

/** A process that was killed leaves its socket behind. */
async function removeLeftovers(directory: string, prefix: string): Promise<void> {
  for (const name of await readdir(directory).catch(() => [])) {
    const pid = Number(name.slice(prefix.length).split("-")[0]);
    if (name.startsWith(prefix) && pid > 0 && !isThere(pid)) await rm(join(directory, name), { force: true });
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

/** Looks for those who hear, now and on and on, and tells them. Keeps no process alive. */
export function tellLocally({ databaseUrl, directory = ownDirectory() }: LocalLineOptions): Telling {
  const prefix = prefixOf(databaseUrl);
  /** By the name of the socket; also those that are not connected yet. */
  const ears = new Map<string, Socket>();
  let isStopped = false;

  async function look(): Promise<void> {
    const names = (await readdir(directory).catch(() => [])).filter((name) => name.startsWith(prefix));
    if (names.every((name) => ears.has(name)) || !(await isOwn(directory)) || isStopped) return;
    for (const name of names) {
      if (ears.has(name)) continue;
      const socket = connect(join(directory, name)).unref();
      ears.set(name, socket);
      socket.on("error", () => {});
      socket.on("close", () => ears.delete(name));
    }
  }
  void look();
  const timer = setInterval(() => void look(), LOOK_MS).unref();

  return {
    tell() {
      let isHeard = false;
      for (const socket of ears.values()) {
        // One that does not read any more, as a stopped process, has been told often enough.
        if (socket.connecting || socket.destroyed || socket.writableNeedDrain) continue;
        socket.write(LOOK);
        isHeard = true;
      }
      return isHeard;
    },
    stop() {
      isStopped = true;
      clearInterval(timer);
      for (const socket of ears.values()) socket.destroy();
    },
  };
}
