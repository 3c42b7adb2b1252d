// The file of a backup while it is written: whole or not there, and for its owner alone.
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { AppError } from "#server/errors/app-error.ts";

const SAID_EVERY_MS = 2_000;

/** Calls `say` with what it is given, at most every two seconds. */
export function sayNowAndThen(say: (value: number) => void): (value: number) => void {
  let saidAtMs = performance.now();
  return (value) => {
    if (performance.now() - saidAtMs < SAID_EVERY_MS) return;
    saidAtMs = performance.now();
    say(value);
  };
}

const FULL = ["ENOSPC", "EDQUOT", "EFBIG"];

function explain(to: string, cause: NodeJS.ErrnoException): Error {
  if (cause.code === "EEXIST")
    return new AppError("CONFLICT", `${to} is there already: name another file, or remove it.`);
  if (FULL.includes(cause.code ?? ""))
    return new AppError(
      "UNAVAILABLE",
      `There is no room for ${to}, and nothing was left of it: free some space or name a file on another disk.`,
    );
  if (cause.syscall === undefined) return cause;
  return new AppError("BAD_REQUEST", `${to} cannot be written (${cause.code}): name another file.`);
}

interface Writing {
  bytes: AsyncIterable<Buffer>;
  /** Called with the number of bytes that are in the file. */
  onProgress: (written: number) => void;
  signal: AbortSignal | undefined;
}

/** @throws AppError where it is there already, cannot be written, or the disk is full; nothing is left of it then */
export async function writeWhole(to: string, writing: Writing): Promise<void> {
  const fail = (cause: NodeJS.ErrnoException) => {
    throw explain(to, cause);
  };
  // It holds the name, so that no other backup is overwritten at the end. Empty, it is no backup.
  const place = await open(to, "wx", 0o600).catch(fail);
  await place.close();
  const unfinished = `${to}.part`;
  try {
    await writeAll(unfinished, writing);
    await rename(unfinished, to);
    const directory = await open(dirname(to), "r");
    await directory.sync();
    await directory.close();
  } catch (error) {
    for (const path of [unfinished, to]) await rm(path, { force: true });
    if (writing.signal?.aborted) throw new AppError("CONFLICT", `${to} was broken off, and nothing was left of it.`);
    fail(error as NodeJS.ErrnoException);
  }
}

async function writeAll(path: string, { bytes, onProgress, signal }: Writing): Promise<void> {
  // One that was left by a backup that was killed may be anybody's by now.
  await rm(path, { force: true });
  const file = await open(path, "wx", 0o600);
  try {
    let written = 0;
    for await (const piece of bytes) {
      signal?.throwIfAborted();
      await file.appendFile(piece);
      written += piece.length;
      onProgress(written);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}
