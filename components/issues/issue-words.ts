// The words on an issue: what is so, what was checked, and the one thing to do about it. Pure.
import { spanWords } from "#components/data/span-words.ts";
import { formatCount, formatShare } from "#components/ui/format.ts";
import type { IconName } from "#components/ui/icons.tsx";
import type { Issue, IssueEvidence, IssueKind, IssueMove } from "#server/contracts/issue.ts";

interface KindLook {
  icon: IconName;
  /** The word of its state. */
  word: string;
  colour: string;
  tint: string;
  bar: string;
}

const LOOKS: Record<IssueKind, KindLook> = {
  connection_failing: { icon: "failed", word: "Failing", ...red() },
  transform_errors: { icon: "transform", word: "Throws", ...red() },
  breaker_open: {
    icon: "breaker",
    word: "Breaker open",
    colour: "text-hold",
    tint: "bg-hold-bg",
    bar: "fill-hold-solid",
  },
  backlog: {
    icon: "queued",
    word: "Falling behind",
    colour: "text-queued",
    tint: "bg-queued-bg",
    bar: "fill-queued-solid",
  },
  signature_failures: { icon: "shield-failed", word: "Rejecting", ...red() },
  source_silent: { icon: "silent", word: "Silent", ...grey() },
  payload_drift: { icon: "drift", word: "Changed shape", ...grey() },
};

function red() {
  return { colour: "text-failed", tint: "bg-failed-bg", bar: "fill-failed-solid" };
}
function grey() {
  return { colour: "text-muted", tint: "bg-inset", bar: "fill-cancelled-solid" };
}

export const lookOf = ({ kind }: Pick<Issue, "kind">): KindLook => LOOKS[kind];

/** A fact that was checked: its name, and what was found. */
export interface Fact {
  name: string;
  says: string;
}
export interface IssueAction {
  label: string;
  href: string;
  /** Safe to press now, and what moves things on. */
  isPrimary: boolean;
  icon?: IconName;
}
export interface IssueWords {
  title: string;
  detail: string;
  /** Under the title of the panel: what is so. */
  says: string;
  /** Beside the buttons: why they are safe, or that nothing is to be done. */
  safe: string;
  facts: Fact[];
  /** The heading of the facts: a guess says "probably". */
  reasoning: string;
  actions: IssueAction[];
  /** What the bars count. */
  bars: { good: string; bad: string };
}

type Of<K extends IssueKind> = Extract<IssueEvidence, { kind: K }>;
type Write<K extends IssueKind> = (issue: Issue, evidence: Of<K>) => IssueWords;

const timeOf = (iso: string) => `${iso.slice(11, 16)} UTC`;
const plural = (count: number, one: string) => `${formatCount(count)} ${count === 1 ? one : `${one}s`}`;
const panelOf = (id: string, tab?: string) => `/connections?panel=${id}${tab ? `&tab=${tab}` : ""}`;

const failing: Write<"connection_failing"> = ({ subject }, evidence) => ({
  title: `${subject.name} fails`,
  detail: evidence.last_delivered_at
    ? `${plural(evidence.failed_attempts, "attempt")} since the last delivery`
    : `${plural(evidence.failed_attempts, "attempt")}, no delivery in the last hour`,
  says: evidence.last_delivered_at
    ? `Nothing was delivered since ${timeOf(evidence.last_delivered_at)}.`
    : "Nothing was delivered in the last hour.",
  safe: "Each event is tried again by its retry rule, and none is lost. The events say what the receiver answers.",
  reasoning: "What was counted",
  facts: [
    { name: "Failed attempts", says: `${formatCount(evidence.failed_attempts)} since the last delivery` },
    { name: "Retries spent", says: `${plural(evidence.ended_failed, "event")} in the last hour` },
    {
      name: "Last delivery",
      says: evidence.last_delivered_at ? timeOf(evidence.last_delivered_at) : "none in the last hour",
    },
  ],
  actions: [
    {
      label: "See what failed",
      href: `/events?connection_id=${subject.id}&status=RETRYING,FAILED`,
      isPrimary: true,
      icon: "events",
    },
    { label: "Open the destination", href: panelOf(evidence.destination_id), isPrimary: false },
  ],
  bars: { good: "delivered", bad: "failed" },
});

const throws: Write<"transform_errors"> = ({ subject }, evidence) => ({
  title: `${subject.name} v${evidence.version} throws`,
  detail: `${evidence.is_since_saved ? "since it was saved, " : ""}on ${formatShare(evidence.errors / Math.max(1, evidence.requests))} of requests`,
  says: `${plural(evidence.errors, "request")} of the last hour ended with an error of its code.`,
  safe: "What it throws on is ignored and kept, and nothing is delivered wrong. Once it is mended, the requests can be sent through it again.",
  reasoning: evidence.is_since_saved ? "Probably the version that was saved last" : "What was counted",
  facts: [
    {
      name: "Errors",
      says: `${formatCount(evidence.errors)} of ${plural(evidence.requests, "request")} in the last hour`,
    },
    {
      name: "Version",
      says: evidence.is_since_saved
        ? `v${evidence.version}; the first error came after it was saved`
        : `v${evidence.version}; it threw before it was saved, too`,
    },
    { name: "Used by", says: plural(evidence.connection_ids.length, "connection") },
  ],
  actions: [{ label: "Open the editor", href: `/transformations/${subject.id}`, isPrimary: true, icon: "transform" }],
  bars: { good: "passed", bad: "threw" },
});

const breaker: Write<"breaker_open"> = ({ subject }, evidence) => ({
  title: `Breaker of ${subject.name} is open`,
  detail: `${evidence.because}, ${formatCount(evidence.held_count)} held`,
  says: `It opened at ${timeOf(evidence.opened_at)}: ${evidence.because}.`,
  safe: evidence.next_probe_at
    ? `It goes away by itself: the receiver is tried again at ${timeOf(evidence.next_probe_at)}. What is held loses no retry.`
    : "What is held loses no retry, and goes out when the breaker closes.",
  reasoning: "What was counted",
  facts: [
    { name: "Because", says: evidence.because },
    { name: "Held", says: plural(evidence.held_count, "event") },
  ],
  actions: [{ label: "Open the destination", href: panelOf(subject.id, "trouble"), isPrimary: false }],
  bars: { good: "delivered", bad: "held" },
});

const behind: Write<"backlog"> = ({ subject }, evidence) => ({
  title: `${subject.name} falls behind`,
  detail: `first in line ${spanWords(evidence.late_ms)} late, ${formatCount(evidence.waiting_count)} wait`,
  says: `The first event in its line should have gone out ${spanWords(evidence.late_ms)} ago.`,
  safe: "Nothing is lost while it waits. More at a time, or a higher rate, lets the line catch up; both can be put back at any time.",
  reasoning: "Why it is said",
  facts: [
    { name: "Late", says: `${spanWords(evidence.late_ms)}; it is said from ${spanWords(evidence.threshold_ms)} on` },
    { name: "Waiting", says: plural(evidence.waiting_count, "event") },
  ],
  actions: [
    { label: "Change its limits…", href: panelOf(subject.id, "pace"), isPrimary: true, icon: "metrics" },
    {
      label: "See what waits",
      href: `/events?destination_id=${subject.id}&status=QUEUED,RETRYING`,
      isPrimary: false,
    },
  ],
  bars: { good: "", bad: "waiting" },
});

const rejecting: Write<"signature_failures"> = ({ subject }, evidence) => ({
  title: `Signatures of ${subject.name} fail`,
  detail: evidence.is_probably_rotated
    ? "probably a rotated secret"
    : evidence.accepted_count > 0
      ? "others still verify: one sender, or a secret of two"
      : "none has verified: probably the wrong secret",
  says: `${plural(evidence.failed_count, "request")} failed, ${formatCount(evidence.accepted_count)} verified in the same time.`,
  safe: "A secret that is added stands beside the old one, which stays valid. What was refused is kept, and most providers send it again.",
  reasoning: evidence.is_probably_rotated ? "Probably a rotated secret" : "What was counted",
  facts: [
    {
      name: "Failed",
      says: `${formatCount(evidence.failed_count)} of ${formatCount(evidence.failed_count + evidence.accepted_count)} since the first failure`,
    },
    {
      name: "Last verified",
      says: evidence.last_accepted_at ? timeOf(evidence.last_accepted_at) : "none in the last hour",
    },
    ...(evidence.is_probably_rotated
      ? [{ name: "Speaks for it", says: "all verified until then, and none since" }]
      : []),
  ],
  actions: [
    { label: "Add the new secret…", href: panelOf(subject.id, "secrets"), isPrimary: true, icon: "key" },
    { label: "See the evidence", href: `/requests?source_id=${subject.id}&status=rejected`, isPrimary: false },
  ],
  bars: { good: "verified", bad: "rejected" },
});

const silent: Write<"source_silent"> = ({ subject }, evidence) => ({
  title: `${subject.name} is silent`,
  detail: `it is usually quiet for ${spanWords(evidence.period_ms)} at most`,
  says: `Nothing since ${timeOf(evidence.heard_at)}.`,
  safe: "Nothing here is broken. A test through the same URL shows whether the way in is open.",
  reasoning: "How its rhythm was learnt",
  facts: [
    { name: "Longest quiet", says: `${spanWords(evidence.period_ms)} from this time of day on, in 14 days` },
    { name: "Said after", says: `${spanWords(3 * evidence.period_ms)}, three times that` },
    { name: "Learnt from", says: plural(evidence.gaps_seen, "pause") },
  ],
  actions: [{ label: "Test the source…", href: panelOf(subject.id), isPrimary: false, icon: "bolt" }],
  bars: { good: "", bad: "" },
});

const drifted: Write<"payload_drift"> = ({ subject }, evidence) => ({
  title: `${evidence.event_type ?? "A payload"} changed its shape`,
  detail: `${plural(evidence.paths.length, "path")} that ${subject.name} reads`,
  says: `The newest ${formatCount(evidence.requests_now)} requests lack what ${subject.name} reads.`,
  safe: "Nothing is lost: a filter lets less pass, or a transformation finds nothing there. Try the rule on the newest requests.",
  reasoning: "What is missing",
  facts: evidence.paths.map(({ path, before, now, read_by }) => ({
    name: path,
    says: `in ${formatShare(before)} before, in ${formatShare(now)} now; read by the ${read_by}`,
  })),
  actions: [{ label: "Open its rules", href: panelOf(subject.id, "rules"), isPrimary: false }],
  bars: { good: "", bad: "" },
});

const WRITERS: { [K in IssueKind]: Write<K> } = {
  connection_failing: failing,
  transform_errors: throws,
  breaker_open: breaker,
  backlog: behind,
  signature_failures: rejecting,
  source_silent: silent,
  payload_drift: drifted,
};

export const wordsOf = (issue: Issue): IssueWords => (WRITERS[issue.kind] as Write<IssueKind>)(issue, issue.evidence);

const MOVES: Record<IssueMove["what"], string> = {
  opened: "Opened by itself",
  opened_again: "Opened again by itself",
  snoozed: "Muted",
  woken: "Unmuted",
  resolved: "Closed",
};

/** A move in a sentence. */
export const moveWords = ({ what, because, by }: IssueMove): string =>
  `${MOVES[what]}${because ? `: ${because.replace(/\.$/, "")}` : ""}${by?.kind === "api_key" ? ", by an API key" : ""}`;

/** The groups of the open list. */
export function grouped(issues: readonly Issue[]) {
  const live = issues.filter(({ state }) => state !== "resolved");
  return [
    { title: "Waits for you", issues: live.filter(({ needs_person }) => needs_person) },
    { title: "Goes away by itself, or only to know", issues: live.filter(({ needs_person }) => !needs_person) },
    { title: "Closed", issues: issues.filter(({ state }) => state === "resolved") },
  ].filter((group) => group.issues.length > 0);
}
