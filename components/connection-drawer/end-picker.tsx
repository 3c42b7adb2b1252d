"use client";

import { useFormField } from "#components/resource-form/form-context.ts";
import { Combobox } from "#components/ui/combobox.tsx";
import { Field } from "#components/ui/field.tsx";

/** In the place of an id: the end is made with the connection. */
export const MADE_HERE = "made-here";

interface EndPickerProps {
  end: "source" | "destination";
  named: ReadonlyMap<string, { name: string }>;
  help?: string;
  /** Whether one may be made on the way. */
  canMake?: boolean;
  isFocused?: boolean;
}

/** One end of a connection, found by its name. */
export function EndPicker({ end, named, help, canMake = true, isFocused = false }: EndPickerProps) {
  const { value, set, error } = useFormField(`${end}_id`);
  const made = canMake ? [{ value: MADE_HERE, label: `A new ${end}` }] : [];
  const options = [...named].map(([id, { name }]) => ({ value: id, label: name }));
  return (
    <Field label={end === "source" ? "Source" : "Destination"} error={error} help={help}>
      <Combobox
        options={[...options.toSorted((a, b) => a.label.localeCompare(b.label)), ...made]}
        value={value as string | undefined}
        onChange={set}
        isFocused={isFocused}
        searchLabel={`Find a ${end}`}
      />
    </Field>
  );
}
