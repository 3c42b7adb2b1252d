"use client";

import { useState } from "react";
import { FieldTable, fieldText } from "#components/data/field-table.tsx";
import { cn } from "#components/ui/class-names.ts";
import { Icon } from "#components/ui/icon.tsx";
import type { IconName } from "#components/ui/icons.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import type { FlowChange, FlowField } from "#server/contracts/flow.ts";
import { DriftBadge } from "./drift-badge.tsx";
import { driftAuthor } from "./drift-words.ts";
import { type Choices, changeSummary, choiceKey, type Take, valueWords } from "./plan-words.ts";

const LOOKS: Record<FlowChange["action"], { icon: IconName; look: string; word: string }> = {
  create: { icon: "plus", look: "bg-diff-add text-delivered", word: "Make" },
  update: { icon: "pencil", look: "bg-inset text-ink-2", word: "Change" },
  delete: { icon: "minus", look: "bg-diff-del text-failed", word: "Remove" },
};

interface PlanChangeProps {
  change: FlowChange;
  choices: Choices;
  onChoose: (key: string, take: Take) => void;
}

/** One resource of a plan. Drifted ones are open at first: they need a choice. */
export function PlanChange({ change, choices, onChoose }: PlanChangeProps) {
  const { action, kind, name, fields, losses } = change;
  const isDrifted = fields.some(({ drift }) => drift !== null);
  const [isOpen, setOpen] = useState(isDrifted || action === "update");
  const { icon, look, word } = LOOKS[action];
  return (
    <li className="border-line border-t first:border-t-0">
      <h2>
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          className="flex min-h-[38px] w-full flex-wrap items-center gap-x-2.5 gap-y-1 py-1.5 pr-3 pl-2.5 text-left hovered:bg-inset"
        >
          <span className={cn("grid size-5 shrink-0 place-items-center rounded-xs", look)}>
            <Icon name={icon} size={14} />
          </span>
          <span className="sr-only">{word}</span>
          <span className="w-[84px] shrink-0 text-muted text-xs max-md:w-auto">{kind}</span>
          <span className="font-medium font-mono [overflow-wrap:anywhere]">{name}</span>
          {isDrifted ? <DriftBadge /> : null}
          <span className="ml-auto min-w-0 truncate text-muted text-xs max-md:order-last max-md:basis-full max-md:pl-8">
            {changeSummary(change)}
          </span>
          <Icon name={isOpen ? "down" : "right"} size={14} className="shrink-0 text-faint max-md:ml-auto" />
        </button>
      </h2>
      {isOpen ? (
        <div className="grid gap-2 border-line border-t bg-inset py-2 pr-3 pl-10 max-md:pl-3">
          {fields.length > 0 ? (
            <FieldTable
              before={action === "create" ? null : { head: "Now", tint: "bg-diff-del" }}
              after={{ head: "After", tint: "bg-diff-add" }}
              rows={fields.map(({ path, before, after }) => ({
                path,
                before: fieldText(before),
                after: fieldText(after),
              }))}
              unset="not set"
            />
          ) : (
            <p className="text-muted text-xs">{action === "delete" ? "It is deleted." : "Everything is as usual."}</p>
          )}
          {losses.map(({ says }) => (
            <p key={says} className="flex items-center gap-2 text-hold text-xs">
              <Icon name="warning" size={14} className="shrink-0" />
              {says}
            </p>
          ))}
          {fields.map((field) =>
            field.drift === null ? null : (
              <Choice
                key={field.path}
                field={field}
                value={choices.get(choiceKey(change, field.path))}
                onChange={(take) => onChoose(choiceKey(change, field.path), take)}
              />
            ),
          )}
        </div>
      ) : null}
    </li>
  );
}

interface ChoiceProps {
  field: FlowField;
  value: Take | undefined;
  onChange: (take: Take) => void;
}

/** The value of the file, or the one that runs. */
function Choice({ field, value, onChange }: ChoiceProps) {
  const { path, before, after, drift } = field;
  return (
    <div className="flex flex-wrap items-center gap-2 text-hold text-xs">
      <Icon name="drift" size={14} className="shrink-0" />
      <span className="min-w-0 grow basis-48">
        Changed by {driftAuthor(drift?.changed_by ?? null)}; the file said {valueWords(drift?.file)}.
      </span>
      <Segmented
        label={`What becomes of ${path}`}
        options={[
          { value: "file", label: `Take ${valueWords(after)}` },
          { value: "runs", label: `Keep ${valueWords(before)}` },
        ]}
        value={value}
        onChange={onChange}
      />
    </div>
  );
}
