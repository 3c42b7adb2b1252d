"use client";

import { SentenceErrors } from "#components/resource-form/fields.tsx";
import { useFormField } from "#components/resource-form/form-context.ts";
import { Button, IconButton } from "#components/ui/button.tsx";
import { Input } from "#components/ui/input.tsx";
import type { HeaderRow } from "./destination-fields.ts";

/** Headers that each delivery gets besides. A saved value is read masked, and stays while it is left so. */
export function HeadersField() {
  const { value, set } = useFormField("config.headers");
  const rows = (value ?? []) as HeaderRow[];
  const change = (at: number, row: Partial<HeaderRow>) =>
    set(rows.map((each, index) => (index === at ? { ...each, ...row } : each)));
  return (
    <fieldset className="grid min-w-0 gap-1.5">
      <legend className="mb-[5px] font-medium text-ink-2 text-xs">Headers</legend>
      {rows.map((row, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place, as its name is what is typed
        <div key={at} className="flex gap-1.5">
          <Input
            isMono
            aria-label={`Name of header ${at + 1}`}
            placeholder="x-env"
            value={row.name}
            onChange={(event) => change(at, { name: event.target.value })}
          />
          <Input
            isMono
            aria-label={`Value of header ${at + 1}`}
            value={row.value}
            onChange={(event) => change(at, { value: event.target.value })}
          />
          <IconButton
            icon="close"
            size="lg"
            label={`Remove header ${row.name || at + 1}`}
            onClick={() => set(rows.filter((_, index) => index !== at))}
          />
        </div>
      ))}
      <div className="flex items-center gap-2">
        <Button size="sm" icon="plus" onClick={() => set([...rows, { name: "", value: "" }])}>
          Header
        </Button>
        <p className="text-muted text-xs">Values are sealed, and read as their last four characters.</p>
      </div>
      <SentenceErrors fields={["config.headers"]} />
    </fieldset>
  );
}
