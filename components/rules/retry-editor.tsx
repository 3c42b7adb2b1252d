"use client";

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useMay } from "#components/data/may.tsx";
import { spanWords } from "#components/data/span-words.ts";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Button, IconButton } from "#components/ui/button.tsx";
import { StateLabel } from "#components/ui/event-state.tsx";
import { Input } from "#components/ui/input.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import type { Connection } from "#server/contracts/connection.ts";
import type { RetryRule } from "#server/contracts/rule.ts";
import { MAX_RETRIES, MAX_WAIT_MS } from "#server/contracts/rule-limits.ts";
import { ownRetries } from "./provider-retries.ts";
import { RetryLine } from "./retry-line.tsx";
import { inStrategy, waitsOf } from "./retry-times.ts";
import { RuleCard, RuleSentence, SaveBar } from "./rule-card.tsx";
import { useRuleDraft } from "./rule-draft.ts";
import { LOOK_ONLY, RuleShell } from "./rule-shell.tsx";
import { statusWords } from "./rule-words.ts";
import { SpanField } from "./span-field.tsx";
import { readSpan, spanText } from "./span-text.ts";

const FRESH: RetryRule = { type: "retry", strategy: "exponential", interval: 60_000, count: 7 };
const STRATEGIES = [
  { value: "exponential", label: "Exponential" },
  { value: "linear", label: "Evenly" },
  { value: "custom", label: "Own schedule" },
] as const;

/** After a failed try: when again, how often, and on what. */
export function RetryEditor({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const isReadOnly = !useMay("connection.write");
  const saved = connection.rules.find((rule) => rule.type === "retry");
  const kept = useRuleDraft(connection.id, "retry", saved, (rule) => (rule as RetryRule | undefined) ?? FRESH);
  const { draft, setDraft } = kept;
  const { data: source } = useQuery(useTRPC().sources.get.queryOptions({ id: connection.source_id }));
  const waits = waitsOf(draft);
  const lastMs = waits.reduce((sum, wait) => sum + wait, 0);
  const own = source ? ownRetries(source.type) : null;
  return (
    <RuleShell
      connection={connection}
      type="retry"
      drafted={{ rule: draft, problem: null }}
      draft={kept}
      onClose={onClose}
      footer={(save) => <SaveBar note={isReadOnly ? LOOK_ONLY : "It holds for every try from now on."}>{save}</SaveBar>}
    >
      <RuleCard
        type="retry"
        note={
          isReadOnly ? null : (
            <Segmented
              label="Strategy"
              options={STRATEGIES}
              value={draft.strategy}
              onChange={(strategy) => setDraft(inStrategy(draft, strategy))}
            />
          )
        }
      >
        <RuleSentence>
          {draft.strategy === "custom" ? (
            <Schedule rule={draft} onChange={setDraft} isReadOnly={isReadOnly} />
          ) : (
            <Interval rule={draft} onChange={setDraft} isReadOnly={isReadOnly} />
          )}{" "}
          {waits.length > 0 ? (
            <>
              The last one is <b className="font-semibold">{spanWords(lastMs)}</b> after the first; then the event is{" "}
            </>
          ) : (
            "There is one try; if it fails, the event is "
          )}
          <StateLabel state="FAILED" /> and can be replayed.
        </RuleSentence>
        <RetryLine waits={waits} />
        <Statuses rule={draft} onChange={setDraft} isReadOnly={isReadOnly} />
        <p className="mt-2 text-muted text-xs">
          ±10 % jitter. Retry-After can lengthen a wait, never shorten it. 410 ends at once.
          {own === null
            ? null
            : ` ${own} That is for requests that this gateway did not take; what it took is retried from here.`}
        </p>
      </RuleCard>
    </RuleShell>
  );
}

interface PartProps {
  rule: RetryRule;
  onChange: (rule: RetryRule) => void;
  isReadOnly: boolean;
}

function Interval({ rule, onChange, isReadOnly }: PartProps) {
  const tries = (rule.count ?? 0) + 1;
  const setTries = (text: string) => {
    const count = Number(text) - 1;
    if (Number.isInteger(count) && count >= 0 && count <= MAX_RETRIES) onChange({ ...rule, count });
  };
  return (
    <>
      After a failure try again in{" "}
      <SpanField
        label="First wait"
        ms={rule.interval ?? 60_000}
        min={1000}
        max={MAX_WAIT_MS}
        onChange={(interval) => onChange({ ...rule, interval })}
        isReadOnly={isReadOnly}
      />
      {rule.strategy === "exponential" ? ", then twice as long each time, " : ", and as long each time, "}
      <Input
        type="number"
        aria-label="Tries in all"
        min={1}
        max={MAX_RETRIES + 1}
        value={tries}
        readOnly={isReadOnly}
        onChange={(event) => setTries(event.target.value)}
        className="inline-block h-7 w-16 text-center font-medium"
      />{" "}
      tries in all.
    </>
  );
}

function Schedule({ rule, onChange, isReadOnly }: PartProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? (rule.schedule ?? []).map(spanText).join(", ");
  const read = (from: string) => from.split(",").map((item) => readSpan(item));
  const isFine = read(text).every((ms) => ms !== null && ms >= 1000 && ms <= MAX_WAIT_MS);
  const change = (next: string) => {
    setTyped(next);
    const schedule = read(next).filter((ms) => ms !== null);
    if (schedule.length > 0 && schedule.length === next.split(",").length) onChange({ ...rule, schedule });
  };
  return (
    <>
      After a failure try again in
      <Input
        aria-label="Waits, with commas"
        aria-invalid={!isFine || undefined}
        value={text}
        readOnly={isReadOnly}
        onChange={(event) => change(event.target.value)}
        onBlur={() => setTyped(null)}
        className="mx-1.5 inline-block w-[min(520px,100%)] font-medium"
      />
      {isFine ? (
        "."
      ) : (
        <span className="text-failed text-xs">Waits such as 1 min, 5 min, 2 h; each from 1 s to 7 d.</span>
      )}
    </>
  );
}

function Statuses({ rule, onChange, isReadOnly }: PartProps) {
  const codes = rule.response_status_codes ?? [];
  const [typed, setTyped] = useState("");
  const set = (next: string[]) => {
    const { response_status_codes: _, ...rest } = rule;
    onChange(next.length > 0 ? { ...rest, response_status_codes: next } : rest);
  };
  const add = (event: FormEvent) => {
    event.preventDefault();
    const code = typed
      .trim()
      .replace(/^not\s*/i, "!")
      .replace(/\s*to\s*/i, "-");
    if (/^!?[1-5]\d\d(?:-[1-5]\d\d)?$/.test(code) && !codes.includes(code)) set([...codes, code]);
    setTyped("");
  };
  return (
    <div className="mt-3 flex flex-wrap items-center gap-1.5">
      <span className="mr-1 text-muted">Retry on</span>
      {codes.some((code) => !code.startsWith("!")) ? null : <Chip>every failed answer</Chip>}
      {codes.map((code) => (
        <Chip key={code} onRemove={isReadOnly ? undefined : () => set(codes.filter((one) => one !== code))}>
          {statusWords(code)}
        </Chip>
      ))}
      <Chip>no answer</Chip>
      {isReadOnly ? null : (
        <form onSubmit={add} className="flex items-center gap-1.5">
          <Input
            size="md"
            isMono
            aria-label="A status, a range, or one that is not retried"
            placeholder="500-599, !401"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            className="w-32"
          />
          <Button type="submit" icon="plus">
            Status
          </Button>
        </form>
      )}
    </div>
  );
}

const Chip = ({ children, onRemove }: { children: string; onRemove?: (() => void) | undefined }) => (
  <span className="inline-flex h-7 items-center gap-0.5 rounded-sm border border-line-strong px-2 font-medium text-xs">
    {children}
    {onRemove ? (
      <IconButton icon="close" size="sm" label={`Leave out ${children}`} onClick={onRemove} className="-mr-1.5" />
    ) : null}
  </span>
);
