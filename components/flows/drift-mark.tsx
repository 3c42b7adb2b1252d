"use client";

import Link from "next/link";
import { createContext, type ReactNode, use, useMemo } from "react";
import { Icon } from "#components/ui/icon.tsx";
import { driftWords } from "./drift-words.ts";
import { useFlows } from "./use-flows.ts";

const Drifted = createContext<ReadonlyMap<string, string>>(new Map());

/** Knows for the marks within what is not as its file says. */
export function DriftProvider({ children }: { children: ReactNode }) {
  const { data } = useFlows();
  const drifted = useMemo(() => driftWords(data?.data ?? []), [data]);
  return <Drifted value={drifted}>{children}</Drifted>;
}

/** On a card: that it is not as its file says, as the way to what differs. */
export function DriftMark({ id, tabIndex }: { id: string; tabIndex: 0 | -1 }) {
  const words = use(Drifted).get(id);
  if (words === undefined) return null;
  return (
    <Link
      href="/flows?tab=drift"
      prefetch={false}
      tabIndex={tabIndex}
      aria-label={words}
      title={words}
      className="nopan grid size-4 shrink-0 place-items-center rounded-xs bg-hold-bg text-hold"
    >
      <Icon name="drift" size={12} />
    </Link>
  );
}
