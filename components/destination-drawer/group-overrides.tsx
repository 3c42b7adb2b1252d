"use client";

import { SentenceErrors } from "#components/resource-form/fields.tsx";
import { useFormField } from "#components/resource-form/form-context.ts";
import { RATE_PERIODS } from "#components/resource-form/rate-words.tsx";
import { Button, IconButton } from "#components/ui/button.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import { doubledValue, type GroupRow, newGroupRow, SAME_PERIOD, withoutRow } from "./group-values.ts";
import { groupName } from "./group-words.ts";

const PERIODS = [{ value: SAME_PERIOD, label: "same period" }, ...RATE_PERIODS];

/** Limits of single groups, a row for each value. What is left empty is as for all groups. */
export function GroupOverrides() {
  const { value, set } = useFormField("config.groups.overrides");
  const rows = (value ?? []) as GroupRow[];
  const change = (at: number, row: Partial<GroupRow>) =>
    set(rows.map((each, index) => (index === at ? { ...each, ...row } : each)));
  const doubled = doubledValue(rows);
  return (
    <fieldset className="grid min-w-0 gap-1.5">
      <legend className="mb-[5px] font-medium text-ink-2 text-xs">Limits of single groups</legend>
      {rows.map((row, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place, as its value is what is typed
        <div key={at} className="grid gap-1.5 pb-1.5">
          <div className="flex items-center gap-1.5">
            <Input
              isMono
              aria-label={`Value of group ${at + 1}`}
              placeholder="without the value"
              value={row.value}
              onChange={(event) => change(at, { value: event.target.value })}
            />
            <IconButton
              icon="close"
              size="lg"
              label={`Remove the limits of ${groupName(row.value)}`}
              onClick={() => set(withoutRow(rows, at))}
            />
          </div>
          <div className="flex flex-wrap items-center gap-1.5">
            <Input
              aria-label={`Rate limit of group ${at + 1}`}
              placeholder="rate"
              className="w-16"
              value={row.rate_limit}
              onChange={(event) => change(at, { rate_limit: event.target.value })}
            />
            a
            <span className="inline-block w-32">
              <Select
                aria-label={`Period of the rate limit of group ${at + 1}`}
                options={PERIODS}
                value={row.rate_limit_period}
                onChange={(rate_limit_period) => change(at, { rate_limit_period })}
              />
            </span>
            <span className="flex items-center gap-1.5 whitespace-nowrap">
              <Input
                aria-label={`At once of group ${at + 1}`}
                placeholder="number"
                className="w-18"
                value={row.concurrency}
                onChange={(event) => change(at, { concurrency: event.target.value })}
              />
              at once
            </span>
          </div>
          {row.paused ? <span className="text-muted text-xs">paused; resume it under Waiting</span> : null}
        </div>
      ))}
      {doubled === undefined ? null : (
        <FormError>{`Two rows are of ${groupName(doubled)}: the later one counts. Remove the other.`}</FormError>
      )}
      <div className="flex items-center gap-2">
        <Button size="sm" icon="plus" onClick={() => set([...rows, newGroupRow])}>
          Group
        </Button>
        <p className="text-muted text-xs">Empty: as for all groups. “any”: no limit.</p>
      </div>
      <SentenceErrors fields={["config.groups.overrides"]} />
    </fieldset>
  );
}
