"use client";

import { lazy, useState } from "react";
import { useMay } from "#components/data/may.tsx";
import { useIsAtLeast, useLiveState } from "#components/live/use-live.ts";
import { Button } from "#components/ui/button.tsx";
import { useNow } from "#components/ui/clock.tsx";
import { Later } from "#components/ui/later.tsx";
import type { EventDetail } from "#server/contracts/event.ts";
import { adviceFor } from "./safe-action.ts";
import { useEventActions } from "./use-event-actions.ts";

const loadResend = async () => ({ default: (await import("./resend-dialog.tsx")).ResendDialog });
const ResendDialog = lazy(loadResend);

/** How many events its connection holds, this one among them. */
function useHeldCount({ connection_id }: EventDetail): number | undefined {
  const count = useLiveState("counts")?.[connection_id]?.hold_count;
  return useIsAtLeast() ? undefined : count;
}

const asItIs = (nowMs: number) => nowMs;

/** What can be done with the event, and whether it is needed. */
export function EventActions({ event }: { event: EventDetail }) {
  const { actions, sentence } = adviceFor(event, useNow(asItIs), useHeldCount(event));
  const { run, isBusy } = useEventActions(event);
  const maySend = useMay("events.retry");
  const [isAsked, askResend] = useState(false);
  return (
    <div className="mt-2.5 flex items-center gap-x-3 gap-y-2 max-md:flex-col max-md:items-stretch">
      <div className="flex shrink-0 gap-2 empty:hidden">
        {actions.map(({ kind, label, isPrimary }) => (
          <Button
            key={kind}
            kind={isPrimary ? "primary" : "plain"}
            isBusy={isBusy}
            {...(kind === "retry" ? { icon: "replay" as const } : kind === "resume" ? { icon: "play" as const } : {})}
            onClick={() => run(kind)}
            className="max-md:flex-1"
          >
            {label}
          </Button>
        ))}
        {maySend && event.resent_from === null ? (
          <Button kind="quiet" onClick={() => askResend(true)} className="max-md:flex-1">
            Send a copy…
          </Button>
        ) : null}
        <Later isOpen={isAsked} load={loadResend}>
          <ResendDialog event={event} isOpen={isAsked} onOpenChange={askResend} />
        </Later>
      </div>
      <p className="min-w-0 text-muted text-xs [text-wrap:pretty]">{sentence}</p>
    </div>
  );
}
