// The lists and objects of one value that differ from their counterparts in another. Each list is compared element by
// element after removals and insertions, so an element that only moved up counts as untouched.
import { isObject, isSameScalar, type Json, type JsonObject, jsonEquals, type Work } from "./value.ts";

/** For a list: the old place of each new element, -1 for one that is new. */
export interface Alignment {
  origins: number[];
}

/** Comparisons that a search for moved elements may take, together. */
const MAX_SEARCH = 1_000_000;
/** The distance to which an element is looked for ahead. */
const LOOK_AHEAD = 64;

/**
 * The lists and objects of `before` whose counterpart in `after` is another value; with the alignment of each list that
 * still is a list. Recursion follows `after`, which nests some hundred levels.
 */
export function findChanges(before: Json, after: Json): Map<Json, Alignment | null> {
  const changes = new Map<Json, Alignment | null>();
  const search: Work = { left: MAX_SEARCH };
  const differs = (old: Json, now: Json): boolean => {
    if (Array.isArray(old) && Array.isArray(now)) return listDiffers(old, now);
    if (isObject(old) && isObject(now)) return objectDiffers(old, now);
    return !isSameScalar(old, now);
  };
  const listDiffers = (old: Json[], now: Json[]): boolean => {
    const origins = align(old, now, search);
    const changed = now.filter((element, index) => {
      const origin = old[origins[index] ?? -1];
      return origin === undefined || differs(origin, element);
    });
    if (changed.length === 0 && old.length === now.length) return false;
    changes.set(old, { origins });
    return true;
  };
  const objectDiffers = (old: JsonObject, now: JsonObject): boolean => {
    const keys = Object.keys(now);
    const changed = keys.filter((key) => !Object.hasOwn(old, key) || differs(old[key] ?? null, now[key] ?? null));
    if (changed.length === 0 && keys.length === Object.keys(old).length) return false;
    changes.set(old, null);
    return true;
  };
  differs(before, after);
  return changes;
}

/** Lists of one length go element by element: what differs there was changed in its place. */
function align(old: Json[], now: Json[], search: Work): number[] {
  if (old.length === now.length) return now.map((_, index) => index);
  const origins: number[] = [];
  let from = 0;
  for (const element of now) {
    const found = findEqual(old, element, from, search);
    origins.push(found);
    if (found !== -1) from = found + 1;
  }
  return origins;
}

function findEqual(old: Json[], element: Json, from: number, search: Work): number {
  for (let index = from; index < Math.min(old.length, from + LOOK_AHEAD); index += 1) {
    if (search.left <= 0) return -1;
    if (jsonEquals(old[index] ?? null, element, search)) return index;
  }
  return -1;
}
