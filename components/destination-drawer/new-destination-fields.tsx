"use client";

import { TextField } from "#components/resource-form/fields.tsx";
import { useFormField } from "#components/resource-form/form-context.ts";
import type { Values } from "#components/resource-form/values.ts";
import { RadioCards } from "#components/settings/radio-cards.tsx";

const KINDS = [
  { value: "HTTP", label: "HTTP", about: "Calls a URL" },
  { value: "MOCK", label: "MOCK", about: "Sends nothing, answers as told" },
] as const;

/** The least of a destination. @param at where it stands in what is sent: `""`, or `destination.` */
export function NewDestinationFields({ at = "" }: { at?: string }) {
  const type = useFormField(`${at}type`);
  return (
    <>
      <TextField field={`${at}name`} label={at === "" ? "Name" : "Name of the destination"} />
      <RadioCards
        label="Type"
        options={KINDS}
        value={type.value === "MOCK" ? "MOCK" : "HTTP"}
        onChange={(value) => type.set(value)}
      />
      {type.value === "MOCK" ? null : (
        <TextField field={`${at}config.url`} label="URL" isMono placeholder="https://orders.example/hooks" />
      )}
    </>
  );
}

/** What is sent of {@link NewDestinationFields}. */
export const newDestination = (values: Values, at = "") => ({
  name: String(values[`${at}name`] ?? ""),
  ...(values[`${at}type`] === "MOCK"
    ? { type: "MOCK" as const }
    : { type: "HTTP" as const, config: { url: String(values[`${at}config.url`] ?? "") } }),
});
