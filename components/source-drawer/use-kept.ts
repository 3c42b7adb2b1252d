"use client";

import { useEffect, useState } from "react";

function read<T>(key: string, first: T): T {
  try {
    const kept = sessionStorage.getItem(key);
    return kept === null ? first : (JSON.parse(kept) as T);
  } catch {
    return first;
  }
}

/** State that a reload and the way back keep, in this tab alone; never for a secret. Undefined forgets it. */
export function useKept<T>(key: string, first: T): [T, (next: T | undefined) => void] {
  const [value, setValue] = useState(first);
  // The server has no storage, so what was kept comes after the first drawing.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `first` is what it is when nothing was kept
  useEffect(() => setValue(read(key, first)), [key]);
  const set = (next: T | undefined) => {
    setValue(next ?? first);
    try {
      if (next === undefined) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, JSON.stringify(next));
    } catch {
      // A browser without storage forgets it with the page.
    }
  };
  return [value, set];
}
