import { visibleText } from "#server/contracts/visible-text.ts";

/** A word of a machine in a cell, whole under the pointer. */
export const Mono = ({ text }: { text: string | null }) => (
  <span className="font-mono text-xs" title={text ?? undefined}>
    {text === null ? "–" : visibleText(text)}
  </span>
);
