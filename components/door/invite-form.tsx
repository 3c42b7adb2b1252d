"use client";

import { useState } from "react";
import { Button, LinkButton } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Icon } from "#components/ui/icon.tsx";
import { Input } from "#components/ui/input.tsx";
import { doorButton, doorControl } from "./door-frame.tsx";
import { fieldErrors } from "./field-errors.ts";
import { NewPassword } from "./new-password.tsx";
import { signOut } from "./sign-out.ts";
import { rememberTeam } from "./team-cookie.ts";
import { useAuthForm } from "./use-form.ts";

interface InviteFormProps {
  token: string;
  email: string;
  teamId: string;
  /** `new`: the address logs in nowhere yet. `known`: it does, and has to. `here`: signed in with it. `other`: with another. */
  who: "new" | "known" | "here" | "other";
}

export function InviteForm({ token, email, teamId, who }: InviteFormProps) {
  const [password, setPassword] = useState("");
  const { refused, isBusy, submit } = useAuthForm(
    "/accept-invitation",
    () => (who === "new" ? { token, password } : { token }),
    () => {
      rememberTeam(teamId);
      location.assign("/");
    },
  );
  const error = fieldErrors(refused, ["password"]).password;
  return (
    <form className="grid gap-3.5" onSubmit={submit}>
      <Field label="E-mail" error={who === "new" ? undefined : error}>
        <div className="relative">
          <Input
            readOnly
            name="email"
            autoComplete="username"
            className={`${doorControl} bg-inset pr-8 text-muted`}
            value={email}
          />
          <Icon name="lock" size={14} className="absolute inset-y-0 right-2.5 my-auto text-faint" />
        </div>
      </Field>
      {who === "new" ? <NewPassword value={password} onChange={setPassword} error={error} /> : null}
      {who === "known" ? (
        <LinkButton
          kind="primary"
          size="lg"
          className={doorButton}
          href={`/sign-in?next=${encodeURIComponent(`/invite/${token}`)}`}
        >
          Sign in to join
        </LinkButton>
      ) : who === "other" ? (
        <Button size="lg" className={doorButton} onClick={() => void signOut(() => location.reload())}>
          Sign out, then join
        </Button>
      ) : (
        <Button type="submit" kind="primary" size="lg" className={doorButton} isBusy={isBusy}>
          {who === "new" ? "Join with this password" : "Join"}
        </Button>
      )}
    </form>
  );
}
