import type { Define } from "./guest-border.ts";

/** @param isAtom whether a value that looks like an object is copied as it is */
export function installClone(define: Define, isAtom: (value: unknown) => boolean) {
  function refuse(value: unknown): never {
    const error = new Error(`${typeof value === "function" ? "A function" : "A symbol"} cannot be cloned.`);
    error.name = "DataCloneError";
    throw error;
  }

  function copyOf(value: object, copied: Map<object, unknown>): unknown {
    const keep = <T>(copy: T): T => {
      copied.set(value, copy);
      return copy;
    };
    if (value instanceof Date) return keep(new Date(value.getTime()));
    if (value instanceof RegExp) return keep(new RegExp(value.source, value.flags));
    if (value instanceof ArrayBuffer) return keep(value.slice(0));
    if (ArrayBuffer.isView(value)) {
      const { buffer, byteOffset, byteLength } = value;
      const View = value.constructor as new (bytes: unknown) => object;
      return keep(new View(buffer.slice(byteOffset, byteOffset + byteLength)));
    }
    if (value instanceof Map) {
      const copy = keep(new Map());
      for (const [key, inner] of value) copy.set(clone(key, copied), clone(inner, copied));
      return copy;
    }
    if (value instanceof Set) {
      const copy = keep(new Set());
      for (const inner of value) copy.add(clone(inner, copied));
      return copy;
    }
    const isError = value instanceof Error;
    const copy = keep(Array.isArray(value) ? new Array(value.length) : isError ? new Error(value.message) : {});
    if (isError) (copy as Error).name = value.name;
    for (const key of Object.keys(value)) {
      const inner = clone((value as Record<string, unknown>)[key], copied);
      Object.defineProperty(copy, key, { value: inner, writable: true, enumerable: true, configurable: true });
    }
    return copy;
  }

  function clone(value: unknown, copied: Map<object, unknown>): unknown {
    if (typeof value === "function" || typeof value === "symbol") return refuse(value);
    if (typeof value !== "object" || value === null || isAtom(value)) return value;
    return copied.has(value) ? copied.get(value) : copyOf(value, copied);
  }
  define(globalThis, "structuredClone", (value: unknown) => clone(value, new Map()));
}
