"use client";

import { parseAsStringLiteral, useQueryState } from "nuqs";

/** Which part of a detail is shown, kept in the URL so that it can be shared and stays from one row to the next. */
export function usePart<V extends string>(key: string, parts: readonly [V, ...V[]]): [V, (part: V) => void] {
  const [part, setPart] = useQueryState(key, parseAsStringLiteral(parts).withDefault(parts[0]));
  return [part as V, (next) => void setPart(next === parts[0] ? null : next)];
}
