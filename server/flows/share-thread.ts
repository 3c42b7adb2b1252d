/** Lets others have the thread now and then: a look at thousands of resources takes long. */
const EVERY = 25;

/** To be awaited before each of many steps. */
export const shareThread = (index: number): Promise<unknown> | undefined =>
  index % EVERY === 0 ? new Promise((resolve) => setImmediate(resolve)) : undefined;

/** `map` over many items that lets others have the thread. */
export async function mapShared<T, R>(items: readonly T[], work: (item: T) => R): Promise<R[]> {
  const results: R[] = [];
  for (const [index, item] of items.entries()) {
    await shareThread(index);
    results.push(work(item));
  }
  return results;
}
