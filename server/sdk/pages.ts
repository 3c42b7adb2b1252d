// A list that is awaited for its first page, or iterated over all its items.
import type { Page, Pages } from "./types.ts";

/** @param get the page that a cursor names; the first one where there is none */
export function pagesOf<T>(get: (next: string | undefined) => Promise<Page<T>>): Pages<T> {
  const first = get(undefined);
  async function* items(): AsyncGenerator<T> {
    let page = await first;
    for (;;) {
      yield* page.data;
      const { next } = page.pagination;
      // A page may be empty and have one that follows: a search looks through so many rows at a time.
      if (next === null) return;
      page = await get(next);
    }
  }
  return Object.assign(first, { [Symbol.asyncIterator]: items });
}
