// The words of a breaker: the reason why it opened, its next probe, and the name of what a receiver refuses. Pure.
import { formatCount } from "#components/ui/format.ts";
import type { BreakerReading, ReceiverTrouble } from "#server/contracts/breaker.ts";

const TROUBLES: Record<ReceiverTrouble, string> = {
  gone: "Says that it is gone",
  refuses_credentials: "Refuses our credentials",
  forbids: "Forbids what we send",
  not_found: "Has no such address",
  too_many_requests: "Gets too many requests",
  fails: "Fails",
  unreachable: "Cannot be reached",
  silent: "Does not answer",
};

/** `Refuses our credentials (401)` */
export function refusalWords({ trouble, response_status }: NonNullable<BreakerReading["refusal"]>): string {
  return response_status === null ? TROUBLES[trouble] : `${TROUBLES[trouble]} (${response_status})`;
}

const ANSWERS: Partial<Record<ReceiverTrouble, string>> = { unreachable: "no connection", silent: "no answer" };

/** `20 × 503`, `52 % of 60 tries`, `by hand`. */
function reasonWords(because: BreakerReading["because"]): string {
  if (because === null) return "";
  if (because.kind === "forced") return "by hand";
  if (because.kind === "share")
    return `${Math.round((100 * because.failures) / because.tries)} % of ${formatCount(because.tries)} tries failed`;
  const answer = ANSWERS[because.trouble] ?? because.response_status ?? "no answer";
  return `${formatCount(because.failures)} × ${answer}`;
}

/** The first line of what an open breaker says: `Breaker open after 20 × 503`. */
export function openWords({ because }: BreakerReading): string {
  if (because === null) return "Breaker open";
  if (because.kind === "forced") return "Breaker opened by hand";
  return `Breaker open ${because.kind === "share" ? "as" : "after"} ${reasonWords(because)}`;
}

/** `0:42`, and `now` where it is due. */
export function untilWords(iso: string | null, nowMs: number): string {
  if (iso === null) return "";
  const seconds = Math.ceil((Date.parse(iso) - nowMs) / 1_000);
  if (seconds <= 0) return "now";
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** The second line: `Holding since 02:12, probe in 0:42`. */
export function holdingWords({ state, since, next_probe_at }: BreakerReading, nowMs: number): string {
  const from = since === null ? "Holding" : `Holding since ${since.slice(11, 16)}`;
  if (state === "half_open" && next_probe_at !== null) return `${from}, probing`;
  const until = untilWords(next_probe_at, nowMs);
  return until === "" ? from : `${from}, probe ${until === "now" ? "now" : `in ${until}`}`;
}
