// A store of what each card shows, by id, so that news of one renders that one alone.
import { useCallback, useRef, useSyncExternalStore } from "react";

export interface SliceStore<T> {
  get(id: string): T | undefined;
  ids(): Iterable<string>;
  /** Takes the whole picture, and tells only those whose slice is another: one that equals what was there stays the same object. */
  replace(next: ReadonlyMap<string, T>): void;
  subscribe(id: string, listener: () => void): () => void;
}

/** Whether two values of plain data say the same. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every(
    (key) => Object.hasOwn(b, key) && isSame((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
  );
}

export function makeSliceStore<T>(): SliceStore<T> {
  let slices: ReadonlyMap<string, T> = new Map();
  const listeners = new Map<string, Set<() => void>>();
  return {
    get: (id) => slices.get(id),
    ids: () => slices.keys(),
    replace(next) {
      const before = slices;
      const changed = new Set<string>();
      const kept = new Map<string, T>();
      for (const [id, slice] of next) {
        const old = before.get(id);
        const stays = old !== undefined && isSame(old, slice);
        kept.set(id, stays ? old : slice);
        if (!stays) changed.add(id);
      }
      for (const id of before.keys()) if (!next.has(id)) changed.add(id);
      slices = kept;
      for (const id of changed) for (const listener of listeners.get(id) ?? []) listener();
    },
    subscribe(id, listener) {
      const own = listeners.get(id) ?? new Set();
      listeners.set(id, own.add(listener));
      return () => {
        own.delete(listener);
        if (own.size === 0 && listeners.get(id) === own) listeners.delete(id);
      };
    },
  };
}

/** The slices of these ids that there are; the same array while each of them is the same as in `before`. */
export function slicesOf<T>(store: SliceStore<T>, ids: readonly string[], before: readonly T[]): readonly T[] {
  const slices = ids.flatMap((id) => store.get(id) ?? []);
  const stays = slices.length === before.length && slices.every((slice, at) => slice === before[at]);
  return stays ? before : slices;
}

/** The slices of several ids: the component renders again when one of them changes, and says what is so then. */
export function useSlices<T>(store: SliceStore<T>, ids: readonly string[]): readonly T[] {
  const last = useRef<readonly T[]>([]);
  const key = ids.join(" ");
  const subscribe = useCallback(
    (listener: () => void) => {
      const stops = key.split(" ").map((id) => store.subscribe(id, listener));
      return () => {
        for (const stop of stops) stop();
      };
    },
    [store, key],
  );
  const read = () => {
    last.current = slicesOf(store, ids, last.current);
    return last.current;
  };
  return useSyncExternalStore(subscribe, read, read);
}

/** The slice of `id`: the component renders again when that one changes, and for no other. */
export function useSlice<T>(store: SliceStore<T>, id: string): T | undefined {
  const subscribe = useCallback((listener: () => void) => store.subscribe(id, listener), [store, id]);
  const read = () => store.get(id);
  return useSyncExternalStore(subscribe, read, read);
}
