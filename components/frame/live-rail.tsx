"use client";

import { type LiveState, waitingAt } from "#components/live/live-state.ts";
import { useIsAtLeast, useLiveState } from "#components/live/use-live.ts";
import { formatCount } from "#components/ui/format.ts";
import { Rail, type RailProps } from "./rail.tsx";

/** What waits for a person, at the page where it is dealt with. */
function railCounts(counts: LiveState["counts"], issues: LiveState["issues"], isAtLeast: boolean): RailProps["counts"] {
  const waiting = Object.values(issues ?? {}).filter((issue) => issue.state === "open" && issue.needs_person).length;
  const failed = waitingAt(counts)?.failed ?? 0;
  const stuck = Object.values(counts ?? {}).filter((row) => row.failed_count > 0 || row.hold_count > 0).length;
  return {
    ...(stuck > 0 && { "/connections": { count: formatCount(stuck), what: stuck === 1 ? "needs you" : "need you" } }),
    ...(failed > 0 && {
      "/events": { count: `${formatCount(failed)}${isAtLeast ? "+" : ""}`, what: "failed in 24 hours" },
    }),
    ...(waiting > 0 && { "/issues": { count: formatCount(waiting), what: waiting === 1 ? "needs you" : "need you" } }),
  };
}

/** The rail with its counts, as they are now. */
export function LiveRail(props: Omit<RailProps, "counts">) {
  const counts = railCounts(useLiveState("counts"), useLiveState("issues"), useIsAtLeast());
  return <Rail {...props} {...(counts && { counts })} />;
}
