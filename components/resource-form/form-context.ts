"use client";

import { createContext, use } from "react";
import type { FormErrors } from "#components/data/server-issues.ts";
import type { FieldValue, Values } from "./values.ts";

interface Form {
  values: Values;
  set: (field: string, value: FieldValue) => void;
  errors: FormErrors<string>;
}

export const FormContext = createContext<Form | undefined>(undefined);

/** One field of the form around it, by its path in the API. */
export function useFormField(field: string) {
  const form = use(FormContext);
  if (!form) throw new Error("A form's field stands within <FormContext> only.");
  return {
    value: form.values[field],
    set: (value: FieldValue) => form.set(field, value),
    error: form.errors.at[field],
  };
}
