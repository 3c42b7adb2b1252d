// How much of the work of a log-in is done: the hash of a password takes nearly all of its time.
import { createHook } from "node:async_hooks";

/** Of crypto.scrypt, as Node names it to its hooks. */
const SCRYPT = "SCRYPTREQUEST";

/** How often anybody in this process hashes a password while `work` runs. */
export async function countHashes<T>(work: () => Promise<T>): Promise<{ answer: T; hashes: number }> {
  let hashes = 0;
  const hook = createHook({
    init(_id, type) {
      if (type === SCRYPT) hashes++;
    },
  }).enable();
  try {
    return { answer: await work(), hashes };
  } finally {
    hook.disable();
  }
}
