// JSON from strangers: own properties only, and no recursion that their nesting could drive (a body may be 100,000 deep).
import { ExactNumber } from "./exact-number.ts";

/** The value of a JSON text. A number that no double holds is an `ExactNumber`. */
export type Json = null | boolean | number | string | ExactNumber | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json };

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}

export const isNumber = (value: unknown): value is number | ExactNumber =>
  typeof value === "number" || value instanceof ExactNumber;

/** The member of an object, or undefined: never something inherited, so `__proto__` and `constructor` are plain names. */
export function own(value: Json | undefined, key: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/**
 * The work that a computation may still cost, in steps of roughly one visited value. Spent below zero, the computation has
 * to end.
 */
export interface Work {
  left: number;
}

/** Deep equality as JSON: order of keys is nothing, order of elements is. False when the work runs out. */
export function jsonEquals(a: Json, b: Json, work: Work): boolean {
  const pairs: [Json, Json][] = [[a, b]];
  for (let pair = pairs.pop(); pair; pair = pairs.pop()) {
    const [left, right] = pair;
    work.left -= 1;
    if (work.left < 0) return false;
    if (left === right) continue;
    if (Array.isArray(left) && Array.isArray(right)) {
      if (left.length !== right.length) return false;
      for (const [index, element] of left.entries()) pairs.push([element, right[index] ?? null]);
    } else if (isObject(left) && isObject(right)) {
      const keys = Object.keys(left);
      if (keys.length !== Object.keys(right).length) return false;
      for (const key of keys) {
        const other = own(right, key);
        if (other === undefined) return false;
        pairs.push([left[key] ?? null, other]);
      }
    } else if (!isSameScalar(left, right)) {
      return false;
    }
  }
  return true;
}

/** Whether two values that are neither lists nor objects are equal: `1.0` and `1` are, `1` and `"1"` are not. */
export function isSameScalar(left: Json | undefined, right: Json | undefined): boolean {
  if (left === right) return true;
  return (
    left instanceof ExactNumber && right instanceof ExactNumber && left.decimal.canonical === right.decimal.canonical
  );
}
