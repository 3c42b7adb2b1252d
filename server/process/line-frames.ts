// The bytes of a line between processes (`local-line.ts`). To those who hear: one that says "look", or one with four for a
// length and so many behind. To those who tell: a byte for each that may be given. Whoever never asks is never given anything, so
// one of a version that only looks is told as it always was.
import type { Socket } from "node:net";

export const LOOK = Buffer.from([1]);
const GIVEN = 2;
const MORE = 3;
const HEAD_BYTES = 5;
const MAX_GIVEN_BYTES = 4 * 1024 * 1024;

export interface Ear {
  socket: Socket;
  /** What it has asked for and was not given. */
  places: number;
  /** False for one that is gone, or does not read any more, as a stopped process: it has been told often enough. */
  isOpen(): boolean;
}

/** One that hears, as one that tells knows it. */
export function makeEar(socket: Socket): Ear {
  const ear: Ear = {
    socket,
    places: 0,
    isOpen: () => !socket.connecting && !socket.destroyed && !socket.writableNeedDrain,
  };
  socket.on("data", (bytes) => {
    for (const byte of bytes) if (byte === MORE) ear.places++;
  });
  return ear;
}

export function askForMore(socket: Socket, count: number): void {
  if (!socket.destroyed) socket.write(Buffer.alloc(count, MORE));
}

/**
 * Asks for the places that become free: for `together` of them at once while the other end has more than `few` left, since to ask
 * wakes it, and for all of them when it has not.
 * @param places what it has been asked for at first
 */
export function makeAsking(
  ask: (count: number) => void,
  { places, few, together }: { places: number; few: number; together: number },
): { taken(): void; freed(): void } {
  let left = places;
  let free = 0;
  function askInTime(): void {
    if (free === 0 || (free < together && left > few)) return;
    left += free;
    ask(free);
    free = 0;
  }
  return {
    taken() {
      left--;
      askInTime();
    },
    freed() {
      free++;
      askInTime();
    },
  };
}

export function giveFrame(socket: Socket, bytes: Buffer): boolean {
  const head = Buffer.alloc(HEAD_BYTES, GIVEN);
  head.writeUInt32BE(bytes.length, 1);
  socket.cork();
  socket.write(head);
  socket.write(bytes);
  socket.uncork();
  return true;
}

interface Heard {
  onTold(): void;
  onGiven(bytes: Buffer): void;
}

/** Reads what comes in pieces. The function that it returns answers false where that is nothing of this line. */
export function makeFrameReader({ onTold, onGiven }: Heard): (piece: Buffer) => boolean {
  let rest: Buffer = Buffer.alloc(0);
  return (piece) => {
    const bytes = rest.length > 0 ? Buffer.concat([rest, piece]) : piece;
    let at = 0;
    let isTold = false;
    while (at < bytes.length) {
      if (bytes[at] === LOOK[0]) {
        isTold = true;
        at++;
        continue;
      }
      if (bytes[at] !== GIVEN) return false;
      if (at + HEAD_BYTES > bytes.length) break;
      const length = bytes.readUInt32BE(at + 1);
      if (length > MAX_GIVEN_BYTES) return false;
      const end = at + HEAD_BYTES + length;
      if (end > bytes.length) break;
      onGiven(bytes.subarray(at + HEAD_BYTES, end));
      at = end;
    }
    rest = bytes.subarray(at);
    if (isTold) onTold();
    return true;
  };
}
