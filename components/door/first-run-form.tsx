"use client";

import { type FormEvent, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { callAuth } from "./call-auth.ts";

export function FirstRunForm({ token }: { token: string }) {
  const [values, setValues] = useState({ email: "", password: "", team: "" });
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const change = (name: keyof typeof values) => (event: { target: { value: string } }) =>
    setValues({ ...values, [name]: event.target.value });

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    const answer = await callAuth("/first-run", { token, ...values });
    if (answer.kind === "done") return location.assign("/");
    setError(answer.message);
    setBusy(false);
  }

  return (
    <form className="grid gap-3.5" onSubmit={submit}>
      <Field label="E-mail">
        <Input
          name="email"
          type="email"
          required
          autoComplete="username"
          value={values.email}
          onChange={change("email")}
        />
      </Field>
      <Field label="Password" help="At least 12 characters. Long beats clever.">
        <Input
          name="password"
          type="password"
          required
          minLength={12}
          maxLength={128}
          autoComplete="new-password"
          value={values.password}
          onChange={change("password")}
        />
      </Field>
      <Field label="Team" help="The name in the rail. Can be changed." error={error}>
        <Input name="team" required maxLength={155} value={values.team} onChange={change("team")} />
      </Field>
      <Button type="submit" kind="primary" size="lg" isBusy={isBusy}>
        Make owner and team
      </Button>
    </form>
  );
}
