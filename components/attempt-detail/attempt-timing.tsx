import { formatDuration } from "#components/ui/format.ts";
import type { Attempt, AttemptPhases } from "#server/contracts/attempt.ts";

const PHASES: readonly { key: keyof AttemptPhases; word: string; look: string }[] = [
  { key: "dns_ms", word: "DNS", look: "fill-phase-dns" },
  { key: "connect_ms", word: "Connect", look: "fill-phase-connect" },
  { key: "tls_ms", word: "TLS", look: "fill-phase-tls" },
  { key: "wait_ms", word: "Wait", look: "fill-phase-wait" },
  { key: "read_ms", word: "Read", look: "fill-phase-read" },
];
const WIDTH = 400;

/** Where the time of an attempt went, on an axis that others may share. */
export function AttemptTiming({ attempt, axisMs }: { attempt: Attempt; axisMs?: number }) {
  const { phases, latency_ms: latencyMs } = attempt;
  if (!phases) return <p className="text-muted">{formatDuration(latencyMs)}; nothing was sent.</p>;
  const scale = WIDTH / Math.max(axisMs ?? latencyMs, 1);
  let x = 0;
  const bars = PHASES.map(({ key, word, look }) => {
    const width = phases[key] * scale;
    const bar = { word, look, ms: phases[key], x, width };
    x += width;
    return bar;
  });
  return (
    <div>
      <svg
        viewBox={`0 0 ${WIDTH} 10`}
        height="10"
        preserveAspectRatio="none"
        aria-hidden="true"
        className="block w-full rounded-[2px] bg-inset"
      >
        {bars.map((bar) => (
          <rect key={bar.word} x={bar.x} width={bar.width} height="10" className={bar.look} />
        ))}
      </svg>
      <p className="mt-1 text-muted text-xs">
        <span className="font-medium text-ink">{formatDuration(latencyMs)}</span>
        {bars
          .filter(({ ms }) => ms > 0)
          .map(({ word, ms }) => ` · ${word} ${formatDuration(ms)}`)
          .join("")}
        {phases.dns_ms + phases.connect_ms + phases.tls_ms === 0 ? " · on a connection that was open already" : ""}
      </p>
    </div>
  );
}
