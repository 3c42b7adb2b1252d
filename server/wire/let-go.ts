// Gives the memory of large bytes back at once, in place of leaving it to the collector.

/** What is smaller dies young, and costs no more to collect than to free. */
const WORTH_IT_BYTES = 16 * 1024;
/** The system takes a millisecond or more to take so much back. */
const LARGE_BYTES = 4 * 1024 * 1024;

/** Large ones that nobody can reach any more. One of them is freed in each turn of the event loop. */
const moved: ArrayBuffer[] = [];

/**
 * Frees the memory behind `bytes`, which is empty from then on, as is every other view of the same memory. V8 counts the memory
 * outside of its heap, and begins a collection of the whole process for each 64 MB that have come since the last one: what is given
 * back at once is not counted, so large bodies begin none. A reference that was forgotten finds nothing, never the bytes of
 * another sender.
 *
 * Only for bytes that nobody reads any more, and that no system call is writing. A part of a larger buffer, as Node's pool is, stays
 * where it is. Source: https://tc39.es/ecma262/#sec-arraybuffer.prototype.transfer
 */
export function letGo({ buffer, byteLength }: Uint8Array): void {
  const isPart = byteLength < buffer.byteLength && buffer.byteLength <= Buffer.poolSize;
  if (byteLength < WORTH_IT_BYTES || isPart || !(buffer instanceof ArrayBuffer)) return;
  if (buffer.byteLength < LARGE_BYTES) free(buffer);
  else if (moved.push(buffer.transfer()) === 1) setImmediate(freeNext);
}

/** A copy of no bytes is all that is left of it. */
const free = (buffer: ArrayBuffer) => void buffer.transfer(0);

function freeNext(): void {
  const next = moved.pop();
  if (next) free(next);
  if (moved.length > 0) setImmediate(freeNext);
}
