"use client";

import { lazy } from "react";
import { Later } from "#components/ui/later.tsx";
import { useReplayAsk } from "./ask.ts";

const loadDialog = async () => ({ default: (await import("./replay-dialog.tsx")).ReplayDialog });
const ReplayDialog = lazy(loadDialog);

/** Where the dialog of {@link askReplay} appears. */
export function ReplayHost() {
  const ask = useReplayAsk();
  return (
    <Later isOpen={ask !== undefined} load={loadDialog}>
      <ReplayDialog ask={ask} />
    </Later>
  );
}
