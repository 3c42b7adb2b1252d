import { spanWords } from "#components/data/span-words.ts";
import { cn } from "#components/ui/class-names.ts";
import { formatCount } from "#components/ui/format.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { DryRun } from "#server/contracts/dry-run.ts";

interface DeduplicateDistancesProps {
  run: DryRun | undefined;
  windowMs: number;
  isCurrent: boolean;
}

/** How many requests would have been dropped, by how long after the first with their key they came. */
export function DeduplicateDistances({ run, windowMs, isCurrent }: DeduplicateDistancesProps) {
  if (!run) return <Skeleton className="h-32" />;
  const dropped = run.repeats.filter(({ within_ms }) => within_ms !== null && within_ms <= windowMs);
  const kept = run.repeats.filter(({ within_ms }) => within_ms === null || within_ms > windowMs);
  const later = kept.reduce((sum, { count }) => sum + count, 0);
  const most = Math.max(1, later, ...dropped.map(({ count }) => count));
  // The shortest window that would drop more, and how many.
  const wider = kept.find(({ within_ms, count }) => within_ms !== null && count > 0);
  return (
    <div className={cn(!isCurrent && "opacity-55")}>
      <p className="text-muted text-xs">Of the last {formatCount(run.requests)} requests</p>
      <p className="my-1 flex items-baseline gap-2">
        <b className="font-semibold text-2xl tabular-nums">{formatCount(run.draft.duplicate)}</b>
        <span>would have been dropped as duplicates</span>
      </p>
      <ul className="grid gap-1">
        {dropped.map(({ within_ms, count }) => (
          <Bar key={within_ms} label={`within ${spanWords(within_ms ?? 0)}`} count={count} most={most} />
        ))}
        <Bar label="later, kept" count={later} most={most} isKept />
      </ul>
      {wider?.within_ms ? (
        <p className="mt-2 text-muted text-xs">
          {formatCount(wider.count)} more came within {spanWords(wider.within_ms)}: a window as long would drop them
          too.
        </p>
      ) : null}
    </div>
  );
}

interface BarProps {
  label: string;
  count: number;
  most: number;
  isKept?: boolean;
}

const Bar = ({ label, count, most, isKept = false }: BarProps) => (
  <li className="grid grid-cols-[88px_minmax(0,1fr)_48px] items-center gap-2 text-xs">
    <span className="text-muted">{label}</span>
    <svg viewBox="0 0 100 6" height="6" preserveAspectRatio="none" aria-hidden="true" className="block w-full">
      <rect width={(count / most) * 100} height="6" className={isKept ? "fill-press" : "fill-ink-2"} />
    </svg>
    <span className="text-right font-medium tabular-nums">{formatCount(count)}</span>
  </li>
);
