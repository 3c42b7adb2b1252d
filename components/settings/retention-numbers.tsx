import type { ReactNode } from "react";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type { Retention } from "#server/contracts/retention.ts";
import { countedKind, days, growthOf, sizeOf } from "./stored-words.ts";

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

/** What is kept now, what a day adds, and where that ends. */
export function RetentionNumbers({ retention }: { retention: Retention }) {
  const { stored, oldest_at } = retention;
  const bytes = stored.reduce((sum, one) => sum + one.bytes, 0);
  const isAtLeast = stored.some((one) => one.is_at_least);
  const growth = growthOf(stored);
  const requests = stored.find(({ kind }) => kind === "request");
  const [size, unit] = sizeOf(bytes);
  const [added, addedUnit] = sizeOf(growth);
  const [settled, settledUnit] = sizeOf(growth * retention.days);
  return (
    <dl className={NUMBERS_GRID}>
      <KeyNumber label="On disk" value={size} unit={unit}>
        {isAtLeast ? "at least; counting stopped there" : "indexes left out"}
      </KeyNumber>
      <KeyNumber label="Grows by" value={added} unit={`${addedUnit} a day`}>
        {requests
          ? countedKind({ ...requests, rows: requests.last_day_rows, is_at_least: requests.is_last_day_at_least })
          : null}{" "}
        in the last 24 h
      </KeyNumber>
      <KeyNumber label="Settles at" value={settled} unit={settledUnit}>
        {days(retention.days)} of today&apos;s traffic
      </KeyNumber>
      <div className={NUMBER_CELL}>
        <dt className="text-muted text-xs">Oldest request</dt>
        <dd className="font-semibold text-[22px] leading-7 tracking-[-0.02em]">
          {oldest_at === null ? "none yet" : <RelativeTime iso={oldest_at} />}
        </dd>
      </div>
    </dl>
  );
}
