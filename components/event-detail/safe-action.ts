// The action that an event calls for, and one sentence on whether it is needed and safe. Pure: the same event is the same advice.
import { spanWords } from "#components/data/span-words.ts";
import { formatCount } from "#components/ui/format.ts";
import type { EventDetail } from "#server/contracts/event.ts";
import type { EndReason, HoldReason } from "#server/contracts/event-life.ts";

export type ActionKind = "retry" | "cancel" | "resume";

export interface Action {
  kind: ActionKind;
  label: string;
  /** It is what moves things on, and it is safe now. */
  isPrimary: boolean;
}

export interface Advice {
  actions: Action[];
  sentence: string;
}

type Advised = Pick<
  EventDetail,
  | "status"
  | "hold_reason"
  | "ended_because"
  | "next_attempt_at"
  | "connection_name"
  | "destination_name"
  | "attempts"
  | "waits_for"
  | "resent_from"
>;

const retry = (label: string, isPrimary = false): Action => ({ kind: "retry", label, isPrimary });
const CANCEL: Action = { kind: "cancel", label: "Cancel", isPrimary: false };
const SAME_ID = "It keeps its id, so a receiver that knows it takes it once.";

const ENDED: Record<EndReason, string> = {
  exhausted: `All retries are spent, so nothing moves until you retry. ${SAME_ID}`,
  gone: "The receiver answered 410 and said that it is gone. Retry when it is back at this address.",
  status_excluded: `The retry rule leaves this answer alone, so nothing moves until you retry. ${SAME_ID}`,
  skipped_in_order: "Later events of its order went on without it. Retry sends it now, out of that order.",
  undeliverable: "It could not be sent at all: mend what the attempt says, then retry.",
};

function failed({ ended_because }: Advised): Advice {
  // A retry out of order, or to one that is gone, is not plainly safe.
  const isSafe = ended_because !== "skipped_in_order" && ended_because !== "gone";
  return { actions: [retry("Retry now", isSafe)], sentence: ENDED[ended_because ?? "exhausted"] };
}

const heldWords = (count: number | undefined) =>
  count === undefined || count < 2
    ? "what the connection holds"
    : `the ${formatCount(count)} events that the connection holds`;

const behindWords = (waitsFor: Advised["waits_for"]) =>
  waitsFor?.status === "FAILED"
    ? "An earlier event of its order has failed, so nothing moves until you retry or cancel that one. This one goes by itself after that."
    : "An earlier event of its order has to be delivered or cancelled first. It goes by itself after that.";

function held(event: Advised, heldCount: number | undefined): Advice {
  const { hold_reason, connection_name, destination_name, waits_for } = event;
  const destination = destination_name ?? "its destination";
  const sentences: Record<HoldReason, string> = {
    connection_paused: `It waits while ${connection_name ?? "its connection"} is paused. Resuming sends ${heldWords(heldCount)}, in order.`,
    destination_disabled: `It waits while ${destination} is disabled, and goes by itself when that is enabled.`,
    breaker_open: `The breaker of ${destination} is open. It tries one event by itself and lets the rest go when that is delivered: you need do nothing.`,
    waits_for_order: behindWords(waits_for),
    group_paused: `It waits while its group is paused at ${destination}, and goes by itself when that is resumed.`,
    maintenance: `${destination} is under maintenance. It goes by itself when that is over: you need do nothing, unless its settings say otherwise.`,
    not_connected: `It waits for the listener ${destination}, which is away. It goes when that connects again, and is cancelled when the listener does not come back.`,
    lease_expired: `The lease of the endpoint ${destination} has run out. It goes by itself when the endpoint renews; if it does not, the endpoint is removed and this is cancelled.`,
    endpoint_unverified: `The endpoint ${destination} has not answered its challenge yet. It goes by itself when it has: ask it again on the page Endpoints.`,
  };
  const reason = hold_reason ?? "connection_paused";
  const resume: Action[] =
    reason === "connection_paused" && connection_name !== null
      ? [{ kind: "resume", label: `Resume ${connection_name}`, isPrimary: true }]
      : [];
  return { actions: [...resume, CANCEL], sentence: sentences[reason] };
}

function retrying({ next_attempt_at, waits_for }: Advised, nowMs: number): Advice {
  const inMs = next_attempt_at === null ? 0 : Date.parse(next_attempt_at) - nowMs;
  const when = inMs > 0 ? `in ${spanWords(Math.ceil(inMs / 1000) * 1000)}` : "as soon as its turn comes";
  return {
    actions: [retry("Retry now"), CANCEL],
    sentence: waits_for
      ? behindWords(waits_for)
      : `Tries by itself ${when}, so you need do nothing. Retry now is safe: it keeps its id.`,
  };
}

function scheduled({ next_attempt_at, waits_for }: Advised, nowMs: number): Advice {
  const inMs = next_attempt_at === null ? 0 : Date.parse(next_attempt_at) - nowMs;
  const when = inMs > 0 ? `in ${spanWords(Math.ceil(inMs / 1000) * 1000)}` : "now";
  return {
    actions: [retry("Send now"), CANCEL],
    sentence: waits_for
      ? behindWords(waits_for)
      : `Its delay ends ${when} and it goes by itself. Send now leaves the rest of the delay out.`,
  };
}

/**
 * @param nowMs the present, by the server's clock
 * @param heldCount how many events its connection holds; undefined while that is not known
 */
export function adviceFor(event: Advised, nowMs: number, heldCount?: number): Advice {
  const { actions, sentence } = adviceOf(event, nowMs, heldCount);
  if (event.resent_from === null) return { actions, sentence };
  const waits = event.status === "QUEUED" || event.status === "HOLD";
  return {
    actions: actions.filter(({ kind }) => kind !== "retry"),
    sentence: waits ? sentence : "A debug copy is sent once: send another one from the event that it copies.",
  };
}

function adviceOf(event: Advised, nowMs: number, heldCount: number | undefined): Advice {
  switch (event.status) {
    case "FAILED":
      return failed(event);
    case "RETRYING":
      return retrying(event, nowMs);
    case "SCHEDULED":
      return scheduled(event, nowMs);
    case "HOLD":
      return held(event, heldCount);
    case "QUEUED":
      return {
        actions: [CANCEL],
        sentence: event.waits_for
          ? behindWords(event.waits_for)
          : "It is in line and goes by itself: you need do nothing.",
      };
    case "DELIVERED":
      return {
        actions: [retry("Deliver again")],
        sentence: `Delivered, nothing is left to do. Delivering again sends it under the same id: a receiver that does not know ids takes it twice.`,
      };
    case "CANCELLED":
      return {
        actions: [retry("Retry")],
        sentence: `Cancelled, so it is not sent. Retry sends it after all. ${SAME_ID}`,
      };
  }
}
