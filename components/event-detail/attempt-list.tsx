import Link from "next/link";
import { answerWords, TRIGGER_WORDS } from "#components/attempt-detail/attempt-words.ts";
import { formatDuration } from "#components/ui/format.ts";
import { Icon } from "#components/ui/icon.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type { EventDetail } from "#server/contracts/event.ts";
import type { WhyStep } from "#server/contracts/why.ts";

export type TracedAttempt = Extract<WhyStep, { step: "attempt" }>;

/** Oldest first. */
export const attemptsOf = ({ why }: Pick<EventDetail, "why">): TracedAttempt[] =>
  why.filter((step): step is TracedAttempt => step.step === "attempt");

/** Each try, the newest first; every one has a page of its own. */
export function AttemptList({ attempts, total }: { attempts: readonly TracedAttempt[]; total: number }) {
  if (attempts.length === 0) return <p className="px-5 py-3 text-muted max-md:px-3.5">Nothing was sent yet.</p>;
  return (
    <>
      <ol className="divide-y divide-line">
        {attempts.toReversed().map((attempt) => (
          <AttemptRow key={attempt.attempt_id} attempt={attempt} />
        ))}
      </ol>
      {attempts.length < total ? (
        <p className="px-5 py-2 text-muted text-xs max-md:px-3.5">The newest {attempts.length} are shown.</p>
      ) : null}
    </>
  );
}

function AttemptRow({ attempt }: { attempt: TracedAttempt }) {
  const isDelivered = attempt.outcome === "delivered";
  const { code, note } = answerWords(attempt);
  return (
    <li className="flex items-center gap-3 px-5 py-2 hovered:bg-inset max-md:flex-wrap max-md:px-3.5">
      <Link
        href={`/attempts/${attempt.attempt_id}`}
        prefetch={false}
        className="inline-flex items-center gap-1.5 font-medium underline decoration-line underline-offset-4 hover:decoration-current"
      >
        <Icon name={isDelivered ? "delivered" : "failed"} className={isDelivered ? "text-delivered" : "text-failed"} />
        Attempt {attempt.number}
      </Link>
      <span className="min-w-0 flex-1">
        <span className={`font-mono text-xs ${isDelivered ? "text-ink-2" : "text-failed"}`}>{code}</span>{" "}
        <span className="text-muted text-xs">{note}</span>
      </span>
      <span className="text-muted text-xs">{TRIGGER_WORDS[attempt.trigger]}</span>
      <span className="w-16 text-right text-xs">{formatDuration(attempt.latency_ms)}</span>
      <RelativeTime iso={attempt.at} className="w-20 text-right text-muted text-xs" />
    </li>
  );
}
