"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { doorButton, doorControl } from "./door-frame.tsx";
import { fieldErrors } from "./field-errors.ts";
import { NewPassword } from "./new-password.tsx";
import { useAuthForm } from "./use-form.ts";

export function FirstRunForm({ token }: { token: string }) {
  const [values, setValues] = useState({ email: "", password: "", team: "" });
  const change = (name: keyof typeof values, value: string) => setValues({ ...values, [name]: value });
  const { refused, isBusy, submit } = useAuthForm(
    "/first-run",
    () => ({ token, ...values }),
    () => location.assign("/"),
  );
  const errors = fieldErrors(refused, ["email", "password", "team"]);

  return (
    <form className="grid gap-3.5" onSubmit={submit}>
      <Field label="E-mail" error={errors.email}>
        <Input
          name="email"
          type="email"
          required
          autoComplete="username"
          className={doorControl}
          value={values.email}
          onChange={(event) => change("email", event.target.value)}
        />
      </Field>
      <NewPassword value={values.password} onChange={(value) => change("password", value)} error={errors.password} />
      <Field label="Team" help="The name in the rail. Can be changed." error={errors.team}>
        <Input
          name="team"
          required
          maxLength={155}
          className={doorControl}
          value={values.team}
          onChange={(event) => change("team", event.target.value)}
        />
      </Field>
      <Button type="submit" kind="primary" size="lg" className={doorButton} isBusy={isBusy}>
        Make owner and team
      </Button>
    </form>
  );
}
