import { cn } from "#components/ui/class-names.ts";
import { formatCount, formatShare } from "#components/ui/format.ts";
import type { RuleDay } from "./rule-day.ts";

const PARTS = [
  { key: "events", word: "went on", fill: "fill-delivered-soft", dot: "bg-delivered-soft" },
  { key: "filtered", word: "filtered", fill: "fill-line-strong", dot: "bg-line-strong" },
  { key: "duplicates", word: "duplicates", fill: "fill-ignored-solid", dot: "bg-ignored-solid" },
  { key: "failed", word: "transform failed", fill: "fill-failed-solid", dot: "bg-failed-solid" },
] as const;

/** What came to a connection in a day, and what its rules let go on. */
export function RuleFlow({ day }: { day: RuleDay | undefined }) {
  const came = day?.came ?? 0;
  let x = 0;
  return (
    <div className="min-h-[76px] border-line border-b px-4 py-3">
      <p className="flex justify-between gap-2 text-sm">
        <span className="text-muted">24 h through the rules</span>
        {day ? (
          <span className="font-medium tabular-nums">
            {formatCount(came)} in → {formatCount(day.events)} events
          </span>
        ) : null}
      </p>
      <svg
        viewBox="0 0 400 8"
        width="400"
        height="8"
        preserveAspectRatio="none"
        aria-hidden="true"
        className="my-1.5 block w-full"
      >
        <rect width="400" height="8" className="fill-press" />
        {PARTS.map(({ key, fill }) => {
          const width = came > 0 && day ? (day[key] / came) * 400 : 0;
          const part = (
            <rect key={key} x={x} width={Math.max(width - (width > 2 ? 1 : 0), 0)} height="8" className={fill} />
          );
          x += width;
          return part;
        })}
      </svg>
      <p className="flex flex-wrap gap-x-3 text-muted text-xs">
        {day && came > 0
          ? PARTS.filter(({ key }) => key === "events" || day[key] > 0).map(({ key, word, dot }) => (
              <span key={key} className="inline-flex items-center gap-1.5">
                <span className={cn("size-2 rounded-[2px]", dot)} />
                {formatShare(day[key] / came)} {word}
              </span>
            ))
          : day
            ? "Nothing came in this time."
            : null}
      </p>
    </div>
  );
}
