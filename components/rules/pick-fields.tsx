"use client";

import { type FormEvent, useId, useMemo, useState } from "react";
import { JsonText } from "#components/data/code-lines.tsx";
import { pathOf } from "#components/data/json-lines.ts";
import { Button, IconButton } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { cn } from "#components/ui/class-names.ts";
import { Input } from "#components/ui/input.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { linesOf } from "./filter-verdict.ts";
import { isFieldPath } from "./payload-paths.ts";
import { SampleHead } from "./sample-pane.tsx";
import type { SampleChoice } from "./use-samples.ts";

/** More lines than this are not drawn: what decides stands near the top. */
const MAX_LINES = 300;

interface PickFieldsProps {
  choice: SampleChoice;
  fields: readonly string[];
  onChange: (fields: string[]) => void;
  isReadOnly: boolean;
}

/** A field of every element of a list, as rules write it. */
const ofEveryElement = (path: string) => path.replaceAll(/\[\d+\]/g, "[*]");

/** The fields of a real request, each with a box; what it lacks can be typed. */
export function PickFields({ choice, fields, onChange, isReadOnly }: PickFieldsProps) {
  const { sample } = choice;
  const doc = useMemo(() => (sample ? linesOf(sample.request.body) : null), [sample]);
  const toggle = (field: string) =>
    onChange(fields.includes(field) ? fields.filter((one) => one !== field) : [...fields, field]);
  const shown = new Set<string>();
  const headers = Object.keys(sample?.request.headers ?? {}).map((name) => `headers.${name}`);
  const others = fields.filter((field) => !doc || !isLineOf(field));
  return (
    <div className="overflow-hidden rounded-md bg-inset">
      <SampleHead choice={choice} />
      {doc ? (
        <ul aria-label="Fields of the body" className="max-h-[420px] overflow-auto py-1.5 font-mono text-xs leading-5">
          {doc.lines.slice(0, MAX_LINES).map((line, index) => {
            const path = ofEveryElement(pathOf(doc, index, "body"));
            const isField = line.kind !== "close" && !shown.has(path);
            if (isField) shown.add(path);
            const isOn = isField && fields.includes(path);
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text
              <li key={index} className={cn("flex min-h-5 items-center gap-3 px-3", isOn && "bg-accent-bg")}>
                <span className="flex w-4">
                  {isField ? (
                    <Checkbox state={isOn} onChange={() => toggle(path)} aria-label={path} isDisabled={isReadOnly} />
                  ) : null}
                </span>
                <JsonText doc={doc} index={index} />
              </li>
            );
          })}
        </ul>
      ) : choice.isLoading ? (
        <Skeleton className="m-3 h-32" />
      ) : (
        <p className="px-3 py-3 text-muted">This source has no stored request yet: name the fields below.</p>
      )}
      <div className="border-line border-t px-3 py-2">
        {others.length === 0 ? null : (
          <ul aria-label="Other fields" className="mb-2 flex flex-wrap gap-1.5">
            {others.map((field) => (
              <li key={field} className="inline-flex items-center rounded-sm bg-accent-bg pl-2 font-mono text-xs">
                {field}
                {isReadOnly ? null : (
                  <IconButton icon="close" size="sm" label={`Leave out ${field}`} onClick={() => toggle(field)} />
                )}
              </li>
            ))}
          </ul>
        )}
        {isReadOnly ? null : (
          <AddField
            known={[...headers, "path", "query"]}
            onAdd={(field) => fields.includes(field) || onChange([...fields, field])}
          />
        )}
      </div>
    </div>
  );

  function isLineOf(field: string): boolean {
    return (
      doc?.lines.slice(0, MAX_LINES).some((_, index) => ofEveryElement(pathOf(doc, index, "body")) === field) ?? false
    );
  }
}

function AddField({ known, onAdd }: { known: readonly string[]; onAdd: (field: string) => void }) {
  const listId = useId();
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const add = (event: FormEvent) => {
    event.preventDefault();
    const field = typed.trim();
    const isField = isFieldPath(field);
    if (isField) onAdd(field);
    if (isField) setTyped("");
    setProblem(
      isField ? null : "Start with body, headers, query or path, such as headers.x-topic or body.items[*].sku.",
    );
  };
  return (
    <form onSubmit={add} className="flex flex-wrap items-center gap-1.5">
      <datalist id={listId}>
        {known.map((path) => (
          <option key={path} value={path} />
        ))}
      </datalist>
      <Input
        isMono
        size="md"
        aria-label="Another field: a header, the query or the path"
        placeholder="headers.x-request-id"
        list={listId}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        className="w-60"
      />
      <Button type="submit" icon="plus">
        Field
      </Button>
      {problem === null ? null : (
        <p role="alert" className="text-failed text-xs">
          {problem}
        </p>
      )}
    </form>
  );
}
