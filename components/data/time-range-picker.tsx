"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Popover } from "#components/ui/popover.tsx";
import { localOffsetAt, rangeWords, type TimeRange, type Zone } from "./time-range.ts";
import { CustomRange, TimePresets } from "./time-range-form.tsx";

interface TimeRangePickerProps {
  value: TimeRange;
  onChange: (range: TimeRange) => void;
  zone: Zone;
  onZone: (zone: Zone) => void;
  /** Whether the span before is shown beside; undefined where a page compares nothing. */
  comparison?: { isOn: boolean; onChange: (isOn: boolean) => void };
  nowMs: number;
  /** On the button, where the range itself stands beside it. */
  words?: string;
}

/** The span of time that a page is about: a preset, or two instants in a zone that is said. */
export function TimeRangePicker({ value, onChange, zone, onZone, comparison, nowMs, words }: TimeRangePickerProps) {
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
      trigger={<Button icon="clock">{words ?? rangeWords(value, zone, localOffsetAt)}</Button>}
    >
      <div className="grid gap-3">
        <TimePresets value={value} onChange={choose} />
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
