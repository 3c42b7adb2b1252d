"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import type { SignInWays } from "#server/contracts/sign-in-ways.ts";
import { safeNext } from "./call-auth.ts";
import { DoorHead, DoorNote, doorButton, doorControl } from "./door-frame.tsx";
import { isPasswordLast, OtherWays } from "./other-ways.tsx";
import { PasswordInput } from "./password-input.tsx";
import { SecondFactor } from "./second-factor.tsx";
import { signInSentence } from "./sign-in-words.ts";
import { useAuthForm } from "./use-form.ts";

interface SignInFormProps extends SignInWays {
  next: string | null;
}

/** The log-in: a passkey where there are any, e-mail and password, then the code where there is an authenticator. */
export function SignInForm({ next, ...ways }: SignInFormProps) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [isHalf, setHalf] = useState(false);
  const goOn = () => location.assign(safeNext(next));
  const { refused, isBusy, submit } = useAuthForm(
    "/sign-in/email",
    () => ({ email, password }),
    (said) => (said.twoFactorRedirect === true ? setHalf(true) : goOn()),
  );

  if (isHalf) {
    const back = () => {
      setPassword("");
      setHalf(false);
    };
    return <SecondFactor email={email} onDone={goOn} onBack={back} />;
  }
  return (
    <>
      <DoorHead title="Sign in" />
      <OtherWays ways={ways} next={next} onPasskey={goOn} orElse="or with a password" />
      <form className="grid gap-3.5" onSubmit={submit}>
        <Field label="E-mail">
          <Input
            name="email"
            type="email"
            required
            autoComplete="username"
            className={doorControl}
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        </Field>
        <Field label="Password" error={refused && signInSentence(refused)}>
          <PasswordInput
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
        <Button
          type="submit"
          kind={isPasswordLast(ways) ? "plain" : "primary"}
          size="lg"
          className={doorButton}
          isBusy={isBusy}
        >
          Sign in
        </Button>
      </form>
      {ways.provider ? <DoorNote>{ways.provider} decides who may come in; roles are set here.</DoorNote> : null}
    </>
  );
}
