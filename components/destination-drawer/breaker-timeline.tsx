"use client";

import { durationWords, readDuration } from "#components/resource-form/duration-words.ts";
import { useFormField } from "#components/resource-form/form-context.ts";

const WIDTH = 400;
const FAIL_WIDTH = 70;
const GOOD_WIDTH = 40;
const MOST_MARKS = 20;
const PROBES = 3;

const useSpan = (name: string) => readDuration(String(useFormField(`config.breaker.${name}`).value)) ?? 0;
const useCount = (name: string) => Number(String(useFormField(`config.breaker.${name}`).value).trim()) || 0;

/** What the settings mean, as a line of time: failures, probes further and further apart, good ones. */
export function BreakerTimeline() {
  const failures = useCount("consecutive_failures");
  const good = useCount("good_probes");
  const first = useSpan("probe_min_ms");
  const longest = useSpan("probe_max_ms");
  if (first <= 0) return null;
  const waits = Array.from({ length: PROBES }, (_, n) => Math.min(first * 2 ** n, Math.max(first, longest)));
  const sums = waits.map((_, n) => waits.slice(0, n + 1).reduce((sum, wait) => sum + wait, 0));
  const whole = sums.at(-1) ?? 1;
  const heldWidth = WIDTH - FAIL_WIDTH - GOOD_WIDTH - 10;
  const xOf = (ms: number) => FAIL_WIDTH + 4 + (ms / whole) * (heldWidth - 24);
  const marks = Math.min(failures, MOST_MARKS);
  const words = `${failures > 0 ? `${failures} failures` : "a share of failures"}, then held; probes after ${waits.map(durationWords).join(", ")}; ${good} good ones close it`;
  return (
    <figure aria-label={words} className="text-2xs text-muted">
      <svg viewBox={`0 0 ${WIDTH} 26`} className="block w-full" aria-hidden="true">
        {Array.from({ length: marks }, (_, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: marks are alike, and in order
          <rect key={n} x={(n * FAIL_WIDTH) / marks} y={2} width={2} height={11} className="fill-failed-solid" />
        ))}
        <rect x={FAIL_WIDTH + 4} y={3} width={heldWidth} height={9} className="fill-hold-bg" />
        {sums.map((ms) => (
          <circle key={ms} cx={xOf(ms)} cy={7.5} r={4} className="fill-surface stroke-hold" strokeWidth={1.5} />
        ))}
        {Array.from({ length: Math.min(good, 8) }, (_, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: marks are alike, and in order
          <rect key={n} x={WIDTH - GOOD_WIDTH + n * 8} y={2} width={3} height={11} className="fill-delivered-solid" />
        ))}
        {sums.map((ms, n) => (
          <text key={ms} x={xOf(ms)} y={24} textAnchor="middle" className="fill-muted text-[10px]">
            {durationWords(waits[n] ?? 0)}
          </text>
        ))}
      </svg>
      <figcaption className="flex justify-between">
        <span>{failures > 0 ? `${failures} fail` : "a share fails"}</span>
        <span className="text-hold">held, no attempt burnt</span>
        <span>{good} good</span>
      </figcaption>
    </figure>
  );
}
