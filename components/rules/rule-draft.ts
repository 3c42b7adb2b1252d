// The unsaved changes of a rule. The browser's tab keeps them, so that they survive a reload, the way back and a new
// name of the connection.
import { useState } from "react";
import type { RuleType } from "#components/graph-drawer/drawer-place.ts";
import type { Rule } from "#server/contracts/rule.ts";
import { parseJson } from "#server/json/parse.ts";
import { isSameRule } from "./rule-list.ts";

interface Kept<D> {
  /** The JSON of the saved rule that it began from. */
  from: string;
  draft: D;
}

export interface RuleDraft<D> {
  draft: D;
  setDraft: (draft: D) => void;
  /** Whether the saved rule is another than the one that the draft began from. */
  isBehind: boolean;
  /** Lets go of the draft and takes the saved rule. */
  discard: () => void;
  /** Notes that this rule is saved now. */
  settle: (saved: Rule | undefined) => void;
}

const ruleOf = (text: string) => (parseJson(text) ?? undefined) as Rule | undefined;
const textOf = (rule: Rule | undefined) => JSON.stringify(rule ?? null);

/** The part of the browser's storage that drafts need. */
export type DraftStore = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** A browser may refuse even to name its storage, or have no room: the draft then lasts as long as the page. */
export function readKept<D>(storeOf: () => DraftStore, key: string): Kept<D> | null {
  try {
    const text = storeOf().getItem(key);
    return text === null ? null : (parseJson(text) as unknown as Kept<D>);
  } catch {
    return null;
  }
}

const tabStore = () => sessionStorage;

function keep(key: string, kept: unknown): void {
  try {
    if (kept === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(kept));
  } catch {
    // It lasts as long as the page.
  }
}

/** @param fresh the draft with which the editor of a rule begins */
export function useRuleDraft<D>(
  connectionId: string,
  type: RuleType,
  saved: Rule | undefined,
  fresh: (rule: Rule | undefined) => D,
): RuleDraft<D> {
  const key = `switchyard-rule ${connectionId} ${type}`;
  const begin = (rule: Rule | undefined): Kept<D> => ({ from: textOf(rule), draft: fresh(rule) });
  const [state, setState] = useState(() => readKept<D>(tabStore, key) ?? begin(saved));
  const [isTouched, setTouched] = useState(() => readKept(tabStore, key) !== null);
  const now = textOf(saved);
  // A draft that nobody has touched follows what is saved.
  const shown = !isTouched && state.from !== now ? begin(saved) : state;
  const settle = (rule: Rule | undefined) => {
    setState(begin(rule));
    setTouched(false);
    keep(key, null);
  };
  return {
    draft: shown.draft,
    isBehind: isTouched && !isSameRule(ruleOf(state.from), saved),
    setDraft(draft) {
      const next = { from: shown.from, draft };
      setState(next);
      setTouched(true);
      keep(key, next);
    },
    discard: () => settle(saved),
    settle,
  };
}
