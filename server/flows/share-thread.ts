/** Lets others have the thread now and then: a look at thousands of resources takes long. */
const EVERY = 25;

/** To be awaited before each of many steps. */
export const shareThread = (index: number): Promise<unknown> | undefined =>
  index % EVERY === 0 ? new Promise((resolve) => setImmediate(resolve)) : undefined;
