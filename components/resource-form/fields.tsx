"use client";

import { type ReactNode, useId } from "react";
import { cn } from "#components/ui/class-names.ts";
import { Field } from "#components/ui/field.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Input, Textarea } from "#components/ui/input.tsx";
import { SecretInput } from "#components/ui/secret-input.tsx";
import { Select } from "#components/ui/select.tsx";
import { Switch } from "#components/ui/switch.tsx";
import { useFormField } from "./form-context.ts";

interface FieldProps {
  /** Its path in the API: `config.url`. */
  field: string;
  label: ReactNode;
  help?: ReactNode;
}

const textOf = (value: unknown) => (value === null || value === undefined ? "" : String(value));

export function TextField({
  field,
  isMono,
  isFocused = false,
  placeholder,
  ...props
}: FieldProps & { isMono?: boolean; isFocused?: boolean; placeholder?: string }) {
  const { value, set, error } = useFormField(field);
  return (
    <Field {...props} error={error}>
      <Input
        isMono={isMono ?? false}
        autoFocus={isFocused}
        placeholder={placeholder}
        value={textOf(value)}
        onChange={(event) => set(event.target.value)}
      />
    </Field>
  );
}

/** A text of several lines; empty is none. */
export function LongTextField({
  field,
  isMono,
  rows,
  placeholder,
  ...props
}: FieldProps & { isMono?: boolean; rows?: number; placeholder?: string }) {
  const { value, set, error } = useFormField(field);
  return (
    <Field {...props} error={error}>
      <Textarea
        isMono={isMono ?? false}
        rows={rows ?? 2}
        placeholder={placeholder}
        value={textOf(value)}
        onChange={(event) => set(event.target.value)}
      />
    </Field>
  );
}

interface ChoiceFieldProps<V extends string> extends FieldProps {
  options: readonly { value: V; label: string }[];
}

export function ChoiceField<V extends string>({ field, options, ...props }: ChoiceFieldProps<V>) {
  const { value, set, error } = useFormField(field);
  return (
    <Field {...props} error={error}>
      <Select options={options} value={textOf(value) as V} onChange={set} />
    </Field>
  );
}

/** A secret that is saved is shown masked and never read back. */
export function SecretField({ field, masked, ...props }: FieldProps & { masked: string | undefined }) {
  const { value, set, error } = useFormField(field);
  return (
    <Field {...props} error={error}>
      <SecretInput masked={masked} value={value as string | undefined} onChange={set} />
    </Field>
  );
}

/** What is on or off, in a row of its own: what it is and what it does on the left, the switch on the right. */
export function SwitchRow({
  title,
  about,
  isOn,
  onChange,
  isDisabled,
}: {
  title: string;
  about: ReactNode;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
  isDisabled?: boolean;
}) {
  return (
    <div className="flex items-center gap-3">
      <div className="min-w-0 flex-1">
        <p className="font-medium">{title}</p>
        <div className="text-muted text-xs">{about}</div>
      </div>
      <Switch isOn={isOn} onChange={onChange} aria-label={title} isDisabled={isDisabled ?? false} />
    </div>
  );
}

interface WordFieldProps {
  field: string;
  /** Names it for those who do not see the sentence around it. */
  label: string;
  /** In characters. */
  width?: number;
  placeholder?: string;
}

/** A word of a sentence that can be edited: "at most [120] a minute". Its error stands under the sentence. */
export function WordField({ field, label, width = 6, placeholder }: WordFieldProps) {
  const { value, set, error } = useFormField(field);
  const id = useId();
  return (
    <input
      id={id}
      type="text"
      inputMode="numeric"
      autoComplete="off"
      aria-label={label}
      aria-invalid={error !== undefined || undefined}
      aria-describedby={error === undefined ? undefined : `${id}-error`}
      placeholder={placeholder}
      value={textOf(value)}
      onChange={(event) => set(event.target.value)}
      size={width}
      className={cn(
        "mx-0.5 h-7 rounded-md border border-line-strong bg-surface px-2 text-center font-medium text-base text-ink tabular-nums",
        "placeholder:font-normal placeholder:text-faint aria-invalid:border-failed-solid disabled:border-line disabled:bg-inset disabled:text-muted pointer-coarse:h-10",
      )}
    />
  );
}

/** What is wrong with words of a sentence, under it. */
export function SentenceErrors({ fields }: { fields: readonly string[] }) {
  return fields.map((field) => <SentenceError key={field} field={field} />);
}

function SentenceError({ field }: { field: string }) {
  const { error } = useFormField(field);
  return error === undefined ? null : (
    <div className="mt-1">
      <FormError>{error}</FormError>
    </div>
  );
}
