"use client";

import { Field } from "#components/ui/field.tsx";
import { Icon } from "#components/ui/icon.tsx";
import { MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS } from "#server/contracts/password-length.ts";
import { PasswordInput } from "./password-input.tsx";

interface NewPasswordProps {
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
  label?: string;
}

/** A password that is chosen, with how long it is. */
export function NewPassword({ value, onChange, error, label = "Password" }: NewPasswordProps) {
  const isLong = value.length >= MIN_PASSWORD_CHARS;
  const help = isLong ? (
    <span className="inline-flex items-center gap-[5px] text-delivered">
      <Icon name="check" size={12} />
      {value.length} characters. Long beats clever.
    </span>
  ) : (
    `At least ${MIN_PASSWORD_CHARS} characters. Long beats clever.`
  );
  return (
    <Field label={label} help={help} error={error}>
      <PasswordInput
        minLength={MIN_PASSWORD_CHARS}
        maxLength={MAX_PASSWORD_CHARS}
        autoComplete="new-password"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}
