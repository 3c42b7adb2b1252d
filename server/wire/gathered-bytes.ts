import { letGo } from "./let-go.ts";

/** Up to here the parts are kept as they came: most bodies are one part, and it costs nothing to hand it on. */
const PARTS_BYTES = 64 * 1024;
/** A block is at most this many times what has come: whoever announces ten megabytes and sends a few bytes takes a few. */
const GROWTH = 4;

export interface GatheredBytes {
  /** Takes the part over, with its memory. */
  add(part: Buffer): void;
  /** All of them in one buffer, which is the caller's from now on. */
  take(): Buffer;
  /** Forgets those that were not taken. */
  drop(): void;
}

/**
 * Gathers the parts of a body. One that is longer than 64 KiB goes into a single buffer as it comes: hundreds of parts that
 * live together and die together would leave the process's heap in pieces, which no allocator gives back to the system.
 *
 * @param declaredBytes the length that the sender announced, 0 when it announced none
 */
export function gatherBytes(declaredBytes: number): GatheredBytes {
  let parts: Buffer[] = [];
  let whole: Buffer | undefined;
  let bytes = 0;

  function append(part: Buffer): void {
    const needed = bytes + part.length;
    if (!whole || needed > whole.length) {
      const roomy = needed * GROWTH;
      const larger = Buffer.allocUnsafeSlow(declaredBytes < needed ? roomy : Math.min(roomy, declaredBytes));
      if (whole) {
        whole.copy(larger, 0, 0, bytes);
        letGo(whole);
      }
      whole = larger;
    }
    part.copy(whole, bytes);
    letGo(part);
    bytes = needed;
  }

  return {
    add(part) {
      if (!whole && bytes + part.length <= PARTS_BYTES) {
        parts.push(part);
        bytes += part.length;
        return;
      }
      const early = parts;
      parts = [];
      if (!whole) bytes = 0;
      for (const each of early) append(each);
      append(part);
    },
    take() {
      const taken = whole;
      whole = undefined;
      if (taken) return taken.subarray(0, bytes);
      return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts, bytes);
    },
    drop() {
      parts = [];
      if (whole) letGo(whole);
      whole = undefined;
    },
  };
}
