"use client";

import { useState } from "react";
import { SentenceErrors } from "#components/resource-form/fields.tsx";
import { useFormField } from "#components/resource-form/form-context.ts";
import { Button, IconButton } from "#components/ui/button.tsx";
import { cn } from "#components/ui/class-names.ts";
import { useNow, useServerNow } from "#components/ui/clock.tsx";
import { Input } from "#components/ui/input.tsx";
import { clockWords } from "#components/ui/until-words.ts";
import type { MaintenanceWindow } from "#server/contracts/maintenance.ts";
import { windowWords } from "#server/contracts/maintenance-words.ts";
import { fromField, newSingle, newWeekly, preview, toField } from "./maintenance-draft.ts";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const PREVIEWED = 3;

type Weekly = Extract<MaintenanceWindow, { kind: "weekly" }>;
type Single = Extract<MaintenanceWindow, { kind: "once" }>;

/** Known times at which nothing is sent, each in a row that reads as a sentence. */
export function MaintenanceFields() {
  const { value, set } = useFormField("config.maintenance_windows");
  const windows = (value ?? []) as MaintenanceWindow[];
  const nowMs = useServerNow();
  const [zone] = useState(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
  const change = (at: number, window: MaintenanceWindow) =>
    set(windows.map((each, index) => (index === at ? window : each)));
  return (
    <section aria-label="Maintenance" className="grid gap-3 border-line border-t pt-4">
      <div>
        <h3 className="font-semibold text-xs">Maintenance</h3>
        <p className="text-muted text-xs">
          While a window lasts events are held, and none spends a try. After it they go out, slowly at first.
        </p>
      </div>
      {windows.map((window, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place, as everything in it can be typed
        <div key={at} className="flex items-start gap-1.5 rounded-md border border-line p-2">
          <div className="min-w-0 flex-1">
            {window.kind === "weekly" ? (
              <WeeklyRow window={window} at={at} onChange={(next) => change(at, next)} />
            ) : (
              <SingleRow window={window} at={at} onChange={(next) => change(at, next)} />
            )}
          </div>
          <IconButton
            icon="close"
            size="sm"
            label={`Remove window ${at + 1}`}
            onClick={() => set(windows.filter((_, index) => index !== at))}
          />
        </div>
      ))}
      <SentenceErrors fields={["config.maintenance_windows"]} />
      <div className="flex flex-wrap items-center gap-2">
        <Button size="sm" icon="plus" onClick={() => set([...windows, newWeekly(zone)])}>
          Weekly window
        </Button>
        <Button size="sm" icon="plus" onClick={() => set([...windows, newSingle(nowMs)])}>
          Single window
        </Button>
      </div>
      {windows.length === 0 ? null : <Preview windows={windows} />}
    </section>
  );
}

interface RowProps<W extends MaintenanceWindow> {
  window: W;
  at: number;
  onChange: (window: W) => void;
}

function WeeklyRow({ window, at, onChange }: RowProps<Weekly>) {
  const flip = (day: (typeof DAYS)[number]) =>
    onChange({
      ...window,
      days: DAYS.filter((each) => (each === day) !== window.days.includes(each)),
    });
  const name = `window ${at + 1}`;
  return (
    <div className="grid gap-1.5">
      <fieldset className="flex flex-wrap gap-1">
        <legend className="sr-only">Days of {name}</legend>
        {DAYS.map((day) => {
          const isOn = window.days.includes(day);
          return (
            <button
              key={day}
              type="button"
              aria-pressed={isOn}
              onClick={() => flip(day)}
              className={cn(
                "h-6 rounded-sm border px-1.5 text-xs capitalize disabled:opacity-60 pointer-coarse:h-10 pointer-coarse:px-2.5",
                isOn ? "border-primary bg-primary text-on-primary" : "border-line-strong text-ink-2 hovered:bg-inset",
              )}
            >
              {day}
            </button>
          );
        })}
      </fieldset>
      <div className="flex flex-wrap items-center gap-1.5">
        <Input
          aria-label={`Start of ${name}`}
          className="w-16"
          value={window.start}
          onChange={(event) => onChange({ ...window, start: event.target.value })}
        />
        to
        <Input
          aria-label={`End of ${name}`}
          className="w-16"
          value={window.end}
          onChange={(event) => onChange({ ...window, end: event.target.value })}
        />
        <Input
          aria-label={`Time zone of ${name}`}
          className="w-44"
          value={window.time_zone}
          onChange={(event) => onChange({ ...window, time_zone: event.target.value })}
        />
      </div>
      <p className="text-muted text-xs">{windowWords(window)}</p>
    </div>
  );
}

const SingleRow = ({ window, at, onChange }: RowProps<Single>) => (
  <div className="flex flex-wrap items-center gap-1.5">
    <Input
      type="datetime-local"
      aria-label={`Start of window ${at + 1}, by your clock`}
      className="w-52"
      value={toField(window.from)}
      onChange={(event) => onChange({ ...window, from: fromField(event.target.value) })}
    />
    to
    <Input
      type="datetime-local"
      aria-label={`End of window ${at + 1}, by your clock`}
      className="w-52"
      value={toField(window.until)}
      onChange={(event) => onChange({ ...window, until: fromField(event.target.value) })}
    />
  </div>
);

/** The next times that come of all windows together, by the person's clock. */
function Preview({ windows }: { windows: readonly MaintenanceWindow[] }) {
  const nowMs = useNow((ms) => ms - (ms % 60_000));
  const next = preview(windows, nowMs, PREVIEWED);
  if (next.length === 0) return <p className="text-muted text-xs">None of them is still to come.</p>;
  return (
    <div className="text-muted text-xs">
      Next by your clock
      <ol aria-label="Next maintenance" className="tabular-nums">
        {next.map(({ fromMs, untilMs }) => (
          <li key={fromMs}>
            {clockWords(fromMs, nowMs)} to {clockWords(untilMs, nowMs)}
          </li>
        ))}
      </ol>
    </div>
  );
}
