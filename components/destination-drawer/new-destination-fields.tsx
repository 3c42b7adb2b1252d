"use client";

import { TextField } from "#components/resource-form/fields.tsx";
import { useFormField } from "#components/resource-form/form-context.ts";
import type { Values } from "#components/resource-form/values.ts";
import { RadioCards } from "#components/ui/radio-cards.tsx";
import type { CreateDestination } from "#server/contracts/destination.ts";
import { BucketFields } from "./s3-fields.tsx";
import { s3Sent } from "./s3-values.ts";
import { StoreCheck } from "./store-check.tsx";

const KINDS = [
  { value: "HTTP", label: "HTTP", about: "Calls a URL" },
  { value: "S3", label: "S3 bucket", about: "Writes files" },
  { value: "MOCK", label: "MOCK", about: "Sends nothing, answers as told" },
] as const;

/** The least of a destination. @param at where it stands in what is sent: `""`, or `destination.` */
export function NewDestinationFields({ at = "" }: { at?: string }) {
  const type = useFormField(`${at}type`);
  return (
    <>
      <TextField field={`${at}name`} label={at === "" ? "Name" : "Name of the destination"} isFocused={at === ""} />
      <RadioCards label="Type" options={KINDS} value={kindOf(type.value)} onChange={(value) => type.set(value)} />
      {kindOf(type.value) === "HTTP" ? (
        <TextField field={`${at}config.url`} label="URL" isMono placeholder="https://orders.example/hooks" />
      ) : null}
      {kindOf(type.value) === "S3" ? (
        <>
          <BucketFields at={at} masked={undefined} />
          <StoreCheck at={at} />
        </>
      ) : null}
    </>
  );
}

const kindOf = (type: unknown): "HTTP" | "S3" | "MOCK" => (type === "MOCK" || type === "S3" ? type : "HTTP");

function settingsOf(values: Values, at: string): Pick<CreateDestination, "type" | "config"> {
  const type = kindOf(values[`${at}type`]);
  if (type === "MOCK") return { type };
  if (type === "S3") return { type, config: s3Sent(values, at) as CreateDestination["config"] };
  return { type, config: { url: String(values[`${at}config.url`] ?? "") } };
}

/** What is sent of {@link NewDestinationFields}. */
export const newDestination = (values: Values, at = "") => ({
  name: String(values[`${at}name`] ?? ""),
  ...settingsOf(values, at),
});
