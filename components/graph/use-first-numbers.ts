"use client";

import { useEffect, useState } from "react";

/** Waits for the first numbers, by which the cards are ordered, and no longer than `forMs`: nothing moves once it is drawn. */
export function useFirstNumbers(isArranged: boolean, forMs: number): boolean {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), forMs);
    return () => clearTimeout(timer);
  }, [forMs]);
  return isArranged || isLate;
}
