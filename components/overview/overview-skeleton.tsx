import { KEY_NUMBERS, keyNumbersGrid } from "./numbers.tsx";

const bar = "rounded-sm motion-safe:animate-pulse bg-line";
const ROWS = Array.from({ length: 8 }, (_, i) => i);

/** The overview's layout before its data. */
export function OverviewSkeleton() {
  return (
    <div role="status" aria-label="Loading">
      <div className={`h-7 w-32 ${bar}`} />
      <div className={keyNumbersGrid}>
        {KEY_NUMBERS.map(({ measure, label }) => (
          <div key={measure} className="bg-surface px-4 py-3">
            <div className="text-muted">{label}</div>
            <div className={`mt-0.5 h-8 w-24 ${bar}`} />
            <div className="mt-2 h-6" />
          </div>
        ))}
      </div>
      <div className={`mt-4 h-5 w-64 max-w-full ${bar}`} />
      <div className={`mt-8 h-5 w-24 ${bar}`} />
      <div className="mt-3 rounded-lg border border-line bg-surface">
        <div className="h-9" />
        {ROWS.map((row) => (
          <div key={row} className="flex h-[37px] items-center border-line border-t px-4">
            <div className={`h-4 w-full max-w-xl ${bar}`} />
          </div>
        ))}
      </div>
    </div>
  );
}
