"use client";

import { useCallback } from "react";
import { useNow } from "#components/ui/clock.tsx";
import { StateBadge } from "#components/ui/event-state.tsx";
import { ClockTime, Until } from "#components/ui/until.tsx";
import type { MaintenanceWindow } from "#server/contracts/maintenance.ts";
import { maintenanceAt, nextStretches } from "#server/contracts/maintenance-times.ts";

/** The maintenance that lasts, or the next one. */
export function MaintenanceNow({ windows }: { windows: readonly MaintenanceWindow[] }) {
  const untilMs = useNow(useCallback((nowMs: number) => maintenanceAt(windows, nowMs).untilMs ?? 0, [windows]));
  const nextMs = useNow(useCallback((nowMs: number) => nextStretches(windows, nowMs, 1)[0]?.fromMs ?? 0, [windows]));
  if (untilMs !== 0) {
    return (
      <p className="flex items-center gap-1.5 text-muted text-xs">
        <StateBadge state="HOLD">Maintenance</StateBadge>
        <Until atMs={untilMs} />
      </p>
    );
  }
  return nextMs === 0 ? null : (
    <p className="text-muted text-xs">
      Next maintenance <ClockTime atMs={nextMs} />
    </p>
  );
}
