"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import type { SignInWays } from "#server/contracts/sign-in-ways.ts";
import { doorLink } from "./door-frame.tsx";
import { isPasswordLast, OtherWays } from "./other-ways.tsx";
import { PasswordInput } from "./password-input.tsx";
import { SecondFactor } from "./second-factor.tsx";
import { signInSentence } from "./sign-in-words.ts";
import { forgetTyped } from "./sign-out.ts";
import { useAuthForm } from "./use-form.ts";

interface SessionEndedProps {
  isOpen: boolean;
  /** Who was signed in. */
  email: string;
  /** Of the page below. */
  title: string;
  ways: SignInWays;
  onSignedIn: () => void;
}

const stay = () => {};

/** The log-in over a page whose session has ended: address, filters and what was typed stay as they are. */
export function SessionEnded({ isOpen, email, title, ways, onSignedIn }: SessionEndedProps) {
  const [password, setPassword] = useState("");
  const [isHalf, setHalf] = useState(false);
  const done = () => {
    setPassword("");
    setHalf(false);
    onSignedIn();
  };
  const { refused, isBusy, submit } = useAuthForm(
    "/sign-in/email",
    () => ({ email, password }),
    (said) => (said.twoFactorRedirect === true ? setHalf(true) : done()),
  );
  // A passkey may be somebody else's, for whom neither this page was made nor what was typed on it.
  const doneBy = (signedIn: string) => {
    if (signedIn === email) return done();
    forgetTyped();
    location.reload();
  };
  const here = location.pathname + location.search;
  const somebodyElse = () => {
    forgetTyped();
    location.assign(`/sign-in?next=${encodeURIComponent(here)}`);
  };
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={stay}
      title="Signed out"
      description={
        <>
          You are still on <b>{title === "" ? "this page" : title}</b>. Sign in and go on where you were; nothing you
          typed is lost.
          {ways.provider ? ` ${ways.provider} leads away and back: secrets have to be typed again.` : null}
        </>
      }
    >
      <div className="mb-3.5 flex items-center gap-2.5 rounded-md bg-inset px-2.5 py-2">
        <b className="min-w-0 flex-1 truncate font-medium">{email}</b>
        <button type="button" className={`text-xs ${doorLink}`} onClick={somebodyElse}>
          Somebody else
        </button>
      </div>
      {isHalf ? null : <OtherWays ways={ways} next={here} onPasskey={doneBy} orElse="or" />}
      {isHalf ? (
        <SecondFactor isBare email={email} onDone={done} onBack={() => setHalf(false)} />
      ) : (
        <form className="grid gap-3.5" onSubmit={submit}>
          {/* For password managers, which look for an address beside a password. */}
          <input type="email" autoComplete="username" value={email} readOnly hidden />
          <Field label="Password" error={refused && signInSentence(refused)}>
            <PasswordInput
              autoFocus
              autoComplete="current-password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          </Field>
          <div className="flex items-center justify-between gap-2 pb-1 max-md:flex-col max-md:items-stretch">
            <span className="text-muted text-xs">Deliveries went on meanwhile.</span>
            <Button type="submit" kind={isPasswordLast(ways) ? "plain" : "primary"} size="lg" isBusy={isBusy}>
              Sign in
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
