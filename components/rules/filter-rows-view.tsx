"use client";

import { useId } from "react";
import { Button, IconButton } from "#components/ui/button.tsx";
import { cn } from "#components/ui/class-names.ts";
import { jsonText } from "#server/json/show.ts";
import { FilterRowFields, VerdictMark } from "./filter-row.tsx";
import { baseOf, type ClauseRow, type FilterRow, GROUP_PROBLEM, type GroupRow, TYPES_PROBLEM } from "./filter-rows.ts";
import type { RowVerdict } from "./filter-verdict.ts";
import type { KnownPath } from "./payload-paths.ts";

interface FilterRowsViewProps {
  rows: readonly FilterRow[];
  onChange: (rows: FilterRow[]) => void;
  verdicts: ReadonlyMap<number, RowVerdict>;
  paths: readonly KnownPath[];
  isReadOnly: boolean;
}

const nextId = (rows: readonly FilterRow[]): number =>
  Math.max(0, ...rows.flatMap((row) => (row.kind === "group" ? [row.id, ...row.rows.map(({ id }) => id)] : [row.id]))) +
  1;

/** A clause that is still to be filled in. */
export const emptyRow = (rows: readonly FilterRow[], path = "", value = ""): ClauseRow => ({
  kind: "clause",
  id: nextId(rows),
  path,
  operator: path === "event_type" ? "glob" : "$eq",
  value,
});

/** The clauses of a filter, all of which have to hold. */
export function FilterRowsView({ rows, onChange, verdicts, paths, isReadOnly }: FilterRowsViewProps) {
  const pathsId = useId();
  const replace = (index: number, row: FilterRow | null) =>
    onChange(rows.flatMap((one, at) => (at === index ? (row ? [row] : []) : [one])));
  const types = rows.filter((row) => row.kind === "clause" && row.path === "event_type");
  const addGroup = () => {
    const id = nextId(rows);
    const inner = [id + 1, id + 2].map((rowId): ClauseRow => ({ ...emptyRow([], "body."), id: rowId }));
    onChange([...rows, { kind: "group", id, base: "body", rows: inner }]);
  };
  return (
    <div>
      <datalist id={pathsId}>
        {paths.map(({ path, example }) => (
          <option key={path} value={path}>
            {example}
          </option>
        ))}
      </datalist>
      <ol>
        {rows.map((row, index) => (
          <li key={row.id}>
            {index > 0 ? <p className="py-0.5 pl-[30px] text-muted text-xs">and</p> : null}
            {row.kind === "clause" ? (
              <FilterRowFields
                row={row}
                pathsId={pathsId}
                isReadOnly={isReadOnly}
                verdict={verdicts.get(row.id)}
                problem={types.indexOf(row) > 0 ? TYPES_PROBLEM : null}
                onChange={(next) => replace(index, next)}
                onRemove={() => replace(index, null)}
              />
            ) : row.kind === "group" ? (
              <Group
                group={row}
                nextId={nextId(rows)}
                pathsId={pathsId}
                isReadOnly={isReadOnly}
                verdicts={verdicts}
                onChange={(next) => replace(index, next)}
              />
            ) : (
              <div
                className={cn(
                  "grid grid-cols-[16px_minmax(0,1fr)_28px] items-center gap-1.5 rounded-md px-2 py-1.5",
                  verdicts.get(row.id)?.holds === false && "bg-failed-bg",
                )}
              >
                <VerdictMark verdict={verdicts.get(row.id)} isQuiet={false} />
                <div className="min-w-0">
                  <code className="block truncate rounded-md bg-inset px-2 py-1.5 font-mono text-ink-2 text-xs">
                    {row.base} {jsonText(row.clause, 300)}
                  </code>
                  <p className="pt-0.5 text-muted text-xs">Rows cannot say this clause: change it in the JSON.</p>
                </div>
                {isReadOnly ? null : (
                  <IconButton
                    icon="close"
                    label={`Remove the clause on ${row.base}`}
                    onClick={() => replace(index, null)}
                  />
                )}
              </div>
            )}
          </li>
        ))}
      </ol>
      {isReadOnly ? null : (
        <p className="mt-2 flex flex-wrap items-center gap-1.5 pl-[26px]">
          <Button size="sm" icon="plus" onClick={() => onChange([...rows, emptyRow(rows)])}>
            Clause
          </Button>
          <Button size="sm" kind="quiet" icon="plus" onClick={addGroup}>
            Group: any of
          </Button>
          <span className="ml-auto text-muted text-xs">
            {rows.length === 0
              ? "Every request passes"
              : rows.length === 1
                ? "it must hold"
                : `all ${rows.length} must hold`}
          </span>
        </p>
      )}
    </div>
  );
}

interface GroupProps {
  group: GroupRow;
  nextId: number;
  pathsId: string;
  isReadOnly: boolean;
  verdicts: ReadonlyMap<number, RowVerdict>;
  onChange: (group: GroupRow | null) => void;
}

function Group({ group, nextId: freshId, pathsId, isReadOnly, verdicts, onChange }: GroupProps) {
  const verdict = verdicts.get(group.id);
  const put = (rows: ClauseRow[]) => onChange(rows.length === 0 ? null : { ...group, rows });
  const problem = baseOf(group) === null;
  return (
    <section
      aria-label="Any of"
      className={cn(
        "rounded-md border border-line px-2 pb-1.5",
        verdict?.holds === false && "border-failed-solid bg-failed-bg",
      )}
    >
      <div className="flex h-9 items-center gap-1.5">
        <VerdictMark verdict={verdict} isQuiet={false} />
        <span>any of</span>
        {isReadOnly ? null : (
          <span className="ml-auto flex items-center gap-1">
            <Button
              size="sm"
              kind="quiet"
              icon="plus"
              onClick={() => put([...group.rows, { ...emptyRow([], `${group.base}.`), id: freshId }])}
            >
              Clause
            </Button>
            <IconButton icon="close" label="Remove the group" onClick={() => onChange(null)} />
          </span>
        )}
      </div>
      <ol className="pl-4 max-md:pl-0">
        {group.rows.map((row, index) => (
          <li key={row.id}>
            <FilterRowFields
              isInGroup
              row={row}
              pathsId={pathsId}
              isReadOnly={isReadOnly}
              verdict={verdicts.get(row.id)}
              onChange={(next) => put(group.rows.with(index, next))}
              onRemove={() => put(group.rows.toSpliced(index, 1))}
            />
          </li>
        ))}
      </ol>
      {problem ? <p className="px-2 pb-1 text-failed text-xs">{GROUP_PROBLEM}</p> : null}
    </section>
  );
}
