"use client";

import { useEffect, useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Icon } from "#components/ui/icon.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import type { ChangedSince } from "#server/contracts/changed-since.ts";
import { deedWords, whoWords } from "./conflict-words.ts";
import { isClash, type Meanwhile } from "./values.ts";

interface ConflictPanelProps {
  since: ChangedSince;
  meanwhile: readonly Meanwhile[];
  /** What a field is called, and how a value of it reads. */
  labelOf: (field: string) => string;
  textOf: (field: string, value: unknown) => string;
  isBusy: boolean;
  /** @param dropped the fields for which theirs stay */
  onSettle: (dropped: ReadonlySet<string>) => void;
}

type Side = "theirs" | "mine";
const SIDES = [
  { value: "theirs", label: "Theirs" },
  { value: "mine", label: "Mine" },
] as const;

/** Somebody else has saved first: who and what, both values of each field, and the choice. Nothing is saved before it. */
export function ConflictPanel({ since, meanwhile, labelOf, textOf, isBusy, onSettle }: ConflictPanelProps) {
  const clashes = meanwhile.filter(isClash);
  const others = meanwhile.filter((each) => !isClash(each));
  const [sides, setSides] = useState<Readonly<Record<string, Side>>>({});
  const isChosen = clashes.every(({ field }) => sides[field]);
  const box = useRef<HTMLElement>(null);
  useEffect(() => box.current?.focus(), []);
  const settleAll = (side: Side) => onSettle(new Set(side === "theirs" ? clashes.map(({ field }) => field) : []));
  const settle = () =>
    onSettle(new Set(clashes.filter(({ field }) => sides[field] === "theirs").map(({ field }) => field)));
  return (
    <section
      ref={box}
      tabIndex={-1}
      aria-label="Changed meanwhile"
      role="alert"
      className="m-4 grid gap-2.5 rounded-lg border border-hold-solid bg-surface px-3.5 py-3 outline-none"
    >
      <div>
        <p className="flex items-center gap-1.5 font-medium">
          <Icon name="warning" className="text-hold" />
          Nothing was saved: it was changed while you edited
        </p>
        <ul className="mt-1 text-muted text-xs">
          {since.changes.map((change) => (
            <li key={`${change.created_at} ${change.action}`}>
              <b className="font-medium text-ink">{whoWords(change)}</b> {deedWords(change, labelOf)},{" "}
              <RelativeTime iso={change.created_at} />
            </li>
          ))}
          {since.changes.length === 0 ? (
            <li>
              by hand, <RelativeTime iso={since.updated_at} />
            </li>
          ) : null}
        </ul>
      </div>
      {clashes.map(({ field, theirs, mine }) => (
        <div key={field} className="grid gap-1 border-line border-t pt-2">
          <div className="flex items-center gap-2">
            <p className="min-w-0 flex-1 font-medium text-xs">{labelOf(field)}</p>
            <Segmented
              label={`${labelOf(field)}: theirs or mine`}
              options={SIDES}
              value={sides[field]}
              onChange={(side) => setSides({ ...sides, [field]: side })}
            />
          </div>
          <dl className="grid grid-cols-[52px_minmax(0,1fr)] gap-x-2 text-xs [overflow-wrap:anywhere]">
            <dt className="text-muted">Theirs</dt>
            <dd className="font-mono">{textOf(field, theirs)}</dd>
            <dt className="text-muted">Mine</dt>
            <dd className="font-mono">{textOf(field, mine?.value)}</dd>
          </dl>
        </div>
      ))}
      {others.length > 0 ? (
        <p className="border-line border-t pt-2 text-muted text-xs [overflow-wrap:anywhere]">
          Not touched by you, taken over:{" "}
          {others.map(({ field, theirs }) => `${labelOf(field)} is now ${textOf(field, theirs)}`).join("; ")}.
        </p>
      ) : null}
      <div className="flex flex-wrap gap-2 border-line border-t pt-2.5">
        {clashes.length === 0 ? (
          <Button kind="primary" isBusy={isBusy} onClick={() => settleAll("mine")}>
            Save mine beside it
          </Button>
        ) : (
          <>
            <Button kind="primary" disabled={!isChosen} isBusy={isBusy} onClick={settle}>
              Save as chosen
            </Button>
            <Button isBusy={isBusy} onClick={() => settleAll("theirs")}>
              Take theirs
            </Button>
            <Button isBusy={isBusy} onClick={() => settleAll("mine")}>
              Keep mine
            </Button>
          </>
        )}
      </div>
    </section>
  );
}
