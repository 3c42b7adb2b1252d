// The words of a card on its states and rules, for those who see it and for those who hear it. Pure.
import { formatCount } from "#components/ui/format.ts";
import type { IconName } from "#components/ui/icons.tsx";
import type { RuleOutline } from "#server/contracts/topology.ts";
import type {
  Badge,
  Card,
  CardState,
  CardStateKind,
  ConnectionCard,
  DestinationCard,
  SourceCard,
} from "./graph-types.ts";

interface StateLook {
  icon: IconName;
  text: string;
  badge: string;
}

const FAILED: StateLook = { icon: "failed", text: "text-failed", badge: "bg-failed-bg text-failed" };
const HELD: StateLook = { icon: "held", text: "text-hold", badge: "bg-hold-bg text-hold" };
const QUIET: StateLook = { icon: "ignored", text: "text-muted", badge: "bg-cancelled-bg text-cancelled" };

/** One colour and one icon per state of a card, the same as an event's in that state. */
export const CARD_STATES: Readonly<Record<CardStateKind, StateLook>> = {
  broken: { ...FAILED, icon: "warning" },
  failing: FAILED,
  paused: HELD,
  held: { ...HELD, icon: "breaker" },
  retrying: { icon: "retrying", text: "text-retrying", badge: "bg-retrying-bg text-retrying" },
  queued: { icon: "queued", text: "text-queued", badge: "bg-queued-bg text-queued" },
  silent: { ...QUIET, icon: "silent" },
  disabled: { ...QUIET, icon: "minus" },
  delivering: { icon: "delivered", text: "text-delivered", badge: "bg-delivered-bg text-delivered" },
  idle: QUIET,
};

/** The look of one card's state. */
export const lookOf = ({ kind, icon }: CardState): StateLook =>
  icon === undefined ? CARD_STATES[kind] : { ...CARD_STATES[kind], icon };

const UNITS: readonly [name: string, ms: number][] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
];

/** A span that somebody has set, in the largest unit that divides it: `60 s`, `5 min`, `1.5 h`. */
export function setSpanWords(ms: number): string {
  if (ms < 1000) return `${ms} ms`;
  // A minute is written as the sixty seconds that people set it as.
  if (ms === 60_000) return "60 s";
  const [name, unitMs] = UNITS.find(([, unit]) => ms % unit === 0) ??
    UNITS.find(([, unit]) => ms >= unit) ?? ["s", 1000];
  return `${Math.round((ms / unitMs) * 10) / 10} ${name}`;
}

/** How long ago something was, without the word: `38 s`, `6 min`, `21 h`. */
export function ageWords(atMs: number, nowMs: number): string {
  const ms = Math.max(0, nowMs - atMs);
  const [name, unitMs] = UNITS.find(([, unit]) => ms >= unit) ?? ["s", 1000];
  return `${Math.floor(ms / unitMs)} ${name}`;
}

export type SlotKind = keyof RuleOutline;

export interface Slot {
  kind: SlotKind;
  /** In the head of its column. */
  title: string;
  icon: IconName;
  /** Null: there is no such rule. */
  value: string | null;
}

const clauses = (count: number | null) => (count === null ? "many" : String(count));

/** The five rules in the order in which they run. */
export function slotsOf({ deduplicate, transform, filter, delay, retry }: RuleOutline): readonly Slot[] {
  return [
    {
      kind: "deduplicate",
      title: "Dedupe",
      icon: "dedupe",
      value: deduplicate ? setSpanWords(deduplicate.window) : null,
    },
    { kind: "transform", title: "Transform", icon: "transform", value: transform ? `v${transform.version}` : null },
    { kind: "filter", title: "Filter", icon: "filter", value: filter ? clauses(filter.clause_count) : null },
    { kind: "delay", title: "Delay", icon: "clock", value: delay ? setSpanWords(delay.delay) : null },
    { kind: "retry", title: "Retry", icon: "retrying", value: retry ? `${retry.count + 1}×` : null },
  ];
}

/** A slot for those who do not see its icon: `Filter, 3 clauses`, `No delay`. */
export function slotWords({ kind, value }: Slot, rules: RuleOutline): string {
  if (value === null) return `No ${kind}`;
  switch (kind) {
    case "deduplicate":
      return `Deduplicate within ${value}`;
    case "transform":
      return `Transform with ${rules.transform?.name ?? "a script"} ${value}`;
    case "filter":
      return value === "1" ? "Filter, 1 clause" : `Filter, ${value} clauses`;
    case "delay":
      return `Delay of ${value}`;
    case "retry":
      return value === "1×" ? "Retry, 1 try in all" : `Retry, ${value.slice(0, -1)} tries in all`;
  }
}

const BADGE_WORDS: Record<Badge["state"], string> = {
  FAILED: "failed",
  HOLD: "held",
  RETRYING: "retrying",
  QUEUED: "queued",
  SCHEDULED: "scheduled",
};
export const badgeWords = ({ state, count }: Badge) => `${formatCount(count)} ${BADGE_WORDS[state]}`;

const perMinuteWords = (perMinute: number | undefined) =>
  perMinute === undefined ? "" : `${formatCount(Math.round(perMinute))} a minute`;

const sentence = (...parts: readonly (string | false | undefined | null)[]) =>
  parts.filter((part) => typeof part === "string" && part !== "").join(", ");

const VERIFIED_WORDS: Record<SourceCard["verification"], string> = {
  signature: "verified",
  shared_secret: "verified",
  missing: "without its secret",
  none: "not verified",
};

function sourceLabel(card: SourceCard): string {
  const rejected = card.rejectedLastHour ? `${formatCount(card.rejectedLastHour)} rejected in an hour` : "";
  return sentence(
    `Source ${card.name}`,
    card.state.word,
    VERIFIED_WORDS[card.verification],
    perMinuteWords(card.perMinute),
    rejected,
  );
}

const connectionLabel = (card: ConnectionCard) =>
  sentence(
    `Connection ${card.name}`,
    card.state.word,
    card.state.detail,
    perMinuteWords(card.perMinute),
    ...card.badges.shown.map(badgeWords).filter((words) => ![card.state.word, card.state.detail].includes(words)),
  );

const destinationLabel = (card: DestinationCard) =>
  sentence(
    `Destination ${card.name}`,
    card.state.word,
    card.state.detail,
    card.queueDepth !== undefined && card.queueDepth > 0 && `${formatCount(card.queueDepth)} in its queue`,
    card.inFlight !== undefined && card.inFlight > 0 && `${card.inFlight} of ${card.concurrency} under way`,
  );

/** What a screen reader says when it comes to a card. */
export function cardLabel(card: Card): string {
  switch (card.kind) {
    case "source":
      return sourceLabel(card);
    case "connection":
      return connectionLabel(card);
    case "destination":
      return destinationLabel(card);
  }
}

/** Where the events of a badge are listed. */
export const badgeHref = (connectionId: string, state: Badge["state"]) =>
  `/events?status=${state}&connection_id=${connectionId}`;

/** The part of a source's address that tells it from others: `/e/src_01k9v3…q8zt`. */
export function shortUrl(url: string): string {
  const path = URL.canParse(url) ? new URL(url).pathname : url;
  return path.length > 22 ? `${path.slice(0, 15)}…${path.slice(-4)}` : path;
}
