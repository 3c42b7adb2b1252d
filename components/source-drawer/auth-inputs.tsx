"use client";

import type { FormErrors } from "#components/data/server-issues.ts";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { SecretInput } from "#components/ui/secret-input.tsx";
import { Select } from "#components/ui/select.tsx";
import type { SourceAuthType } from "#server/contracts/source.ts";
import { AUTH_FORMS, type AuthField } from "./auth-fields.ts";
import type { AuthValues } from "./auth-values.ts";

interface AuthInputsProps {
  authType: SourceAuthType;
  values: AuthValues;
  onChange: (name: string, value: string | undefined) => void;
  errors: FormErrors<string>["at"];
  /** What is read of the saved secrets, by the name of the field. */
  masked?: Readonly<Record<string, string | undefined>>;
  isFocused?: boolean;
  /** Only what a source cannot do without. */
  isShort?: boolean;
}

/** The fields of an auth type, each with what the server says of it. */
export const AuthInputs = ({ authType, values, onChange, errors, masked = {}, isFocused, isShort }: AuthInputsProps) =>
  AUTH_FORMS[authType].fields
    .filter(({ kind }) => !isShort || kind !== "seconds")
    .map((field, at) => {
      const error = errors[`config.auth.${field.name}`];
      return (
        <Field
          key={field.name}
          label={field.label}
          {...(error === undefined ? (field.help ? { help: field.help } : {}) : { error })}
        >
          <AuthInput
            field={field}
            value={values[field.name]}
            masked={masked[field.name]}
            isFocused={isFocused === true && at === 0}
            onChange={(value) => onChange(field.name, value)}
          />
        </Field>
      );
    });

interface AuthInputProps {
  field: AuthField;
  value: string | undefined;
  masked: string | undefined;
  isFocused: boolean;
  onChange: (value: string | undefined) => void;
}

/** One field, by what it holds. */
export function AuthInput({ field, value, masked, isFocused, onChange }: AuthInputProps) {
  if (field.kind === "secret")
    return <SecretInput masked={masked} value={value} onChange={onChange} isFocused={isFocused} />;
  if (field.kind === "choice") {
    const { options = [] } = field;
    return <Select options={options} value={value || options[0]?.value} onChange={onChange} />;
  }
  return (
    <Input
      isMono
      autoFocus={isFocused}
      inputMode={field.kind === "seconds" ? "numeric" : "text"}
      value={value ?? ""}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
