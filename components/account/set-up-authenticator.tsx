"use client";

import { useState } from "react";
import { CodeInput } from "#components/door/code-input.tsx";
import { doorLink } from "#components/door/door-frame.tsx";
import { codeSentence } from "#components/door/sign-in-words.ts";
import { type Said, useAuthForm } from "#components/door/use-form.ts";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import type { AccountDialogProps } from "./account-dialog.ts";
import { AskPassword } from "./ask-password.tsx";
import { QrCode } from "./qr-code.tsx";

interface SetUp {
  uri: string;
  codes: string[];
}

const readSetUp = ({ totpURI, backupCodes }: Said): SetUp => ({
  uri: String(totpURI),
  codes: Array.isArray(backupCodes) ? backupCodes.map(String) : [],
});

/** Password, key, first code, and the codes for its loss. */
export const SetUpAuthenticator = ({ isOpen, onOpenChange, onDone }: AccountDialogProps) => (
  <Dialog isOpen={isOpen} onOpenChange={onOpenChange} title="Set up a second factor">
    <Steps onDone={onDone} onClose={() => onOpenChange(false)} />
  </Dialog>
);

function Steps({ onDone, onClose }: { onDone: () => void; onClose: () => void }) {
  const [setUp, setSetUp] = useState<SetUp>();
  const [isOn, setOn] = useState(false);
  if (!setUp)
    return <AskPassword path="/two-factor/enable" label="Go on" onDone={(said) => setSetUp(readSetUp(said))} />;
  if (isOn) return <RecoveryCodes codes={setUp.codes} onClose={onClose} />;
  const confirmed = () => {
    setOn(true);
    onDone();
  };
  return <FirstCode uri={setUp.uri} onDone={confirmed} />;
}

function FirstCode({ uri, onDone }: { uri: string; onDone: () => void }) {
  const [code, setCode] = useState("");
  const { refused, isBusy, submit } = useAuthForm("/two-factor/verify-totp", () => ({ code }), onDone);
  const key = new URL(uri).searchParams.get("secret") ?? "";
  return (
    <form className="grid gap-3.5 pb-1" onSubmit={submit}>
      <div>
        <p className="text-muted">
          Scan this with your authenticator, type the key into it, or{" "}
          <a href={uri} className={doorLink}>
            open it in the one of this device
          </a>
          .
        </p>
        <div className="my-3 grid justify-items-center">
          <QrCode text={uri} label="The key as a QR code" />
        </div>
        <div className="flex items-center justify-between gap-2 rounded-md bg-inset py-2 pr-2 pl-3">
          <code className="font-mono text-xs leading-[18px]">{key.match(/.{1,4}/g)?.join(" ")}</code>
          <CopyButton text={key} what="key" />
        </div>
      </div>
      <Field label="Six digits that it shows" error={refused && codeSentence(refused)}>
        <CodeInput value={code} onChange={setCode} />
      </Field>
      <Button type="submit" kind="primary" size="lg" isBusy={isBusy} disabled={code.length < 6}>
        Turn it on
      </Button>
    </form>
  );
}

function RecoveryCodes({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  return (
    <div className="grid gap-3.5 pb-1">
      <p className="text-muted">
        It is on. Keep these codes where you find them without the authenticator: each gets you in once. They are not
        shown again.
      </p>
      <ul className="grid grid-cols-2 gap-x-4 gap-y-1 rounded-md bg-inset px-3 py-2 font-mono text-xs leading-[18px]">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex items-center justify-between">
        <CopyButton text={codes.join("\n")} what="recovery codes" />
        <Button kind="primary" size="lg" onClick={onClose}>
          I have them
        </Button>
      </div>
    </div>
  );
}
