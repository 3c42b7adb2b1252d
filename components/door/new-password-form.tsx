"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { doorButton } from "./door-frame.tsx";
import { fieldErrors } from "./field-errors.ts";
import { NewPassword } from "./new-password.tsx";
import { useAuthForm } from "./use-form.ts";

export function NewPasswordForm({ token, email }: { token: string; email: string }) {
  const [password, setPassword] = useState("");
  const { refused, isBusy, submit } = useAuthForm(
    "/new-password",
    () => ({ token, password }),
    () => location.assign("/"),
  );
  return (
    <form className="grid gap-3.5" onSubmit={submit}>
      {/* For password managers, which look for an address beside a password. */}
      <input type="email" autoComplete="username" value={email} readOnly hidden />
      <NewPassword
        label="New password"
        value={password}
        onChange={setPassword}
        error={fieldErrors(refused, ["password"]).password}
      />
      <Button type="submit" kind="primary" size="lg" className={doorButton} isBusy={isBusy}>
        Set the password
      </Button>
    </form>
  );
}
