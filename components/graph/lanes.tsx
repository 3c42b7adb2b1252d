"use client";

import { memo, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ToggleChip } from "#components/ui/chip.tsx";
import { cn } from "#components/ui/class-names.ts";
import { Count } from "#components/ui/count.tsx";
import { formatCount } from "#components/ui/format.ts";
import { Icon } from "#components/ui/icon.tsx";
import { Tile } from "#components/ui/tile.tsx";
import { Until } from "#components/ui/until.tsx";
import { CardMenu } from "./card-menu.tsx";
import { CardName } from "./card-name.tsx";
import { lookOf } from "./card-words.ts";
import { useGraph, useMarks, useTotals } from "./graph-context.ts";
import type { ConnectionCard } from "./graph-types.ts";
import { CauseLane } from "./lane-cause.tsx";
import { LANES_AT_ONCE, type LaneFilter, type LaneGroup, lanesOf, NEEDS_YOU } from "./lane-groups.ts";
import type { ListRow } from "./list-rows.ts";
import { MARK } from "./marks.ts";
import { RuleIcons } from "./rule-icons.tsx";
import { useSlice } from "./slice-store.ts";
import { Age } from "./source-card.tsx";

const FILTERS: readonly { value: LaneFilter; label: string; total: "failed" | "held" | "retrying" | "queued" }[] = [
  { value: "FAILED", label: "Failed", total: "failed" },
  { value: "HOLD", label: "Held", total: "held" },
  { value: "RETRYING", label: "Retrying", total: "retrying" },
  { value: "QUEUED", label: "Queued", total: "queued" },
];

/** The graph on a phone: what needs a person first, then the branches of each destination. */
export function Lanes({ rows, instead }: { rows: readonly ListRow[]; instead: React.ReactNode }) {
  const { cards } = useGraph();
  const { totals } = useTotals();
  const [filter, setFilter] = useState<LaneFilter>();
  const [shownHealthy, showHealthy] = useState(0);
  const { groups, causes, foldedCount } = lanesOf(rows, (id) => cards.get(id), filter, shownHealthy);
  const near = new Set(groups.flatMap(({ ids }) => ids).slice(0, LAID_OUT));
  const needCount = groups[0]?.key === NEEDS_YOU ? 1 : 0;
  return (
    <div className="min-h-0 flex-1 overflow-auto px-3 pt-2.5 pb-8">
      <div className="-mx-3 mb-1 flex gap-1.5 overflow-x-auto px-3 pb-1.5">
        <ToggleChip
          isOn={filter === undefined}
          count={formatCount(totals.needsYou)}
          onClick={() => setFilter(undefined)}
        >
          Needs you
        </ToggleChip>
        {FILTERS.filter(({ total }) => totals[total] > 0).map(({ value, label, total }) => (
          <ToggleChip
            key={value}
            isOn={filter === value}
            count={formatCount(totals[total])}
            onClick={() => setFilter(filter === value ? undefined : value)}
          >
            {label}
          </ToggleChip>
        ))}
      </div>
      {groups.slice(0, needCount).map((group) => drawGroup(group, near))}
      {causes.length > 0 ? (
        <LaneSection title="One cause, many branches" count={causes.length}>
          {causes.map(({ key, title, ids }) => (
            <CauseLane key={key} ids={ids} destination={title} />
          ))}
        </LaneSection>
      ) : null}
      {groups.slice(needCount).map((group) => drawGroup(group, near))}
      {foldedCount > 0 ? (
        <Button
          className="mt-3.5 h-10 w-full"
          icon="up-down"
          onClick={() => showHealthy((shown) => shown + LANES_AT_ONCE)}
        >
          {foldedCount > LANES_AT_ONCE
            ? `Show ${LANES_AT_ONCE} of ${formatCount(foldedCount)} healthy`
            : `Show ${formatCount(foldedCount)} healthy`}
        </Button>
      ) : null}
      {rows.length === 0 ? instead : null}
    </div>
  );
}

const drawGroup = ({ key, title, ids }: LaneGroup, near: ReadonlySet<string>) => (
  <LaneSection key={key} title={title} count={ids.length}>
    {ids.map((id) => (
      <Lane key={id} id={id} isNear={near.has(id)} />
    ))}
  </LaneSection>
);

const LaneSection = ({ title, count, children }: { title: string; count: number; children: React.ReactNode }) => (
  <section aria-label={title}>
    <h2 className="mx-0.5 mt-3.5 mb-2 flex items-center gap-1.5 font-medium text-muted text-xs">
      <span className="truncate">{title}</span>
      <Count count={formatCount(count)} />
    </h2>
    <ul className="grid gap-2">{children}</ul>
  </section>
);

const LINE: Partial<Record<ConnectionCard["state"]["kind"], string>> = {
  delivering: "border-edge-flow",
  queued: "border-edge-flow",
  paused: "border-edge-held border-dashed",
  held: "border-edge-held border-dashed",
  retrying: "border-edge-retrying",
  failing: "border-edge-failing",
  broken: "border-edge-failing",
};

/** So many lanes are laid out at once: more than a phone shows. */
const LAID_OUT = 12;

const Lane = memo(function Lane({ id, isNear }: { id: string; isNear: boolean }) {
  const { cards, go } = useGraph();
  const card = useSlice(cards, id);
  const marks = useMarks(id);
  const source = useSlice(cards, card?.kind === "connection" ? card.sourceId : "");
  const destination = useSlice(cards, card?.kind === "connection" ? card.destinationId : "");
  if (card?.kind !== "connection") return null;
  const { icon, text } = lookOf(card.state);
  return (
    <li
      data-connection={card.id}
      className={cn(
        "grid gap-[9px] rounded-lg border border-line bg-surface px-3 py-[11px]",
        // A lane out of sight costs no layout and no paint: a large team has a thousand. Those in sight would move as they are measured.
        !isNear && "[contain-intrinsic-size:auto_145px] [content-visibility:auto]",
      )}
    >
      <div className="flex items-center gap-2">
        {(marks & MARK.renaming) > 0 ? (
          <CardName card={card} marks={marks} />
        ) : (
          <button
            type="button"
            onClick={() => go.open(card.id)}
            className="min-w-0 truncate text-left font-medium text-base"
          >
            {card.name}
          </button>
        )}
        <span className={cn("ml-auto inline-flex shrink-0 items-center gap-1.5 font-medium", text)}>
          <Icon name={icon} />
          {card.state.word}
        </span>
      </div>
      <div className="flex items-center gap-[7px] text-ink-2">
        {source?.kind === "source" ? <Tile type={source.type} size="sm" /> : null}
        <span className="truncate">{source?.name}</span>
        {source?.kind === "source" && source.verification === "missing" ? (
          <span className="flex shrink-0 items-center gap-1 font-medium text-failed text-xs">
            <Icon name="shield-failed" size={12} />
            no secret
          </span>
        ) : null}
        <span className={cn("min-w-7 flex-1 border-t-2", LINE[card.state.kind] ?? "border-edge-idle")} />
        <span className="truncate">{destination?.name}</span>
      </div>
      {/* As high without a note as with one. */}
      <div className="flex min-h-4 items-center gap-2">
        <RuleIcons card={card} />
        <span className="ml-auto truncate text-muted text-xs">
          <LaneNote card={card} />
        </span>
      </div>
      <LaneActions card={card} />
    </li>
  );
});

function LaneNote({ card }: { card: ConnectionCard }) {
  const { detail, untilMs } = card.state;
  if (untilMs !== undefined) {
    return (
      <>
        {detail === "" ? "" : `${detail}, `}
        <Until atMs={untilMs} />
      </>
    );
  }
  if (card.state.detail !== "") {
    return (
      <>
        {card.state.detail}
        {card.state.sinceMs === null ? null : (
          <>
            , <Age atMs={card.state.sinceMs} />
          </>
        )}
      </>
    );
  }
  return card.perMinute === undefined ? null : (
    <>
      <b className="font-medium text-ink">{formatCount(Math.round(card.perMinute))}</b>/min
    </>
  );
}

function LaneActions({ card }: { card: ConnectionCard }) {
  const { actions, can } = useGraph();
  const held = card.badges.shown.find(({ state }) => state === "HOLD")?.count ?? 0;
  const mayPause = can.includes("connection.pause");
  const wide = "h-10 flex-1";
  return (
    <div className="flex gap-2">
      {card.action?.kind === "replay" && can.includes("events.retry") ? (
        <Button kind="primary" icon="replay" className={wide} onClick={() => actions.replay(card)}>
          Replay {formatCount(card.action.count)} failed
        </Button>
      ) : null}
      {card.isPaused && mayPause ? (
        <Button
          kind={card.action?.kind === "resume" ? "primary" : "plain"}
          icon="play"
          className={wide}
          onClick={() => void actions.setPaused(card, false)}
        >
          {held > 0 ? `Resume, send ${formatCount(held)} in order` : "Resume"}
        </Button>
      ) : null}
      {!card.isPaused && mayPause ? (
        <Button
          icon="pause"
          className={card.action ? "h-10" : wide}
          aria-label={`Pause ${card.name}`}
          onClick={() => void actions.setPaused(card, true)}
        >
          Pause
        </Button>
      ) : null}
      <CardMenu card={card} tabIndex={0} size="md" />
    </div>
  );
}
