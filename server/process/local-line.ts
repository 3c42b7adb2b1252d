// A line between processes of one user on one machine: those that commit hand-offs tell those that route, without Postgres. It says
// "look", or gives what there is to one that has asked for it. It may be missing or break at any time: whoever tells must have
// another way. docs/decisions/109-told-by-a-socket.md, 111-told-with-what-came.md
import { createHash, randomBytes } from "node:crypto";
import { lstat, mkdir, readdir, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { askForMore, type Ear, giveFrame, LOOK, makeEar, makeFrameReader } from "./line-frames.ts";

/** The interval at which those who tell look for new ears. */
const LOOK_MS = 1_000;
/** What one that hears has in hand at most, from each of those who give. */
const GIVEN_AT_A_TIME = 8;
/** Whoever has more places than this is hardly busy. */
const MANY_PLACES = GIVEN_AT_A_TIME / 2;
/** Systems have room for 104 or 108 with the end. What is longer some cut off, so that the socket lies elsewhere. */
const MAX_PATH_BYTES = 103;
/** `<database>-<pid>-<random>` */
const NAME = /^[0-9a-f]{16}-([1-9]\d*)-[0-9a-f]{8}$/;

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
  /** Takes a place in the hands of one that hears. Null where none has asked for more. */
  reserve(): Place | null;
  stop(): void;
}

/** It ends with one of the two calls. */
export interface Place {
  /** False where the line broke meanwhile. Whatever it answers, what was given may get lost. */
  give(bytes: Buffer): boolean;
  giveUp(): void;
}

/** One end that hears. */
export interface Hearing {
  onTold: () => void;
  /** Called with what was given. It has it in hand until its promise ends, which never rejects. */
  onGiven?: (bytes: Buffer) => Promise<void>;
}

const ownDirectory = (): string => join(tmpdir(), `switchyard-${process.getuid?.() ?? "user"}`);

/** The same for a database whatever its password. */
function prefixOf(databaseUrl: string): string {
  const url = URL.parse(databaseUrl);
  if (url) url.password = "";
  return `${createHash("sha256")
    .update(url?.href ?? databaseUrl)
    .digest("hex")
    .slice(0, 16)}-`;
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
  { onTold, onGiven }: Hearing,
  { databaseUrl, directory = ownDirectory() }: LocalLineOptions,
): Promise<() => Promise<void>> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const read = makeFrameReader({
      onTold,
      onGiven: (bytes) => void onGiven?.(bytes).then(() => askForMore(socket)),
    });
    socket.on("data", (bytes) => {
      if (read(bytes)) return;
      // What cannot be read says at least that something came.
      onTold();
      socket.destroy();
    });
    if (onGiven) askForMore(socket, GIVEN_AT_A_TIME);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("error", () => {});
  const path = join(directory, `${prefixOf(databaseUrl)}${process.pid}-${randomBytes(4).toString("hex")}`);
  await mkdir(directory, { mode: 0o700 }).catch(() => {});
  if (Buffer.byteLength(path) <= MAX_PATH_BYTES && (await isOwn(directory))) {
    await removeLeftovers(directory);
    await new Promise<void>((resolve) => {
      server.once("listening", resolve).once("error", () => resolve());
      server.listen(path);
    });
  }
  return async () => {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
}

/** A process that was killed leaves its socket behind, whatever its database was. */
async function removeLeftovers(directory: string): Promise<void> {
  for (const name of await readdir(directory).catch(() => [])) {
    const pid = Number(NAME.exec(name)?.[1]);
    // A container that shares the directory counts its processes by itself: one that is not there may still hear.
    const isLeft = pid > 0 && !isThere(pid) && (await isRefused(join(directory, name)));
    if (isLeft) await rm(join(directory, name), { force: true }).catch(() => {});
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

const isRefused = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(false);
    });
    socket.on("error", (error) => resolve("code" in error && error.code === "ECONNREFUSED"));
  });

/**
 * The first by name that is hardly busy, for all who tell the same one: lanes get in memory what their own process has routed. Where all
 * are busy, the one with the least in hand.
 */
function chooseEar(ears: ReadonlyMap<string, Ear>): Ear | undefined {
  const asking = [...ears].filter(([, ear]) => ear.places > 0 && ear.isOpen()).sort(([a], [b]) => (a < b ? -1 : 1));
  const chosen =
    asking.find(([, ear]) => ear.places > MANY_PLACES) ?? asking.sort(([, a], [, b]) => b.places - a.places)[0];
  return chosen?.[1];
}

/** Looks for those who hear, now and on and on, and tells them. Keeps no process alive. */
export function tellLocally({ databaseUrl, directory = ownDirectory() }: LocalLineOptions): Telling {
  const prefix = prefixOf(databaseUrl);
  /** By the name of the socket; also those that are not connected yet. */
  const ears = new Map<string, Ear>();
  let isStopped = false;

  async function look(): Promise<void> {
    const names = (await readdir(directory).catch(() => [])).filter((name) => isNew(name));
    if (names.length === 0 || !(await isOwn(directory)) || isStopped) return;
    for (const name of names.filter((each) => isNew(each))) {
      const socket = connect(join(directory, name)).unref();
      ears.set(name, makeEar(socket));
      socket.on("error", () => {});
      socket.on("close", () => ears.delete(name));
    }
  }
  const isNew = (name: string) => name.startsWith(prefix) && NAME.test(name) && !ears.has(name);
  void look();
  const timer = setInterval(() => void look(), LOOK_MS).unref();

  return {
    tell() {
      let isHeard = false;
      for (const ear of ears.values()) {
        if (!ear.isOpen()) continue;
        ear.socket.write(LOOK);
        isHeard = true;
      }
      return isHeard;
    },
    reserve() {
      const ear = chooseEar(ears);
      if (!ear) return null;
      ear.places--;
      return {
        give: (bytes) => ear.isOpen() && giveFrame(ear.socket, bytes),
        giveUp: () => void ear.places++,
      };
    },
    stop() {
      isStopped = true;
      clearInterval(timer);
      for (const { socket } of ears.values()) socket.destroy();
    },
  };
}
