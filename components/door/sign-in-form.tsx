"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { safeNext } from "./call-auth.ts";
import { DoorHead, DoorNote, doorButton, doorControl } from "./door-frame.tsx";
import { OrElse, PasskeyButton } from "./passkey-button.tsx";
import { PasswordInput } from "./password-input.tsx";
import { ProviderButton } from "./provider-button.tsx";
import { SecondFactor } from "./second-factor.tsx";
import { signInSentence } from "./sign-in-words.ts";
import { useAuthForm } from "./use-form.ts";

interface SignInFormProps {
  next: string | null;
  /** Whether anybody may come in by one here. */
  hasPasskeys: boolean;
  /** What people call the company's own log-in; null where there is none. */
  provider: string | null;
}

/** The log-in: a passkey where there are any, e-mail and password, then the code where there is an authenticator. */
export function SignInForm({ next, hasPasskeys, provider }: SignInFormProps) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [isHalf, setHalf] = useState(false);
  const isPasswordLast = hasPasskeys || provider !== null;
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
      {isPasswordLast ? (
        <>
          <div className="grid gap-2">
            {hasPasskeys ? <PasskeyButton onDone={goOn} /> : null}
            {provider ? <ProviderButton name={provider} next={next} kind={hasPasskeys ? "plain" : "primary"} /> : null}
          </div>
          <OrElse>or with a password</OrElse>
        </>
      ) : null}
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
          kind={isPasswordLast ? "plain" : "primary"}
          size="lg"
          className={doorButton}
          isBusy={isBusy}
        >
          Sign in
        </Button>
      </form>
      {provider ? <DoorNote>{provider} decides who may come in; roles are set here.</DoorNote> : null}
    </>
  );
}
