import { useEffect, useState } from "react";

const CONFIRMED_MS = 1500;

/** Copies `text`, and says for a moment that it did. Without a clipboard (plain http, no permission) it says nothing. */
export function useCopy(text: string): { isCopied: boolean; copy: () => void } {
  const [isCopied, setCopied] = useState(false);

  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), CONFIRMED_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);

  const copy = () => {
    navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      () => {},
    );
  };
  return { isCopied, copy };
}
