// A line between processes of one user on one machine: those that commit hand-offs tell those that route, without Postgres. It says
// "look", or gives what there is to one that has asked for it. It may be missing or break at any time: whoever tells must have
// another way. docs/decisions/109-told-by-a-socket.md, 111-told-with-what-came.md
import { createHash, randomBytes } from "node:crypto";
import { lstat, mkdir, readdir, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { askForMore, type Ear, giveFrame, LOOK, makeAsking, makeEar, makeFrameReader } from "./line-frames.ts";

/** The interval at which those who tell look for new ears, and those who hear ask again a database that did not answer. */
const LOOK_MS = 1_000;
/** After so many looks a socket of another database is asked about again: both may have changed to the same one since. */
const LOOKS_TO_REMEMBER = 30;
/** What one that hears has in hand at most, from each of those who give. */
const GIVEN_AT_A_TIME = 8;
/** Whoever has more places than this is hardly busy. */
const MANY_PLACES = GIVEN_AT_A_TIME / 2;
const ASKING = { places: GIVEN_AT_A_TIME, few: MANY_PLACES, together: 3 };
/** Systems have room for 104 or 108 with the end. What is longer some cut off, so that the socket lies elsewhere. */
const MAX_PATH_BYTES = 103;
/** `<identity>-<pid>-<random>` */
const NAME = /^[0-9a-f]{16}-([1-9]\d*)-[0-9a-f]{8}$/;

export interface LocalLineOptions {
  /** Resolves to what the database is, whatever address leads to it: both ends have to hear the same. Rejects while it is away. */
  identify: () => Promise<string>;
  /** Where the sockets lie, for their owner alone. Default: a directory of this user among the temporary ones. */
  directory?: string;
  /** Default 1 s. */
  lookMs?: number;
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

/** Those who are called with news. */
interface Heard {
  onTold: () => void;
  /** Called with what was given. It has it in hand until its promise ends, which never rejects. */
  onGiven?: (bytes: Buffer) => Promise<void>;
}

/** One end that hears. */
export interface Hearing {
  /**
   * Asks what the database is, again and again until it answers, and hears those who tell of that one. To be called for the first time,
   * and whenever the database may be another. Resolves after the first answer, also where there can be no line; never rejects.
   */
  follow(): Promise<void>;
  stop(): Promise<void>;
}

const ownDirectory = (): string => join(tmpdir(), `switchyard-${process.getuid?.() ?? "user"}`);

const prefixOf = (identity: string): string => `${createHash("sha256").update(identity).digest("hex").slice(0, 16)}-`;

/** Whether the directory belongs to this user alone: others might hear, or tell, in one of theirs. */
async function isOwn(directory: string): Promise<boolean> {
  const stat = await lstat(directory).catch(() => null);
  return stat?.isDirectory() === true && stat.uid === process.getuid?.() && (stat.mode & 0o077) === 0;
}

/** Hears those who tell on this machine, from the first `follow` on. */
export function hearLocally(
  heard: Heard,
  { identify, directory = ownDirectory(), lookMs = LOOK_MS }: LocalLineOptions,
): Hearing {
  let open: { prefix: string; close(): Promise<void> } | undefined;
  let asks = 0;
  let isStopped = false;
  let retry: NodeJS.Timeout | undefined;
  let turns: Promise<void> = Promise.resolve();

  async function follow(): Promise<void> {
    clearTimeout(retry);
    const ask = ++asks;
    const identity = await identify().catch(() => null);
    if (ask !== asks || isStopped) return;
    if (identity === null) retry = setTimeout(() => void follow(), lookMs).unref();
    else turns = turns.then(() => hearAs(prefixOf(identity)));
    await turns;
  }

  async function hearAs(prefix: string): Promise<void> {
    if (open?.prefix === prefix) return;
    await open?.close();
    open = { prefix, close: await openSocket(heard, directory, prefix) };
  }

  return {
    follow,
    async stop() {
      isStopped = true;
      clearTimeout(retry);
      await turns;
      await open?.close();
    },
  };
}

/**
 * Resolves to the function that closes it, also where there is none: with a directory of somebody else, on a system without such
 * sockets, or with too long a path.
 */
async function openSocket({ onTold, onGiven }: Heard, directory: string, prefix: string): Promise<() => Promise<void>> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const asking = makeAsking((count) => askForMore(socket, count), ASKING);
    const read = makeFrameReader({
      onTold,
      onGiven(bytes) {
        asking.taken();
        void onGiven?.(bytes).then(asking.freed);
      },
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
  const path = join(directory, `${prefix}${process.pid}-${randomBytes(4).toString("hex")}`);
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
export function tellLocally(options: LocalLineOptions): Telling {
  const { lookMs = LOOK_MS } = options;
  const { ears, look, stop } = seekEars(options);
  let isLooking = false;
  async function lookInTurn(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    await look();
    isLooking = false;
  }
  void lookInTurn();
  const timer = setInterval(() => void lookInTurn(), lookMs).unref();
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
      clearInterval(timer);
      stop();
    },
  };
}

interface Sought {
  /** By the name of the socket; also those that are not connected yet. */
  ears: ReadonlyMap<string, Ear>;
  /** Connects to those that came since the last look. Never called again before it has resolved; never rejects. */
  look(): Promise<void>;
  stop(): void;
}

/** Keeps a connection to each socket that is named after the database, as far as it is told to look. */
export function seekEars({
  identify,
  directory = ownDirectory(),
}: Pick<LocalLineOptions, "identify" | "directory">): Sought {
  let prefix: string | undefined;
  const ears = new Map<string, Ear>();
  /** Sockets that were there when the database last said what it is, and are those of others. */
  const others = new Set<string>();
  let looks = 0;
  let isStopped = false;

  async function look(): Promise<void> {
    if (++looks % LOOKS_TO_REMEMBER === 0) others.clear();
    const names = (await readdir(directory).catch(() => [])).filter((name) => NAME.test(name));
    for (const name of others) if (!names.includes(name)) others.delete(name);
    const fresh = names.filter((name) => !ears.has(name) && !others.has(name));
    if (fresh.length === 0 || !(await isOwn(directory))) return;
    // The database is asked for the sake of a socket alone, which is another's, or that of ours since its last start.
    const isKnown = fresh.every(isOurs) || (await follow());
    if (isStopped) return;
    for (const name of fresh) {
      if (isOurs(name)) connectTo(name);
      else if (isKnown) others.add(name);
    }
  }

  const isOurs = (name: string) => prefix !== undefined && name.startsWith(prefix);

  /** False where the database is away. */
  async function follow(): Promise<boolean> {
    const identity = await identify().catch(() => null);
    if (identity === null) return false;
    prefix = prefixOf(identity);
    for (const [name, { socket }] of ears) if (!isOurs(name)) socket.destroy();
    return true;
  }

  function connectTo(name: string): void {
    const socket = connect(join(directory, name)).unref();
    ears.set(name, makeEar(socket));
    socket.on("error", () => {});
    socket.on("close", () => ears.delete(name));
  }

  return {
    ears,
    look,
    stop() {
      isStopped = true;
      for (const { socket } of ears.values()) socket.destroy();
    },
  };
}
