"use client";

import { Sparkline } from "#components/data/sparkline.tsx";
import { waitingAt } from "#components/live/live-state.ts";
import { useIsAtLeast, useLiveState } from "#components/live/use-live.ts";
import { formatCount } from "#components/ui/format.ts";
import type { Overview } from "#server/contracts/overview.ts";
import type { Difference } from "./compare.ts";
import { KEY_NUMBERS, keyNumberCard, keyNumbersGrid } from "./numbers.ts";

const Differs = ({ from }: { from: Difference | undefined }) =>
  from ? (
    <>
      <span className="whitespace-nowrap font-medium text-ink-2">{from.by}</span> {from.than}
    </>
  ) : (
    "nothing to compare with yet"
  );

/** What is not delivered yet, which is more to the point than a difference; that where nothing waits. */
function WaitingOr({ from }: { from: Difference | undefined }) {
  const waiting = waitingAt(useLiveState("counts"));
  const isAtLeast = useIsAtLeast();
  if (!waiting || waiting.held + waiting.queued === 0) return <Differs from={from} />;
  const plus = isAtLeast ? "+" : "";
  const parts = [
    waiting.held > 0 && `${formatCount(waiting.held)}${plus} held`,
    waiting.queued > 0 && `${formatCount(waiting.queued)}${plus} queued`,
  ];
  return <span className="font-medium text-ink-2">{parts.filter(Boolean).join(", ")}</span>;
}

/** The four numbers of the window, each with its shape and how it differs from the time before. */
export function KeyNumbers({ overview: { totals, previous, spans, window } }: { overview: Overview }) {
  return (
    <dl className={keyNumbersGrid}>
      {KEY_NUMBERS.map(({ label, colour, measure, format, differ }) => (
        <div key={measure} className={keyNumberCard}>
          <dt className="text-muted">{label}</dt>
          <dd className="whitespace-nowrap font-semibold text-2xl tracking-[-0.022em] max-md:text-xl">
            {format(totals[measure])}
          </dd>
          <dd className="mb-2 min-h-4 text-muted text-xs leading-4 max-md:min-h-8">
            {measure === "delivered_count" ? (
              <WaitingOr from={differ(totals, previous, window)} />
            ) : (
              <Differs from={differ(totals, previous, window)} />
            )}
          </dd>
          <dd className="-mx-4 mt-auto max-md:-mx-3">
            <Sparkline values={spans.map((span) => span[measure])} colour={colour} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
