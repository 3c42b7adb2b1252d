"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import type { TriedKind, TryIssueRule } from "#server/contracts/rule-trial.ts";
import { trialWords } from "./rule-words.ts";

/** As long as somebody is taken to be typing. */
const TYPED_MS = 300;
const FRESH_MS = 60_000;

function useLater<T>(value: T): T {
  const [later, setLater] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLater(value), TYPED_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return later;
}

interface RuleTrialNoteProps {
  kind: TriedKind;
  /** The numbers as they are saved, or as they stand in the fields. */
  numbers: Omit<TryIssueRule, "kind">;
}

/** How often these numbers would have opened an issue in the last week. */
export function RuleTrialNote({ kind, numbers }: RuleTrialNoteProps) {
  const trpc = useTRPC();
  const asked = useLater(JSON.stringify(numbers));
  const options = { staleTime: FRESH_MS, placeholderData: keepPreviousData, retry: false };
  const trial = useQuery(trpc.issues.tryRule.queryOptions({ kind, ...JSON.parse(asked) }, options));
  return (
    <p className="text-muted text-xs" aria-live="polite">
      {trial.error ? "This cannot be tried on the last week." : trialWords(trial.data)}
    </p>
  );
}
