"use client";

import { useId, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { useServerNow } from "#components/ui/clock.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import {
  localOffsetAt,
  PRESETS,
  readTyped,
  spanOf,
  type TimeRange,
  writeTyped,
  type Zone,
  zoneName,
} from "./time-range.ts";

interface PresetsProps {
  value: TimeRange;
  onChange: (range: TimeRange) => void;
}

/** The spans up to now that are one press away. */
export const TimePresets = ({ value, onChange }: PresetsProps) => (
  <div className="flex flex-wrap gap-1">
    {PRESETS.map((preset) => {
      const isOn = value.kind === "last" && value.spanMs === preset.spanMs;
      return (
        <Button
          key={preset.text}
          size="sm"
          kind={isOn ? "primary" : "plain"}
          aria-pressed={isOn}
          onClick={() => onChange({ kind: "last", spanMs: preset.spanMs })}
        >
          {preset.words}
        </Button>
      );
    })}
  </div>
);

/** The presets, and two instants below them, typed in the zone of choice. */
export function TimeRangeForm({ value, onChange, firstZone }: PresetsProps & { firstZone: Zone }) {
  const [zone, setZone] = useState(firstZone);
  const nowMs = useServerNow();
  return (
    <div className="grid gap-3">
      <TimePresets value={value} onChange={onChange} />
      <CustomRange key={zone} value={value} onChange={onChange} zone={zone} onZone={setZone} nowMs={nowMs} />
    </div>
  );
}

interface CustomRangeProps extends PresetsProps {
  zone: Zone;
  onZone: (zone: Zone) => void;
  nowMs: number;
}

const FORM = "Write it as 2026-11-25 02:06.";

/** Two instants, typed in a zone that is said. */
export function CustomRange({ value, onChange, zone, onZone, nowMs }: CustomRangeProps) {
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
