"use client";

import Link from "next/link";
import { type ReactNode, useCallback } from "react";
import { spanWords } from "#components/data/span-words.ts";
import { useNow } from "#components/ui/clock.tsx";
import { EVENT_STATES } from "#components/ui/event-state.tsx";
import { formatCount } from "#components/ui/format.ts";
import { Icon } from "#components/ui/icon.tsx";
import { ProgressBar } from "#components/ui/progress-bar.tsx";
import type { BulkOperationDetail } from "#server/contracts/bulk.ts";
import { capPerMinute } from "./cap.ts";
import { progressOf, ratePerMinute, ratesBetween, type Sample } from "./progress.ts";
import { countWords, unitOf } from "./words.ts";

const pad = "px-6 max-md:px-4";
/** In the words of a replay. */
const STATE_WORDS: Partial<Record<string, string>> = { FAILED: "failed again", QUEUED: "in line" };

interface OperationProgressProps {
  operation: BulkOperationDetail;
  samples: readonly Sample[];
}

/** How far it is, by what became of it, and how fast it goes. */
export function OperationProgress({ operation, samples }: OperationProgressProps) {
  const { total, sent, left, segments } = progressOf(operation);
  const isCancel = operation.kind === "events_cancel";
  const share = total > 0 ? Math.floor((100 * sent) / total) : 0;
  return (
    <>
      <div className={`${pad} pt-2 pb-4`}>
        <p className="flex items-baseline gap-2">
          <span className="font-semibold text-[28px] leading-[34px] tracking-[-0.03em]">{formatCount(sent)}</span>
          <span className="text-muted">
            of {formatCount(total)} {isCancel ? "cancelled" : "sent"}
          </span>
          <b className="ml-auto font-semibold">{share} %</b>
        </p>
        <ProgressBar
          label={`${isCancel ? "Cancellation" : "Replay"} of ${countWords(total, unitOf(operation))}`}
          segments={segments}
          total={total}
          className="mt-2 mb-3 h-2 rounded-[4px]"
        />
        <p className="flex flex-wrap items-center gap-x-[18px] gap-y-1 text-xs">
          {segments.map(({ state, count }) => (
            <span key={state} className={`inline-flex items-center gap-1.5 font-medium ${EVENT_STATES[state].text}`}>
              <Icon name={EVENT_STATES[state].icon} />
              {formatCount(count)} {STATE_WORDS[state] ?? EVENT_STATES[state].word.toLowerCase()}
            </span>
          ))}
          {left > 0 ? <span className="ml-auto text-muted">{formatCount(left)} to go</span> : null}
        </p>
      </div>
      <Numbers operation={operation} samples={samples} remaining={total - sent} />
      {isCancel || samples.length < 3 ? null : <RateLine samples={samples} cap={capPerMinute(operation)} />}
      {segments.some(({ state }) => state === "FAILED") ? (
        <p className={`${pad} py-3 text-xs`}>
          <FailedLink operation={operation} />
        </p>
      ) : null}
    </>
  );
}

/** The list of events that failed, in the window and scope of the operation. */
function FailedLink({ operation: { filter } }: { operation: BulkOperationDetail }) {
  const query = new URLSearchParams({ status: "FAILED", time: `${filter.from}..${filter.to}` });
  for (const key of ["source_id", "connection_id", "destination_id"] as const) {
    const ids = filter[key];
    if (ids && ids.length > 0) query.set(key, ids.join(","));
  }
  return (
    <Link
      href={`/events?${query}`}
      prefetch={false}
      className="text-ink underline decoration-line-strong underline-offset-[3px]"
    >
      See what failed there
    </Link>
  );
}

function Numbers({ operation, samples, remaining }: OperationProgressProps & { remaining: number }) {
  const { state, created_at, finished_at } = operation;
  const isRunning = state === "RUNNING";
  const rate = ratePerMinute(samples);
  const cap = capPerMinute(operation);
  const pace = rate !== null && rate > 0 ? rate : cap;
  const startedMs = Date.parse(created_at);
  const ran = useNow(
    useCallback(
      (nowMs: number) =>
        spanWords(
          Math.max(0, Math.floor(((finished_at ? Date.parse(finished_at) : nowMs) - startedMs) / 1_000) * 1_000),
        ),
      [finished_at, startedMs],
    ),
  );
  return (
    <dl className={`${pad} grid grid-cols-4 gap-x-3 gap-y-2 border-line border-y py-2.5 max-md:grid-cols-2`}>
      <Figure name="Rate now">
        {isRunning && rate !== null ? (
          <>
            {formatCount(Math.round(rate))}
            <PerMinute />
          </>
        ) : (
          "–"
        )}
      </Figure>
      <Figure name="Cap">
        {cap === null ? (
          "None"
        ) : (
          <>
            {formatCount(Math.round(cap * 10) / 10)}
            <PerMinute />
          </>
        )}
      </Figure>
      <Figure name="Ends in">
        {isRunning && pace !== null && pace > 0 ? spanWords(Math.ceil((remaining * 60) / pace) * 1_000) : "–"}
      </Figure>
      <Figure name={isRunning ? "Running" : "Took"}>{ran}</Figure>
    </dl>
  );
}

const PerMinute = () => <span className="font-normal text-muted text-xs">/min</span>;

const Figure = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt className="text-muted text-xs">{name}</dt>
    <dd className="font-semibold text-base leading-[22px]">{children}</dd>
  </div>
);

const WIDTH = 512;
const HEIGHT = 64;
const TOP = 10;

/** The rate since the watching began, under the cap. */
function RateLine({ samples, cap }: { samples: readonly Sample[]; cap: number | null }) {
  const rates = ratesBetween(samples);
  const most = Math.max(1, cap ?? 0, ...rates.map(({ perMinute }) => perMinute));
  const firstMs = rates[0]?.atMs ?? 0;
  const spanMs = Math.max(1, (rates.at(-1)?.atMs ?? 0) - firstMs);
  const y = (perMinute: number) => HEIGHT - 2 - ((HEIGHT - 2 - TOP) * perMinute) / most;
  const points = rates.map(
    ({ atMs, perMinute }) => `${((WIDTH * (atMs - firstMs)) / spanMs).toFixed(1)},${y(perMinute).toFixed(1)}`,
  );
  const name =
    cap === null
      ? "Rate since you watch"
      : `Rate since you watch, under the cap of ${formatCount(Math.round(cap))} a minute`;
  return (
    <div className={`${pad} pt-4 pb-2`}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={name}
        className="block h-16 w-full"
        preserveAspectRatio="none"
      >
        {cap === null ? null : (
          <line x1="0" x2={WIDTH} y1={y(cap)} y2={y(cap)} className="stroke-line-strong" strokeDasharray="3 3" />
        )}
        <polyline
          points={points.join(" ")}
          fill="none"
          className="stroke-ink-2"
          strokeWidth="1.5"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
    </div>
  );
}
