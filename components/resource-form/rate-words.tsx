"use client";

import { Select } from "#components/ui/select.tsx";
import { WordField } from "./fields.tsx";
import { useFormField } from "./form-context.ts";

const PERIODS = [
  { value: "second", label: "second" },
  { value: "minute", label: "minute" },
  { value: "hour", label: "hour" },
];

/** The beginning of a sentence whose words are a rate limit: "At most [120] a [minute]". */
export function RateWords() {
  const period = useFormField("config.rate_limit_period");
  return (
    <>
      At most <WordField field="config.rate_limit" label="Rate limit" placeholder="any number" width={7} /> a{" "}
      <span className="inline-block w-24 align-middle">
        <Select
          aria-label="Period of the rate limit"
          options={PERIODS}
          value={String(period.value)}
          onChange={period.set}
        />
      </span>
    </>
  );
}
