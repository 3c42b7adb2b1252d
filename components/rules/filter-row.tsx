"use client";

import { IconButton } from "#components/ui/button.tsx";
import { cn } from "#components/ui/class-names.ts";
import { Icon } from "#components/ui/icon.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import type { ClauseRow } from "./filter-rows.ts";
import { rowProblem } from "./filter-rows.ts";
import { kindOf, OPERATORS, type RowOperator } from "./filter-values.ts";
import { mismatchWords, type RowVerdict } from "./filter-verdict.ts";

/** Whether a row holds for the request beside it. */
export const VerdictMark = ({ verdict, isQuiet }: { verdict: RowVerdict | undefined; isQuiet: boolean }) =>
  verdict ? (
    <span
      className={cn(
        "grid w-4 place-items-center",
        verdict.holds ? "text-delivered" : isQuiet ? "text-muted" : "text-failed",
      )}
    >
      <Icon name={verdict.holds ? "check" : "close"} size={14} />
      <span className="sr-only">{verdict.holds ? "holds" : "fails"} for the request beside</span>
    </span>
  ) : (
    <span className="w-4" />
  );

interface FilterRowProps {
  row: ClauseRow;
  onChange: (row: ClauseRow) => void;
  onRemove: () => void;
  verdict: RowVerdict | undefined;
  /** Within a group another row may hold in its place: a failure is no alarm. */
  isInGroup?: boolean;
  /** Why it says nothing although it is whole by itself. */
  problem?: string | null;
  /** The `<datalist>` with the fields of real requests. */
  pathsId: string;
  isReadOnly: boolean;
}

const GLOB = [{ value: "glob" as RowOperator, label: "matches" }];
const EXISTS = [
  { value: "yes", label: "yes" },
  { value: "no", label: "no" },
];

/** One clause: the field, how it is compared, and with what. */
export function FilterRowFields(props: FilterRowProps) {
  const { row, onChange, onRemove, verdict, isInGroup = false, problem = null, pathsId, isReadOnly } = props;
  const isType = row.path === "event_type";
  const said = problem ?? (row.path === "" ? null : rowProblem(row));
  const isFailing = verdict?.holds === false && !isInGroup;
  const setPath = (path: string) => {
    const operator = path === "event_type" ? "glob" : row.operator === "glob" ? "$eq" : row.operator;
    onChange({ ...row, path, operator });
  };
  const setOperator = (operator: RowOperator) => {
    const value = operator === "$exist" ? "yes" : row.operator === "$exist" ? "" : row.value;
    onChange({ ...row, operator, value });
  };
  const note = verdict?.mismatch && !isInGroup ? mismatchWords(verdict.mismatch) : null;
  return (
    <div
      className={cn("rounded-md px-2 py-1.5", isFailing && "bg-failed-bg")}
      data-row={isFailing ? "fails" : undefined}
    >
      <div className="grid grid-cols-[16px_minmax(0,1fr)_112px_minmax(0,220px)_28px] items-center gap-1.5 max-md:grid-cols-[16px_112px_minmax(0,1fr)_40px]">
        <VerdictMark verdict={verdict} isQuiet={isInGroup} />
        <div className="max-md:col-span-2">
          <Input
            isMono
            size="lg"
            aria-label="Field"
            aria-invalid={said !== null || undefined}
            placeholder="body.data.id"
            list={pathsId}
            value={row.path}
            readOnly={isReadOnly}
            onChange={(event) => setPath(event.target.value)}
          />
        </div>
        <div className="max-md:col-start-2 max-md:row-start-2">
          <Select
            aria-label="How it is compared"
            options={isType ? GLOB : OPERATORS}
            value={row.operator}
            onChange={setOperator}
            isDisabled={isReadOnly || isType}
          />
        </div>
        <div className="relative max-md:col-start-3 max-md:row-start-2">
          {row.operator === "$exist" ? (
            <Select
              aria-label="Value"
              options={EXISTS}
              value={row.value === "no" ? "no" : "yes"}
              onChange={(value) => onChange({ ...row, value })}
              isDisabled={isReadOnly}
            />
          ) : (
            <>
              <Input
                isMono
                aria-label="Value"
                value={row.value}
                readOnly={isReadOnly}
                onChange={(event) => onChange({ ...row, value: event.target.value })}
                className="pr-14"
              />
              <span className="pointer-events-none absolute top-1/2 right-2 -translate-y-1/2 text-2xs text-faint">
                {kindOf(row.path, row.operator, row.value)}
              </span>
            </>
          )}
        </div>
        {isReadOnly ? null : (
          <div className="max-md:col-start-4 max-md:row-start-1">
            <IconButton icon="close" label={`Remove the clause on ${row.path || "no field"}`} onClick={onRemove} />
          </div>
        )}
      </div>
      {said === null ? null : <p className="pt-1 pl-[22px] text-failed text-xs">{said}</p>}
      {note === null ? null : (
        <p className="pt-1 pl-[22px] text-failed text-xs [overflow-wrap:anywhere]">
          expected <b className="font-mono font-semibold">{note.expected}</b>, got{" "}
          <b className="font-mono font-semibold">{note.actual}</b> at {note.path}
        </p>
      )}
    </div>
  );
}
