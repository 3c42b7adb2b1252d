// The room on a disk, for whoever cannot wait for it.
import { statfs } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** A disk that is well answers in less than a millisecond. */
const PATIENCE_MS = 300;

export interface DiskRoom {
  freeBytes: number;
  totalBytes: number;
}

type AskDisk = (path: string) => Promise<{ bavail: number; blocks: number; bsize: number }>;

/**
 * Reads the room on the disk of a directory; null where the disk says nothing within 0.3 s, or an error. One question is under
 * way at a time: a disk that hangs keeps one of the four threads on which the process also looks up names and reads files.
 */
export function makeRoomReader(path: string, ask: AskDisk = statfs): () => Promise<DiskRoom | null> {
  let asked: Promise<DiskRoom | null> | null = null;

  async function askOnce(): Promise<DiskRoom | null> {
    const room = await ask(path).catch(() => null);
    asked = null;
    return room && { freeBytes: room.bavail * room.bsize, totalBytes: room.blocks * room.bsize };
  }

  return () => {
    asked ??= askOnce();
    return Promise.race([asked, sleep(PATIENCE_MS, null, { ref: false })]);
  };
}
