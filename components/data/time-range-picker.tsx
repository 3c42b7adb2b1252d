"use client";

import { useId, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Popover } from "#components/ui/popover.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import {
  localOffsetAt,
  PRESETS,
  rangeWords,
  readTyped,
  spanOf,
  type TimeRange,
  writeTyped,
  type Zone,
  zoneName,
} from "./time-range.ts";

interface TimeRangePickerProps {
  value: TimeRange;
  onChange: (range: TimeRange) => void;
  zone: Zone;
  onZone: (zone: Zone) => void;
  /** Whether the span before is shown beside; undefined where a page compares nothing. */
  comparison?: { isOn: boolean; onChange: (isOn: boolean) => void };
  nowMs: number;
}

/** The span of time that a page is about: a preset, or two instants in a zone that is said. */
export function TimeRangePicker({ value, onChange, zone, onZone, comparison, nowMs }: TimeRangePickerProps) {
  const [isOpen, setOpen] = useState(false);
  const choose = (range: TimeRange) => {
    onChange(range);
    setOpen(false);
  };
  return (
    <Popover
      label="Range of time"
      isOpen={isOpen}
      onOpenChange={setOpen}
      align="end"
      className="w-72 p-3"
      trigger={<Button icon="clock">{rangeWords(value, zone, localOffsetAt)}</Button>}
    >
      <div className="grid gap-3">
        <div className="flex flex-wrap gap-1">
          {PRESETS.map((preset) => (
            <Button
              key={preset.text}
              size="sm"
              kind={value.kind === "last" && value.spanMs === preset.spanMs ? "primary" : "plain"}
              aria-pressed={value.kind === "last" && value.spanMs === preset.spanMs}
              onClick={() => choose({ kind: "last", spanMs: preset.spanMs })}
            >
              {preset.words}
            </Button>
          ))}
        </div>
        <CustomRange
          key={`${zone} ${JSON.stringify(value)}`}
          value={value}
          onChange={choose}
          zone={zone}
          onZone={onZone}
          nowMs={nowMs}
        />
        {comparison ? (
          <Checkbox state={comparison.isOn} onChange={comparison.onChange}>
            Compare with the span before
          </Checkbox>
        ) : null}
      </div>
    </Popover>
  );
}

const FORM = "Write it as 2026-11-25 02:06.";

function CustomRange({ value, onChange, zone, onZone, nowMs }: Omit<TimeRangePickerProps, "comparison">) {
  const span = spanOf(value, nowMs);
  const [from, setFrom] = useState(() => writeTyped(span.fromMs, zone, localOffsetAt));
  const [to, setTo] = useState(() => writeTyped(span.toMs, zone, localOffsetAt));
  const [isTried, setTried] = useState(false);
  const id = useId();
  const [fromMs, toMs] = [from, to].map((text) => readTyped(text, zone, localOffsetAt));
  const fromError = fromMs === null ? FORM : undefined;
  const toError =
    toMs === null ? FORM : (toMs ?? 0) <= (fromMs ?? 0) ? "The end has to be after the start." : undefined;
  const apply = () => {
    setTried(true);
    if (fromMs != null && toMs != null && fromMs < toMs) onChange({ kind: "custom", fromMs, toMs });
  };
  return (
    <form
      aria-labelledby={id}
      className="grid gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <div className="flex items-center justify-between">
        <span id={id} className="font-medium text-xs">
          From and to, in {zoneName(zone, span.toMs, localOffsetAt)}
        </span>
        <Segmented
          label="Zone"
          options={[
            { value: "utc", label: "UTC" },
            { value: "local", label: "Local" },
          ]}
          value={zone}
          onChange={onZone}
        />
      </div>
      <Field label="From" {...(isTried && fromError ? { error: fromError } : {})}>
        <Input isMono value={from} onChange={(event) => setFrom(event.target.value)} />
      </Field>
      <Field label="To" {...(isTried && toError ? { error: toError } : {})}>
        <Input isMono value={to} onChange={(event) => setTo(event.target.value)} />
      </Field>
      <Button type="submit">Apply</Button>
    </form>
  );
}
