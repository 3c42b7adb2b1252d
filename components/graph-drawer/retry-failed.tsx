"use client";

import { useMay } from "#components/data/may.tsx";
import { askReplay } from "#components/replay/ask.ts";
import { Button } from "#components/ui/button.tsx";
import { formatCount } from "#components/ui/format.ts";

interface RetryFailedProps {
  /** Of the last 24 hours. */
  count: number;
  where: { connection_id: string } | { destination_id: string };
  isPrimary?: boolean;
}

/** Opens the plan that sends again what has failed, which counts first. */
export function RetryFailed({ count, where, isPrimary = false }: RetryFailedProps) {
  const mayRetry = useMay("events.retry");
  if (count === 0 || !mayRetry) return null;
  return (
    <Button
      kind={isPrimary ? "primary" : "plain"}
      icon="replay"
      onClick={() => askReplay({ kind: "replay", input: { from: "now-24h", status: ["FAILED"], ...where } })}
    >
      Replay {formatCount(count)} failed
    </Button>
  );
}
