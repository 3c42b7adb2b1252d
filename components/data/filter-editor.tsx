"use client";

import { type FormEvent, useEffect, useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input, Textarea } from "#components/ui/input.tsx";
import { type Filter, readFilter } from "./filters.ts";
import { parseTimeRange, writeTimeRange } from "./time-range.ts";
import { TimeRangeForm } from "./time-range-form.tsx";

const DAY_MS = 86_400_000;

interface FilterEditorProps {
  filter: Filter;
  value: string | undefined;
  /** The new value, null for none, undefined when nothing was changed. */
  onDone: (value: string | null | undefined) => void;
}

/** What a filter's popover holds. Its code comes after the popover, which has given the focus to itself meanwhile. */
export function FilterEditor(props: FilterEditorProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!box.current?.contains(document.activeElement))
      box.current?.querySelector<HTMLElement>("input, textarea, button")?.focus();
  }, []);
  return (
    <div ref={box}>
      <EditorOfKind {...props} />
    </div>
  );
}

function EditorOfKind({ filter, value, onDone }: FilterEditorProps) {
  switch (filter.kind) {
    case "one-of":
    case "many-of":
      return <Choices filter={filter} value={value} onDone={onDone} />;
    case "time":
      return (
        <TimeRangeForm
          value={parseTimeRange(value ?? "") ?? { kind: "last", spanMs: DAY_MS }}
          onChange={(range) => onDone(writeTimeRange(range))}
          firstZone={filter.zone}
        />
      );
    default:
      return <Typed filter={filter} value={value} onDone={onDone} />;
  }
}

const SEARCHED_FROM = 8;

function Choices({
  filter,
  value,
  onDone,
}: FilterEditorProps & { filter: Extract<Filter, { kind: "one-of" | "many-of" }> }) {
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState<readonly string[]>(value?.split(",") ?? []);
  const shown = filter.options.filter((option) => option.label.toLowerCase().includes(query.toLowerCase()));
  const toggle = (one: string, isOn: boolean) => {
    if (filter.kind === "one-of") onDone(one);
    else setChosen(isOn ? [...chosen, one] : chosen.filter((other) => other !== one));
  };
  return (
    <div className="grid gap-2">
      {filter.options.length >= SEARCHED_FROM ? (
        <Input
          size="md"
          aria-label={`Find a ${filter.label.toLowerCase()}`}
          placeholder="Find"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
      ) : null}
      <div className="grid max-h-60 gap-1.5 overflow-auto p-1">
        {shown.length === 0 ? <p className="text-muted">Nothing matches</p> : null}
        {shown.map((option) => (
          <Checkbox
            key={option.value}
            state={chosen.includes(option.value)}
            onChange={(isOn) => toggle(option.value, isOn)}
          >
            {option.label}
          </Checkbox>
        ))}
      </div>
      {filter.kind === "many-of" ? (
        <Button onClick={() => onDone(readFilter(filter, chosen.join(",")))}>Apply</Button>
      ) : null}
    </div>
  );
}

type TypedFilter = Extract<Filter, { kind: "text" | "range" | "json" | "ids" }>;

function hintOf(filter: TypedFilter): string {
  if (filter.kind === "text") return `A star stands for anything: ${filter.hint}`;
  if (filter.kind === "range")
    return `From ${filter.min} to ${filter.max}: one number, or two with a dash, ${filter.min}-${filter.max}.`;
  if (filter.kind === "ids") return `One id, ${filter.prefix}_…, or up to 50 with commas or lines between.`;
  return 'JSON that the payload contains: {"customer": "cus_1"}';
}

function Typed({ filter, value, onDone }: FilterEditorProps & { filter: TypedFilter }) {
  const [text, setText] = useState(value ?? "");
  const [isTried, setTried] = useState(false);
  const read = readFilter(filter, text);
  const apply = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (read !== null || text.trim() === "") onDone(read);
  };
  const hint = hintOf(filter);
  const isWrong = isTried && read === null && text.trim() !== "";
  const props = { value: text, onChange: (event: { target: { value: string } }) => setText(event.target.value) };
  return (
    <form className="grid gap-2" onSubmit={apply}>
      <Field label={filter.label} help={hint} {...(isWrong ? { error: hint } : {})}>
        {filter.kind === "json" || filter.kind === "ids" ? <Textarea isMono {...props} /> : <Input isMono {...props} />}
      </Field>
      <Button type="submit">Apply</Button>
    </form>
  );
}
