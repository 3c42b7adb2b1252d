import type { ReactNode } from "react";
import { formatShare } from "#components/ui/format.ts";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type { Disk, Retention } from "#server/contracts/retention.ts";
import { countedKind, days, formatSize, sizeOf } from "./stored-words.ts";

export const NUMBERS_GRID =
  "mb-3 grid grid-cols-4 gap-px overflow-hidden rounded-lg border border-line bg-line max-md:grid-cols-2";
export const NUMBER_CELL = "bg-surface px-3.5 py-2.5";

interface NumberProps {
  label: string;
  value: string;
  unit?: string;
  children: ReactNode;
}

const KeyNumber = ({ label, value, unit, children }: NumberProps) => (
  <div className={NUMBER_CELL}>
    <dt className="text-muted text-xs">{label}</dt>
    <dd>
      <span className="font-semibold text-[22px] leading-7 tracking-[-0.02em]">{value}</span>{" "}
      {unit ? <span className="font-medium text-muted">{unit}</span> : null}
      <p className="text-muted text-xs">{children}</p>
    </dd>
  </div>
);

/** The traffic of all teams fills it, and their number is not this team's to know. */
function diskWords(disk: Disk | null): { value: string; unit?: string; children: string } {
  if (!disk) return { value: "unknown", children: "the database runs elsewhere; see its own monitoring" };
  const { total_bytes, free_bytes, full_in_days } = disk;
  const room = `${formatSize(free_bytes)} of ${formatSize(total_bytes)} free, ${formatShare(free_bytes / total_bytes)}`;
  if (full_in_days === null) return { value: "never", children: `at today's traffic; ${room}` };
  return {
    value: `in ${full_in_days}`,
    unit: full_in_days === 1 ? "day" : "days",
    children: `at today's traffic; ${room}`,
  };
}

/** What is kept now, what a day adds, where that ends, and whether there is room for it. */
export function RetentionNumbers({ retention }: { retention: Retention }) {
  const { stored, oldest_at, disk } = retention;
  const bytes = stored.reduce((sum, one) => sum + one.bytes, 0);
  const growth = stored.reduce((sum, one) => sum + one.last_day_bytes, 0);
  const requests = stored.find(({ kind }) => kind === "request");
  const [size, unit] = sizeOf(bytes);
  const [added, addedUnit] = sizeOf(growth);
  const [settled, settledUnit] = sizeOf(growth * retention.days);
  return (
    <dl className={NUMBERS_GRID}>
      <KeyNumber label="On disk" value={size} unit={unit}>
        {oldest_at === null ? (
          "nothing yet"
        ) : (
          <>
            indexes left out; oldest <RelativeTime iso={oldest_at} />
          </>
        )}
      </KeyNumber>
      <KeyNumber label="Grows by" value={added} unit={`${addedUnit} a day`}>
        {requests ? countedKind({ ...requests, rows: requests.last_day_rows }) : null} in the last 24 h
      </KeyNumber>
      <KeyNumber label="Settles at" value={settled} unit={settledUnit}>
        {days(retention.days)} of today&apos;s traffic
      </KeyNumber>
      <KeyNumber label="Disk full" {...diskWords(disk)} />
    </dl>
  );
}
