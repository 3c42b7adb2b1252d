"use client";

import { type ReactNode, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { useNow } from "#components/ui/clock.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { CodeInput } from "./code-input.tsx";
import { DoorHead, DoorNote, doorButton, doorControl, doorLink } from "./door-frame.tsx";
import { codeSentence } from "./sign-in-words.ts";
import { useAuthForm } from "./use-form.ts";

interface SecondFactorProps {
  email: string;
  onDone: () => void;
  onBack: () => void;
  /** In a dialog the heading is the dialog's. */
  isBare?: boolean;
}

const ROUTES = { totp: "/two-factor/verify-totp", recovery: "/two-factor/verify-backup-code" } as const;

/** The step after the password: a code of the authenticator, or one of the paper. */
export function SecondFactor({ email, onDone, onBack, isBare = false }: SecondFactorProps) {
  const [kind, setKind] = useState<keyof typeof ROUTES>("totp");
  const [code, setCode] = useState("");
  const { refused, isBusy, submit } = useAuthForm(ROUTES[kind], () => ({ code: code.trim() }), onDone);
  const isTotp = kind === "totp";
  const change = () => {
    setCode("");
    setKind(isTotp ? "recovery" : "totp");
  };
  const lead = isTotp ? (
    <>
      Six digits from the authenticator of <b>{email}</b>.
    </>
  ) : (
    "One of the codes that you kept when you set up the authenticator. Each is good once."
  );
  return (
    <>
      {isBare ? <p className="mb-3.5 text-muted">{lead}</p> : <DoorHead title="One more code">{lead}</DoorHead>}
      <form key={kind} className="grid gap-3.5" onSubmit={submit}>
        <Field label={isTotp ? "Six digits" : "Recovery code"} error={refused && codeSentence(refused)}>
          {isTotp ? (
            <CodeInput value={code} onChange={setCode} />
          ) : (
            <Input
              isMono
              required
              className={doorControl}
              value={code}
              onChange={(event) => setCode(event.target.value)}
            />
          )}
        </Field>
        {isTotp ? <TimeLeft /> : null}
        <Button
          type="submit"
          kind="primary"
          size="lg"
          className={doorButton}
          isBusy={isBusy}
          disabled={isTotp && code.length < 6}
        >
          Check the code
        </Button>
      </form>
      <div className="mt-[18px] flex gap-4 text-xs">
        <TextButton onClick={change}>{isTotp ? "Use a recovery code" : "Use the authenticator"}</TextButton>
        <span className="ml-auto">
          <TextButton onClick={onBack}>Back</TextButton>
        </span>
      </div>
      <DoorNote>Five wrong codes lock this log-in for 15 minutes. Nobody else is locked out by it.</DoorNote>
    </>
  );
}

const TextButton = ({ onClick, children }: { onClick: () => void; children: ReactNode }) => (
  <button type="button" className={doorLink} onClick={onClick}>
    {children}
  </button>
);

const STEP_S = 30;
const secondsLeft = (nowMs: number) => STEP_S - (Math.floor(nowMs / 1000) % STEP_S);
const RING = 2 * Math.PI * 5.5;

/** How long the code that is shown now is shown. */
function TimeLeft() {
  const left = useNow(secondsLeft);
  return (
    <p className="flex items-center gap-2 text-muted text-xs">
      <svg viewBox="0 0 14 14" aria-hidden="true" className="size-3.5 shrink-0 -rotate-90 fill-none">
        <circle cx="7" cy="7" r="5.5" strokeWidth={2.5} className="stroke-press" />
        <circle
          cx="7"
          cy="7"
          r="5.5"
          strokeWidth={2.5}
          strokeDasharray={`${(RING * left) / STEP_S} ${RING}`}
          className="stroke-ink-2"
        />
      </svg>
      This code changes in {left} s. The one before it still counts.
    </p>
  );
}
