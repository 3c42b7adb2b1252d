"use client";

import { useCallback } from "react";
import { holdingWords } from "#components/destination-drawer/breaker-words.ts";
import { lengthWords } from "#components/endpoints/lease-words.ts";
import { DriftMark } from "#components/flows/drift-mark.tsx";
import { IssueMark } from "#components/issues/issue-mark.tsx";
import { cn } from "#components/ui/class-names.ts";
import { useNow } from "#components/ui/clock.tsx";
import { formatCount, formatDuration } from "#components/ui/format.ts";
import { Icon } from "#components/ui/icon.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { ClockTime, Until } from "#components/ui/until.tsx";
import type { BreakerReading } from "#server/contracts/breaker.ts";
import { nextStretches } from "#server/contracts/maintenance-times.ts";
import { CardMenu } from "./card-menu.tsx";
import { CardName } from "./card-name.tsx";
import { ageWords, lookOf } from "./card-words.ts";
import type { DestinationCard as Card, LimitUse } from "./graph-types.ts";
import { orderTags } from "./order-tags.ts";
import { Rate } from "./source-card.tsx";

const SHORT: Record<LimitUse["period"], string> = { second: "s", minute: "min", hour: "h" };
const shared = (count: number) => (count > 1 ? `shared by ${count}` : "");

const SHADES = [
  "bg-muted",
  "bg-[color-mix(in_oklab,var(--muted)_70%,var(--press))]",
  "bg-[color-mix(in_oklab,var(--muted)_50%,var(--press))]",
];
const FULL_SHADES = [
  "bg-queued-solid",
  "bg-[color-mix(in_oklab,var(--queued-solid)_72%,var(--press))]",
  "bg-[color-mix(in_oklab,var(--queued-solid)_50%,var(--press))]",
];
/** More parts of five pixels tell nothing; the rest is one. */
const MOST_PARTS = 12;

function partsOf({ max, used = 0, sharers }: LimitUse): { id: string; share: number }[] {
  const busy = sharers.filter(({ perMinute }) => perMinute > 0);
  const sum = busy.reduce((total, { perMinute }) => total + perMinute, 0);
  if (sum === 0) return used > 0 ? [{ id: "all", share: Math.min(1, used / max) }] : [];
  const filled = Math.min(1, used / max);
  return busy
    .slice(0, MOST_PARTS)
    .map(({ connectionId, perMinute }) => ({ id: connectionId, share: (filled * perMinute) / sum }));
}

/** How much of the limit is used, and by whom. */
function Gauge({ limit, hasStrip }: { limit: LimitUse; hasStrip: boolean }) {
  const words = `${formatCount(limit.used ?? 0)} of ${formatCount(limit.max)} a ${limit.period}`;
  return (
    <div className={cn("text-2xs", hasStrip ? "mt-[5px]" : "mt-2")}>
      <div className="flex h-4 items-center justify-between whitespace-nowrap text-muted">
        <span>
          <span className={cn(limit.isReached && "font-medium text-queued")}>
            {limit.isReached ? "Limit reached" : "Rate"}
          </span>
          {limit.sharers.length > 1 ? <span className="text-faint"> · {shared(limit.sharers.length)}</span> : null}
        </span>
        <span>
          <b className="font-medium text-ink">{limit.used === undefined ? "–" : formatCount(limit.used)}</b> of{" "}
          {formatCount(limit.max)}/{SHORT[limit.period]}
        </span>
      </div>
      <div role="img" aria-label={words} className="mt-0.5 flex h-[5px] gap-px overflow-hidden rounded-[2px] bg-press">
        {partsOf(limit).map(({ id, share }, at) => (
          <i
            key={id}
            className={(limit.isReached ? FULL_SHADES : SHADES)[Math.min(at, 2)]}
            style={{ width: `${share * 100}%` }}
          />
        ))}
      </div>
    </div>
  );
}

function Oldest({ atMs }: { atMs: number | null | undefined }) {
  const words = useNow(useCallback((nowMs: number) => (atMs == null ? "–" : ageWords(atMs, nowMs)), [atMs]));
  return <>{words}</>;
}

const Fact = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <div>
    <dt className="text-[10.5px] text-faint leading-3">{name}</dt>
    <dd className="whitespace-nowrap font-medium text-2xs text-ink-2">{children}</dd>
  </div>
);

function Holding({ breaker }: { breaker: BreakerReading }) {
  return <>{useNow(useCallback((nowMs: number) => holdingWords(breaker, nowMs), [breaker]))}</>;
}

/** What keeps the whole destination from sending, in a strip of its own. */
function Trouble({ card }: { card: Card }) {
  const { badge, icon } = lookOf(card.state);
  const { breaker } = card;
  const isOpen = breaker !== null && (breaker.state === "open" || breaker.state === "half_open");
  return (
    <div className={cn("mt-1.5 flex gap-[7px] rounded-xs px-1.5 py-1 text-2xs", badge)}>
      <Icon name={icon} size={14} />
      <span className="min-w-0">
        <b className="block truncate font-semibold" title={card.state.word}>
          {card.state.word}
        </b>
        <span className="block truncate">
          {isOpen && card.state.untilMs === undefined ? <Holding breaker={breaker} /> : card.state.detail}
          {card.state.untilMs === undefined ? null : (
            <>
              {card.state.detail === "" ? "" : ", "}
              <Until atMs={card.state.untilMs} />
            </>
          )}
        </span>
      </span>
    </div>
  );
}

/** A ring for what registered itself: closed while its lease lasts, open when it has run out. Its page counts down. */
function LeaseTag({ card: { leaseSeconds, state } }: { card: Card }) {
  if (leaseSeconds == null) return null;
  const isOut = state.word === "Lease has run out";
  return (
    <Tag>
      <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
        <circle
          cx="5"
          cy="5"
          r="3.5"
          fill="none"
          strokeWidth="2"
          strokeDasharray={isOut ? "4 18" : "22"}
          className={isOut ? "stroke-hold-solid" : "stroke-ink-2"}
        />
      </svg>
      <span className="sr-only">Lease of </span>
      {lengthWords(leaseSeconds * 1_000)}
    </Tag>
  );
}

const DAY_MS = 86_400_000;

/** The next maintenance, where it begins within a day. */
function MaintenanceTag({ windows }: { windows: Card["maintenanceWindows"] }) {
  const nextMs = useNow(
    useCallback(
      (nowMs: number) => {
        const fromMs = nextStretches(windows, nowMs, 1)[0]?.fromMs ?? 0;
        return fromMs > nowMs && fromMs < nowMs + DAY_MS ? fromMs : 0;
      },
      [windows],
    ),
  );
  return nextMs === 0 ? null : (
    <Tag>
      <Icon name="clock" size={12} />
      <span className="sr-only">Maintenance </span>
      <ClockTime atMs={nextMs} />
    </Tag>
  );
}

/** Where events go, what it takes, and how much waits for it. */
export function DestinationBody({
  card,
  tabIndex,
  marks,
  hasStrip,
}: {
  card: Card;
  tabIndex: 0 | -1;
  marks: number;
  hasStrip: boolean;
}) {
  return (
    <div className="h-full py-2 pr-2 pl-3">
      <div className="flex h-5 items-center gap-1.5">
        <CardName card={card} marks={marks} />
        <IssueMark id={card.id} tabIndex={tabIndex} />
        <DriftMark id={card.id} tabIndex={tabIndex} />
        {card.type !== "HTTP" ? <Tag>{card.type}</Tag> : card.method ? <Tag>{card.method}</Tag> : null}
        {orderTags(card.ordering, card.hasGroups).map((tag) => (
          <Tag key={tag}>{tag}</Tag>
        ))}
        <LeaseTag card={card} />
        {card.maintenanceWindows.length === 0 ? null : <MaintenanceTag windows={card.maintenanceWindows} />}
        <span className="-mr-[3px] ml-auto">
          <CardMenu card={card} tabIndex={tabIndex} />
        </span>
      </div>
      <div className="truncate font-mono text-2xs text-muted">
        {card.host === null ? "answers as it is told" : `${card.host}${card.path ?? ""}`}
      </div>
      {hasStrip ? <Trouble card={card} /> : null}
      {card.limit ? (
        <Gauge limit={card.limit} hasStrip={hasStrip} />
      ) : (
        <div
          className={cn("flex h-4 items-center justify-between text-2xs text-muted", hasStrip ? "mt-[5px]" : "mt-2")}
        >
          <span>No rate limit</span>
          <Rate perMinute={card.perMinute} />
        </div>
      )}
      <dl className="mt-[9px] grid grid-cols-[1fr_1fr_1.15fr_1.1fr]">
        <Fact name="Queue">{card.queueDepth === undefined ? "–" : formatCount(card.queueDepth)}</Fact>
        <Fact name="Oldest">
          <Oldest atMs={card.oldestAtMs} />
        </Fact>
        <Fact name="In flight">
          {card.inFlight ?? "–"} / {card.concurrency}
        </Fact>
        <Fact name="p95">{card.p95Ms == null ? "–" : formatDuration(card.p95Ms)}</Fact>
      </dl>
    </div>
  );
}

/** The same in two short lines. */
export function DestinationRow({ card, marks }: { card: Card; marks: number }) {
  const { icon, text } = lookOf(card.state);
  const isWell = card.state.kind === "delivering" || card.state.kind === "idle";
  return (
    <div className="flex h-full flex-col justify-center pr-2.5 pl-[11px] text-xs">
      <div className="flex h-[18px] items-center gap-1.5">
        <CardName card={card} marks={marks} isSmall />
        {card.method ? <Tag>{card.method}</Tag> : null}
        {orderTags(card.ordering, card.hasGroups).map((tag) => (
          <Tag key={tag}>{tag}</Tag>
        ))}
        <span className="ml-auto">
          <Rate perMinute={card.perMinute} />
        </span>
      </div>
      <div
        className={cn("flex h-4 items-center gap-1 truncate text-2xs", isWell ? "text-muted" : `font-medium ${text}`)}
      >
        {isWell ? null : <Icon name={icon} size={12} />}
        {isWell ? calmWords(card) : [card.state.word, card.state.detail].filter(Boolean).join(", ")}
      </div>
    </div>
  );
}

function calmWords({ limit, p95Ms }: Card): string {
  const rate = limit
    ? `${limit.used === undefined ? "at most" : `${formatCount(limit.used)} of`} ${formatCount(limit.max)}/${SHORT[limit.period]}`
    : "no rate limit";
  return p95Ms == null ? rate : `${rate}, p95 ${formatDuration(p95Ms)}`;
}
