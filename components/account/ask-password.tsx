"use client";

import { useState } from "react";
import { PasswordInput } from "#components/door/password-input.tsx";
import { type Said, useAuthForm } from "#components/door/use-form.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { passwordSentence } from "./account-words.ts";

interface AskPasswordProps {
  /** Of the call that the password is for. */
  path: string;
  label: string;
  /** Sent with the password. */
  besides?: Record<string, unknown>;
  /** False for somebody who has none: the server asks for a log-in of the last minutes in its place. */
  hasPassword?: boolean;
  kind?: "primary" | "danger-solid";
  onDone: (said: Said) => void;
}

/** Whoever sits at an open page is not yet the person: what matters asks for the password again. */
export function AskPassword({
  path,
  label,
  besides = {},
  hasPassword = true,
  kind = "primary",
  onDone,
}: AskPasswordProps) {
  const [password, setPassword] = useState("");
  const { refused, isBusy, submit } = useAuthForm(
    path,
    () => (hasPassword ? { ...besides, password } : besides),
    onDone,
  );
  return (
    <form className="grid gap-3.5 pb-1" onSubmit={submit}>
      {hasPassword ? (
        <Field label="Password" error={refused && passwordSentence(refused)}>
          <PasswordInput
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
      ) : (
        <p role="alert" className="text-failed empty:hidden">
          {refused?.message}
        </p>
      )}
      <Button type="submit" kind={kind} size="lg" isBusy={isBusy}>
        {label}
      </Button>
    </form>
  );
}
