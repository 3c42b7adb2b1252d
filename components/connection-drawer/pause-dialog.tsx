"use client";

import { type FormEvent, useState } from "react";
import { localOffsetAt, writeTyped, zoneName } from "#components/data/time-range.ts";
import { Button } from "#components/ui/button.tsx";
import { useNow } from "#components/ui/clock.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { clockWords, timeUntil } from "#components/ui/until-words.ts";
import { LONGEST_PAUSE_MS } from "#server/contracts/pause-length.ts";
import { PAUSE_CHOICES, type PauseChoice, pauseEnd, pauseFault } from "./pause-times.ts";

interface PauseDialogProps {
  name: string;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  /** @param until an ISO 8601 time */
  onPause: (until: string) => void;
}

/** Asks until when a connection is to be paused. */
export const PauseDialog = ({ name, isOpen, onOpenChange, onPause }: PauseDialogProps) => (
  <Dialog
    isOpen={isOpen}
    onOpenChange={onOpenChange}
    size="sm"
    title={`Pause ${name} until`}
    description="What comes meanwhile is held, and goes out in order when the pause ends. Resume ends it sooner."
  >
    <PauseForm
      close={() => onOpenChange(false)}
      onPause={(until) => {
        onPause(until);
        onOpenChange(false);
      }}
    />
  </Dialog>
);

function PauseForm({ close, onPause }: { close: () => void; onPause: (until: string) => void }) {
  const nowMs = useNow((ms) => ms - (ms % 1_000));
  const [choice, setChoice] = useState<PauseChoice>("quarter");
  const [typed, setTyped] = useState(() => writeTyped(nowMs - (nowMs % 60_000) + 7_200_000, "local", localOffsetAt));
  const endMs = pauseEnd(choice, typed, nowMs);
  const fault = pauseFault(endMs, nowMs, LONGEST_PAUSE_MS);
  const zone = zoneName("local", endMs ?? nowMs, localOffsetAt);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (endMs !== null && fault === undefined) onPause(new Date(endMs).toISOString());
  };
  return (
    <form onSubmit={submit} className="grid gap-3.5">
      <div className="overflow-x-auto">
        <Segmented label="When it resumes" options={PAUSE_CHOICES} value={choice} onChange={setChoice} />
      </div>
      {choice === "own" ? (
        <Field label={`Day and time, ${zone}`} {...(fault === undefined ? {} : { error: fault })}>
          <Input isMono value={typed} onChange={(event) => setTyped(event.target.value)} />
        </Field>
      ) : null}
      <p className="text-ink-2">
        {endMs === null || fault !== undefined
          ? "It resumes by itself at the time that you give."
          : `It resumes by itself at ${clockWords(endMs, nowMs)} ${zone}, ${timeUntil(new Date(endMs).toISOString(), nowMs)}.`}
      </p>
      <div className="flex justify-end gap-2 max-md:flex-col-reverse">
        <Button size="lg" onClick={close}>
          Cancel
        </Button>
        <Button size="lg" kind="primary" icon="pause" type="submit" disabled={fault !== undefined}>
          {endMs === null || fault !== undefined ? "Pause" : `Pause until ${clockWords(endMs, nowMs)}`}
        </Button>
      </div>
    </form>
  );
}
