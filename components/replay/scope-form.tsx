"use client";

import { type FormEvent, useId, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Combobox } from "#components/ui/combobox.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import type { ReplayAsk } from "./ask.ts";
import { issuesOf } from "./calls.ts";
import { ReplayFrame } from "./replay-frame.tsx";
import type { ScopeNames } from "./words.ts";

const SPANS = [
  { from: "now-1h", words: "1 h" },
  { from: "now-24h", words: "24 h" },
  { from: "now-7d", words: "7 d" },
  { from: "now-30d", words: "30 d" },
];

/** Which events of a replay; the last one also takes requests that have no event yet. */
const STATES = [
  { value: "FAILED", label: "Failed" },
  { value: "FAILED,CANCELLED", label: "Failed or cancelled" },
  { value: "DELIVERED", label: "Delivered" },
  { value: "DELIVERED,FAILED,CANCELLED", label: "All that ended" },
  { value: "", label: "All, and what has no event yet" },
] as const;
type States = (typeof STATES)[number]["value"];

const statesOf = (status: unknown): States => {
  const text = Array.isArray(status) ? status.join(",") : "";
  return STATES.find(({ value }) => value === text)?.value ?? "DELIVERED,FAILED,CANCELLED";
};

interface ScopeFormProps {
  title: string;
  ask: ReplayAsk;
  names: ScopeNames;
  /** What the server said of the last try. */
  error: unknown;
  close: () => void;
  onCount: (ask: ReplayAsk) => void;
}

/** What is meant, before it is counted. What the server refuses stands at its field. */
export function ScopeForm({ title, ask, names, error, close, onCount }: ScopeFormProps) {
  const id = useId();
  const [from, setFrom] = useState(ask.input.from);
  const [to, setTo] = useState(ask.input.to ?? "now");
  const [of, setOf] = useState(() => (ask.kind === "replay" ? ask.input : { from: "" }));
  const issues = issuesOf(error);
  const at = (path: string) => {
    const found = issues.find((issue) => issue.path === path);
    return found ? { error: found.message } : {};
  };
  const shown = new Set(["from", "to", ...(ask.kind === "replay" ? Object.keys(FIELDS) : [])]);
  const elsewhere = issues.filter(({ path }) => !shown.has(path)).map(({ message }) => message);
  const general = error instanceof Error && issues.length === 0 ? [error.message] : elsewhere;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const window = { from: from.trim(), to: to.trim() };
    onCount(
      ask.kind === "replay"
        ? { kind: "replay", input: { ...of, ...window } }
        : ({ ...ask, input: { ...ask.input, ...window } } as ReplayAsk),
    );
  };
  return (
    <ReplayFrame
      title={title}
      note={
        general.length > 0 ? (
          <span role="alert" className="text-failed">
            {general.join(" ")}
          </span>
        ) : (
          "Nothing is sent before you have seen the count."
        )
      }
      footer={
        <>
          <Button size="lg" onClick={close}>
            Close
          </Button>
          <Button size="lg" kind="primary" type="submit" form={id}>
            Count
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} className="grid gap-3.5 px-6 pt-2 pb-5 max-md:px-4">
        {ask.kind === "replay" ? <ReplayScope of={of as ReplayInput} set={setOf} names={names} at={at} /> : null}
        <div className="grid gap-3.5 md:grid-cols-2">
          <Field label="From" {...at("from")}>
            <Input isMono value={from} onChange={(event) => setFrom(event.target.value)} />
          </Field>
          <Field label="To" {...at("to")}>
            <Input isMono value={to} onChange={(event) => setTo(event.target.value)} />
          </Field>
        </div>
        <div className="flex flex-wrap items-center gap-1 text-muted text-xs">
          <span className="pr-1">The last</span>
          {SPANS.map((span) => (
            <Button
              key={span.from}
              size="sm"
              aria-pressed={from === span.from && to === "now"}
              onClick={() => {
                setFrom(span.from);
                setTo("now");
              }}
            >
              {span.words}
            </Button>
          ))}
          <span className="pl-1">or times such as 2026-11-25T02:00Z</span>
        </div>
      </form>
    </ReplayFrame>
  );
}

type ReplayInput = Extract<ReplayAsk, { kind: "replay" }>["input"];

const FIELDS = {
  source: ["Source", "sources"],
  connection_id: ["Connection", "connections"],
  destination_id: ["Destination", "destinations"],
  event_type_pattern: ["Event", null],
  status: ["State", null],
} as const;

interface ReplayScopeProps {
  of: ReplayInput;
  set: (next: ReplayInput) => void;
  names: ScopeNames;
  at: (path: string) => { error?: string };
}

function ReplayScope({ of, set, names, at }: ReplayScopeProps) {
  const resource = (field: "source" | "connection_id" | "destination_id") => {
    const [label, kind] = FIELDS[field];
    const any = { value: "", label: "Any" };
    const options = [...names[kind]].map(([id, { name }]) => ({ value: id, label: name }));
    return (
      <Field label={label} {...at(field)}>
        <Combobox
          searchLabel={`Find a ${label.toLowerCase()}`}
          placeholder="Any"
          options={[any, ...options]}
          value={of[field] ?? ""}
          onChange={(value) => set({ ...of, [field]: value === "" ? undefined : value })}
        />
      </Field>
    );
  };
  // Only a connection has a place for what has no event yet.
  const states = of.connection_id ? STATES : STATES.filter(({ value }) => value !== "");
  return (
    <>
      <div className="grid gap-3.5 md:grid-cols-3">
        {resource("source")}
        {resource("connection_id")}
        {resource("destination_id")}
      </div>
      <div className="grid gap-3.5 md:grid-cols-2">
        <Field label="State" {...at("status")}>
          <Select
            options={states.map(({ value, label }) => ({ value: value === "" ? "NONE" : value, label }))}
            value={statesOf(of.status) || (of.connection_id ? "NONE" : "DELIVERED,FAILED,CANCELLED")}
            onChange={(value) => set({ ...of, status: value === "NONE" ? undefined : value.split(",") })}
          />
        </Field>
        <Field label="Event" {...at("event_type_pattern")}>
          <Input
            isMono
            placeholder="payment.*"
            value={typeof of.event_type_pattern === "string" ? of.event_type_pattern : ""}
            onChange={({ target }) =>
              set({ ...of, event_type_pattern: target.value === "" ? undefined : target.value })
            }
          />
        </Field>
      </div>
    </>
  );
}
