"use client";

import { createParser, parseAsInteger, parseAsStringLiteral, useQueryStates } from "nuqs";

/** What stands beside the code: what it is tried on and what it gives, or something to know about it. */
export const SIDES = ["try", "versions", "env", "uses"] as const;
export type Side = (typeof SIDES)[number];

const PARSERS = {
  side: parseAsStringLiteral(SIDES).withDefault("try"),
  /** A request by its id, or what was pasted; the newest one where it is left out. */
  input: createParser({
    parse: (text: string) => (/^(?:pasted|req_[0-9A-HJKMNP-TV-Z]{26})$/.test(text) ? text : null),
    serialize: (input: string) => input,
  }),
  output: parseAsStringLiteral(["diff", "whole"] as const).withDefault("diff"),
  version: parseAsInteger,
};

/** The state of the page that can be shared: nothing of it is a secret or a draft. */
export function useEditorUrl() {
  const [state, set] = useQueryStates(PARSERS, { history: "replace" });
  return {
    ...state,
    set: (next: Parameters<typeof set>[0]) => void set(next),
    /** Another side is a step that the way back takes back. */
    open: (side: Side) => void set({ side: side === "try" ? null : side, version: null }, { history: "push" }),
  };
}
