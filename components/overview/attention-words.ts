// The words on what needs somebody: what is so, why, and the one thing to do about it. Pure.
import { formatCount } from "#components/ui/format.ts";
import type { IconName } from "#components/ui/icons.tsx";
import type { AttentionItem } from "#server/contracts/attention.ts";
import type { HoldReason } from "#server/contracts/event-life.ts";

/** A count that stops here stands for more. */
const MANY = 1_000;

export type AttentionAction =
  | { kind: "replay"; label: string; connectionId: string; isPrimary: boolean }
  | { kind: "resume"; label: string; connectionId: string; isPrimary: true }
  | { kind: "open"; label: string; href: string; isPrimary: false };

export interface AttentionWords {
  icon: IconName;
  colour: string;
  /** After the name of what it is about. */
  title: string;
  detail: string;
  /** One short fact at the end of the row. */
  note: string;
  action: AttentionAction;
}

type Of<Kind extends AttentionItem["kind"]> = Extract<AttentionItem, { kind: Kind }>;

const many = (count: number) => (count > MANY ? `${formatCount(MANY)}+` : formatCount(count));
const timeOf = (iso: string) => iso.slice(11, 16);
const plural = (count: number, one: string) => `${many(count)} ${count === 1 ? one : `${one}s`}`;

/** `47 min`, `3 h`, `2 d`: a length of time as people say it. */
export function lengthOf(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  if (minutes < 120) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1_440)} d`;
}

function habitOf(intervalMs: number): string {
  const anHour = 3_600_000 / Math.max(intervalMs, 1);
  return anHour >= 1.5 ? `about ${formatCount(Math.round(anHour))} an hour` : `one in ${lengthOf(intervalMs)}`;
}

const openEvents = (query: string, label = "See the events"): AttentionAction => ({
  kind: "open",
  label,
  href: `/events?${query}`,
  isPrimary: false,
});

const OF_ENDPOINTS: Partial<Record<HoldReason, [because: string, until: string]>> = {
  lease_expired: [
    ": the lease of its endpoint has run out",
    " They are sent when it renews, and cancelled when it is removed.",
  ],
  endpoint_unverified: [" until its endpoint is verified", " They are sent when it has answered its challenge."],
};

function heldWords(item: Of<"connection_held">, sinceMs: number): Omit<AttentionWords, "icon" | "colour" | "note"> {
  const held = many(item.hold_count);
  const oldest = `The oldest has waited ${lengthOf(sinceMs)}.`;
  const see = openEvents(`connection_id=${item.id}&status=HOLD`);
  switch (item.reason) {
    case "connection_paused":
      return {
        title: `is paused with ${held} held`,
        detail: `${oldest} Resume sends them in their order.`,
        action: { kind: "resume", label: "Resume", connectionId: item.id, isPrimary: true },
      };
    case "breaker_open":
      return {
        title: `holds ${held} behind the breaker of its destination`,
        detail: `${oldest} A probe is sent now and then, and all go on when it is answered.`,
        action: see,
      };
    case "destination_disabled":
      return {
        title: `holds ${held}: its destination is disabled`,
        detail: `${oldest} They are sent when the destination is enabled.`,
        action: see,
      };
    case "not_connected":
      return {
        title: `holds ${held}: its listener is away`,
        detail: `${oldest} They are sent when it connects again, and cancelled when it does not come back.`,
        action: see,
      };
    case "waits_for_order":
      return {
        title: `holds ${held} that wait for one before them`,
        detail: `${oldest} They go on when that one is delivered or cancelled.`,
        action: see,
      };
    default: {
      const [because, until] = (item.reason && OF_ENDPOINTS[item.reason]) ?? ["", ""];
      return { title: `holds ${held}${because}`, detail: `${oldest}${until}`, action: see };
    }
  }
}

function failedWords(item: Of<"events_failed">): AttentionWords {
  const { first_at, last_at, is_answering, destination_name } = item;
  const [first, last] = [timeOf(first_at), timeOf(last_at)];
  const when = first === last ? `At ${first} UTC` : `From ${first} to ${last} UTC`;
  const since = is_answering
    ? `${destination_name} has taken events since.`
    : `${destination_name} has taken nothing since.`;
  return {
    icon: "failed",
    colour: "text-failed",
    title: `has ${plural(item.failed_count, "failed event")}`,
    detail: `${when}, retries spent. ${since}`,
    note: is_answering ? "safe to replay" : "may fail again",
    action: {
      kind: "replay",
      label: `Replay ${many(item.failed_count)} failed`,
      connectionId: item.id,
      isPrimary: is_answering,
    },
  };
}

/** `nowIso` is the time of the answer that the item came with. */
export function wordsOf(item: AttentionItem, nowIso: string): AttentionWords {
  const since = (iso: string) => Math.max(0, Date.parse(nowIso) - Date.parse(iso));
  switch (item.kind) {
    case "destination_failing":
      return {
        icon: "warning",
        colour: "text-retrying",
        title: `fails: ${formatCount(item.attempt_count - item.delivered_count)} of its last ${formatCount(item.attempt_count)} tries`,
        detail: "Each event is tried again by its retry rule. Other destinations are not affected.",
        note: "in 15 min",
        action: openEvents(`destination_id=${item.id}&status=RETRYING,FAILED`),
      };
    case "events_failed":
      return failedWords(item);
    case "connection_held":
      return {
        icon: item.reason === "breaker_open" ? "breaker" : "held",
        colour: "text-hold",
        note: lengthOf(since(item.oldest_at)),
        ...heldWords(item, since(item.oldest_at)),
      };
    case "source_silent":
      return {
        icon: "silent",
        colour: "text-ignored",
        title: `has been silent for ${lengthOf(since(item.last_at))}`,
        detail: `Over the last day it sent ${habitOf(item.usual_interval_ms)}.`,
        note: `last ${timeOf(item.last_at)} UTC`,
        action: { kind: "open", label: "See its requests", href: `/requests?source_id=${item.id}`, isPrimary: false },
      };
    case "rejections_spike":
      return {
        icon: "shield-failed",
        colour: "text-failed",
        title: `rejects ${plural(item.rejected_count, "request")} in 15 min`,
        detail: `In the day before it was ${item.usual_count < 1 ? "less than one" : `about ${formatCount(Math.round(item.usual_count))}`} in as long.`,
        note: "in 15 min",
        action: {
          kind: "open",
          label: "See evidence",
          href: `/requests?source_id=${item.id}&status=rejected`,
          isPrimary: false,
        },
      };
  }
}
