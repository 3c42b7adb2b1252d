"use client";

import { useCallback, useId } from "react";
import { spanWords } from "#components/data/span-words.ts";
import { cn } from "#components/ui/class-names.ts";
import { useNow } from "#components/ui/clock.tsx";
import { formatCount } from "#components/ui/format.ts";
import { controlBox, controlHeights } from "#components/ui/input.tsx";
import type { BulkPlan } from "#server/contracts/bulk.ts";
import { capAt, durationMs, type Goal, limitPerMinute, mixOf, mostPerMinute, placeOf } from "./cap.ts";

export interface CapState {
  text: string;
  /** Sends a minute; null for none, undefined for what cannot be read. */
  value: number | null | undefined;
  error: string | undefined;
  set: (text: string) => void;
}

/** Where the slider stands for no cap: one step behind the fastest. */
const NO_CAP = 101;

/** The operation's own rate, drawn beside what its busiest destination gets at present. */
export function RateCap({ plan, cap }: { plan: BulkPlan; cap: CapState }) {
  const id = useId();
  const goal = plan.destinations[0];
  const most = goal ? mostPerMinute(goal) : 6_000;
  const value = cap.value ?? null;
  const words = value === null ? "no cap" : `${formatCount(value)} a minute`;
  return (
    <section aria-labelledby={`${id}-head`} className="px-6 py-3.5 max-md:px-4">
      <div className="flex items-center justify-between gap-3">
        <h3 id={`${id}-head`} className="font-semibold">
          Own rate cap
        </h3>
        <span className="text-muted text-xs">live traffic keeps its share</span>
      </div>
      <div className="mt-2 mb-3 flex items-center gap-2.5">
        <input
          type="text"
          inputMode="numeric"
          autoComplete="off"
          aria-label="Sends a minute"
          aria-invalid={cap.error !== undefined || undefined}
          aria-describedby={`${id}-note`}
          placeholder="No cap"
          value={cap.text}
          onChange={(event) => cap.set(event.target.value)}
          className={cn(controlBox, controlHeights.lg, "w-24 shrink-0")}
        />
        <span className="whitespace-nowrap text-muted">a minute</span>
        <input
          type="range"
          aria-label="Rate cap"
          aria-valuetext={words}
          min={0}
          max={NO_CAP}
          value={value === null ? NO_CAP : placeOf(value, most)}
          onChange={({ target }) => {
            const place = Number(target.value);
            cap.set(place >= NO_CAP ? "" : String(capAt(place, most)));
          }}
          className="ml-2 h-8 min-w-0 flex-1 accent-ink-2"
        />
      </div>
      {goal && value !== null ? <MixBar goal={goal} cap={value} /> : null}
      <p id={`${id}-note`} className="mt-2 text-muted text-xs [&_b]:font-medium [&_b]:text-ink">
        {cap.error === undefined ? (
          <Outlook plan={plan} goal={goal} cap={value} />
        ) : (
          <span role="alert" className="text-failed">
            {cap.error}
          </span>
        )}
      </p>
    </section>
  );
}

function MixBar({ goal, cap }: { goal: Goal; cap: number }) {
  const { live, replay, free, total } = mixOf(goal, cap);
  const limit = limitPerMinute(goal);
  const parts = [
    { key: "live", words: `live ${formatCount(live)}`, share: live, look: "bg-press text-muted" },
    { key: "replay", words: `replay ${formatCount(Math.round(replay))}`, share: replay, look: "bg-ink-2 text-surface" },
    { key: "free", words: formatCount(free ?? 0), share: free ?? 0, look: "bg-inset text-faint" },
  ];
  const ofLimit = limit === null ? "" : `, ${formatCount(free ?? 0)} free of ${formatCount(limit)}`;
  return (
    <div
      role="img"
      aria-label={`${goal.name}: ${live} live, ${Math.round(replay)} replay${ofLimit} a minute`}
      className="flex h-5 gap-px overflow-hidden rounded-xs text-2xs leading-5"
    >
      {parts
        .filter(({ share }) => share > 0)
        .map(({ key, words, share, look }) => (
          <span
            key={key}
            // By the script and not from the server: the policy allows that.
            style={{ width: `${(100 * share) / total}%` }}
            className={cn(
              "overflow-hidden whitespace-nowrap px-2",
              look,
              (100 * share) / total < 8 && "px-0 text-transparent",
            )}
          >
            {words}
          </span>
        ))}
    </div>
  );
}

const clockTime = (ms: number) => new Date(ms).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

function Outlook({ plan, goal, cap }: { plan: BulkPlan; goal: Goal | undefined; cap: number | null }) {
  const ms = durationMs(plan.count, cap, plan.destinations);
  const endsAt = useNow(useCallback((nowMs: number) => (ms === null ? "" : clockTime(nowMs + ms)), [ms]));
  const limit = goal && limitPerMinute(goal);
  const takes = goal ? (
    limit === null || limit === undefined ? (
      <>{goal.name} has no limit of its own. </>
    ) : (
      <>
        {goal.name} allows {formatCount(Math.round(limit))} a minute
        {cap !== null && mixOf(goal, cap).isOver ? ", less than live and this together" : ""}.{" "}
      </>
    )
  ) : null;
  if (ms === null) return <>{takes}It goes as fast as it is taken; live events do not wait behind it.</>;
  return (
    <>
      {takes}
      {cap === null ? "Without a cap" : "At this cap"} it ends in about <b>{spanWords(ms)}</b>, at {endsAt}.
    </>
  );
}
