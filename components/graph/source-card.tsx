"use client";

import { type ReactNode, useCallback } from "react";
import { DriftMark } from "#components/flows/drift-mark.tsx";
import { IssueMark } from "#components/issues/issue-mark.tsx";
import { cn } from "#components/ui/class-names.ts";
import { useNow } from "#components/ui/clock.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { formatCount } from "#components/ui/format.ts";
import { Icon } from "#components/ui/icon.tsx";
import { Tile } from "#components/ui/tile.tsx";
import { CardMenu } from "./card-menu.tsx";
import { CardName } from "./card-name.tsx";
import { ageWords, lookOf, shortUrl } from "./card-words.ts";
import type { SourceCard as Card } from "./graph-types.ts";

/** A number of a minute. */
export const Rate = ({ perMinute }: { perMinute: number | undefined }) =>
  perMinute === undefined ? null : (
    <span className="whitespace-nowrap text-muted text-xs">
      <b className="font-medium text-ink">{formatCount(Math.round(perMinute))}</b>/min
    </span>
  );

/** How long ago something was; it goes on while it is looked at. */
export const Age = ({ atMs }: { atMs: number }) => (
  <>{useNow(useCallback((nowMs: number) => ageWords(atMs, nowMs), [atMs]))}</>
);

const VERIFIED = {
  signature: { title: "Verified: each request is signed", icon: "shield", look: "text-delivered" },
  shared_secret: {
    title: "Verified by a shared secret, which does not vouch for the body",
    icon: "key",
    look: "text-muted",
  },
  missing: { title: "Refuses everything: it has no secret yet", icon: "shield-failed", look: "text-failed" },
  none: null,
} as const;

function Verified({ of }: { of: Card["verification"] }) {
  const look = VERIFIED[of];
  if (!look) return null;
  return (
    <span title={look.title} className={look.look}>
      <Icon name={look.icon} size={14} />
    </span>
  );
}

function Standing({ card }: { card: Card }): ReactNode {
  if (card.isDisabled || card.unusableBecause !== null) {
    const { icon, text } = lookOf(card.state);
    return (
      <span className={cn("flex items-center gap-1 truncate font-medium text-xs", text)}>
        <Icon name={icon} size={12} />
        {card.state.word}
      </span>
    );
  }
  if (card.state.kind === "silent") {
    return (
      <span className="flex items-center gap-1 text-muted text-xs">
        <Icon name="silent" size={12} />
        {card.lastRequestAtMs ? (
          <span>
            Silent for <Age atMs={card.lastRequestAtMs} />
          </span>
        ) : (
          card.state.word
        )}
      </span>
    );
  }
  return <Rate perMinute={card.perMinute} />;
}

/** Who sends, how it proves itself, where to, and how much. */
export function SourceBody({ card, tabIndex, marks }: { card: Card; tabIndex: 0 | -1; marks: number }) {
  return (
    <div className="flex h-full gap-[9px] pt-2 pr-2 pb-[7px] pl-[9px]">
      <Tile type={card.type} />
      <div className="min-w-0 flex-1">
        <div className="flex h-[18px] items-center gap-1.5">
          <CardName card={card} marks={marks} />
          <IssueMark id={card.id} tabIndex={tabIndex} />
          <DriftMark id={card.id} tabIndex={tabIndex} />
          <Verified of={card.verification} />
          <span className="ml-auto opacity-0 group-hover:opacity-100 group-focus-within:opacity-100 pointer-coarse:opacity-100">
            <CardMenu card={card} tabIndex={tabIndex} />
          </span>
        </div>
        <div className="flex h-[17px] items-center gap-1 text-2xs text-muted">
          <span className="truncate font-mono">{shortUrl(card.url)}</span>
          <CopyButton text={card.url} what="URL" tabIndex={tabIndex} className="size-4 pointer-coarse:size-4" />
        </div>
        <div className="flex h-4 items-center gap-2.5">
          <Standing card={card} />
          {card.rejectedLastHour ? (
            <span className="inline-flex items-center gap-[3px] font-medium text-failed text-xs">
              <Icon name="shield-failed" size={12} />
              {formatCount(card.rejectedLastHour)} rejected/h
            </span>
          ) : null}
        </div>
      </div>
    </div>
  );
}

/** The same in one row. */
export function SourceRow({ card, marks }: { card: Card; marks: number }) {
  return (
    <div className="flex h-full items-center gap-[7px] pr-[9px] pl-[3px] text-xs">
      <Tile type={card.type} size="sm" />
      <CardName card={card} marks={marks} isSmall />
      {card.verification === "missing" ? <Verified of="missing" /> : null}
      <span className="ml-auto text-2xs text-muted">
        {card.state.kind === "silent" || card.isDisabled ? (
          <span title={card.state.word}>
            <Icon name={lookOf(card.state).icon} size={12} className="text-faint" />
          </span>
        ) : card.perMinute === undefined ? null : (
          formatCount(Math.round(card.perMinute))
        )}
      </span>
    </div>
  );
}
