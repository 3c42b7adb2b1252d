"use client";

import { PRESETS } from "#components/data/time-range.ts";
import { TimeRangePicker } from "#components/data/time-range-picker.tsx";
import { PageBar } from "#components/frame/page-bar.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { useServerNow } from "#components/ui/clock.tsx";
import { Combobox } from "#components/ui/combobox.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { beforeWords, DIMENSIONS, type Dimension } from "./dimensions.ts";
import type { MetricsUrl } from "./metrics-url.ts";

const ALL = "all";
const VIEWS = [
  { value: ALL, label: "All" },
  ...DIMENSIONS.map((by) => ({ value: by as string, label: `By ${by}` })),
] as const;
const SPANS = PRESETS.filter(({ text }) => text !== "15m").map(({ text, words }) => ({
  value: text as string,
  label: words,
}));

interface MetricsBarProps {
  url: MetricsUrl;
  /** The sources, connections or destinations to choose from. */
  members: readonly { value: string; label: string }[];
}

/** What the charts are of: the span of time, what it is compared with, and one source, connection or destination. */
export function MetricsBar({ url, members }: MetricsBarProps) {
  const nowMs = useServerNow();
  const { time, isCompared, by, of, zone, set } = url;
  const preset = PRESETS.find((one) => time.kind === "last" && one.spanMs === time.spanMs);
  return (
    <PageBar
      title="Metrics"
      isTall
      end={
        <>
          {by === null ? null : (
            <div className="w-52">
              <Combobox
                size="md"
                aria-label={`One ${by}`}
                searchLabel={`Find a ${by}`}
                placeholder={`All ${by}s`}
                options={members}
                value={of ?? undefined}
                onChange={(id) => set({ of: id === of ? null : id })}
                {...(of === null ? {} : { action: { label: `All ${by}s`, run: () => set({ of: null }) } })}
              />
            </div>
          )}
          <Segmented
            label="Charts of"
            options={VIEWS}
            value={by ?? ALL}
            onChange={(value) => set({ by: value === ALL ? null : (value as Dimension) })}
          />
        </>
      }
    >
      <Segmented
        label="Span of time"
        options={SPANS}
        value={preset?.text ?? ""}
        onChange={(text) => {
          const chosen = PRESETS.find((one) => one.text === text);
          if (chosen) set({ time: { kind: "last", spanMs: chosen.spanMs } });
        }}
      />
      <TimeRangePicker
        value={time}
        onChange={(next) => set({ time: next })}
        zone={zone}
        onZone={(next) => set({ zone: next })}
        nowMs={nowMs}
        {...(preset ? { words: "Custom" } : {})}
      />
      <Checkbox state={isCompared} onChange={(compare) => set({ compare })}>
        Compare with the {beforeWords(time)}
      </Checkbox>
    </PageBar>
  );
}
