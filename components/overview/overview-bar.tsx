"use client";

import { PageBar } from "#components/frame/page-bar.tsx";
import { Freshness } from "#components/live/freshness.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { useWindow } from "./use-window.ts";

const WINDOWS = [
  { value: "24h", label: "24 h" },
  { value: "7d", label: "7 d" },
  { value: "30d", label: "30 d" },
] as const;

/** Stands while the numbers come. */
export function OverviewBar() {
  const [window, setWindow] = useWindow();
  return (
    <PageBar title="Overview" end={<Freshness />}>
      <Segmented label="How far back" options={WINDOWS} value={window} onChange={setWindow} />
    </PageBar>
  );
}
