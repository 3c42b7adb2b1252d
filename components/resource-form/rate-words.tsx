"use client";

import { Select } from "#components/ui/select.tsx";
import { WordField } from "./fields.tsx";
import { useFormField } from "./form-context.ts";

export const RATE_PERIODS = [
  { value: "second", label: "second" },
  { value: "minute", label: "minute" },
  { value: "hour", label: "hour" },
];

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** The beginning of a sentence whose words are a rate limit: "At most [120] a [minute]". */
export function RateWords({ of = "config", whose = "the rate limit" }: { of?: string; whose?: string }) {
  const period = useFormField(`${of}.rate_limit_period`);
  return (
    <>
      At most{" "}
      <WordField
        field={`${of}.rate_limit`}
        label={capital(whose.replace(/^the /, ""))}
        placeholder="any number"
        width={7}
      />{" "}
      a{" "}
      <span className="inline-block w-24 align-middle">
        <Select
          aria-label={`Period of ${whose}`}
          options={RATE_PERIODS}
          value={String(period.value)}
          onChange={period.set}
        />
      </span>
    </>
  );
}
