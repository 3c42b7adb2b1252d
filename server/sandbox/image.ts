/**
 * A byte-for-byte image of an engine that is at rest, so that each run starts from the same state at the price of a copy
 * (about 250 KB, tens of microseconds) in place of a new engine (milliseconds).
 *
 * The memory of an emscripten program is: static data, an unused stretch of stack (5 MB of zeros), the used top of the
 * stack, the heap. Of a program at rest the stack is dead, so the image is what lies before and after that stretch.
 */
export interface MemoryImage {
  low: Uint8Array;
  highStart: number;
  high: Uint8Array;
}

/** Static variables that are still zero lie behind the last byte in use; emscripten puts far less than this there. */
const STATIC_MARGIN = 64 * 1024;
const HEAP_MARGIN = 64 * 1024;

/** Takes the image of `memory`. `heapEnd` is an address above every live allocation. */
export function takeImage(memory: WebAssembly.Memory, stackGap: StackGap, heapEnd: number): MemoryImage {
  const bytes = new Uint8Array(memory.buffer);
  return {
    low: bytes.slice(0, stackGap.start + STATIC_MARGIN),
    highStart: stackGap.end,
    high: bytes.slice(stackGap.end, Math.min(bytes.length, heapEnd + HEAP_MARGIN)),
  };
}

/** Puts the memory back to the image. What lies outside it is dead stack or free heap, which nothing reads before writing. */
export function restoreImage(memory: WebAssembly.Memory, image: MemoryImage): void {
  const bytes = new Uint8Array(memory.buffer);
  bytes.set(image.low, 0);
  bytes.set(image.high, image.highStart);
}

/** The unused stretch of the stack: `start` and `end` are addresses. */
export interface StackGap {
  start: number;
  end: number;
}

/**
 * Finds the longest run of zeros below `heapEnd` on an engine that was just set up. It is the same for every instance.
 * @throws when it is shorter than 1 MB, since then it is not the stack and an image would be wrong
 */
export function findStackGap(memory: WebAssembly.Memory, heapEnd: number): StackGap {
  const words = new Int32Array(memory.buffer, 0, heapEnd >>> 2);
  let best: StackGap = { start: 0, end: 0 };
  let start = 0;
  for (let index = 0; index <= words.length; index += 1) {
    if (index < words.length && words[index] === 0) continue;
    if ((index - start) * 4 > best.end - best.start) best = { start: start * 4, end: index * 4 };
    start = index + 1;
  }
  if (best.end - best.start < 1024 * 1024) throw new Error("The engine's memory has no stack where it was expected.");
  return best;
}
