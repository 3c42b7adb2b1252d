"use client";

import { type FormEvent, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { callAuth, safeNext } from "./call-auth.ts";

/** Nothing here says whether an address is known. */
const WRONG = "E-mail and password do not go together: correct one of them.";

export function SignInForm({ next }: { next: string | null }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    const answer = await callAuth("/sign-in/email", { email, password });
    if (answer.kind === "done") return location.assign(safeNext(next));
    setError(answer.code === "TOO_MANY_TRIES" || answer.code === "AWAY" ? answer.message : WRONG);
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
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </Field>
      <Field label="Password" error={error}>
        <Input
          name="password"
          type="password"
          required
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </Field>
      <Button type="submit" kind="primary" size="lg" isBusy={isBusy}>
        Sign in
      </Button>
    </form>
  );
}
