"use client";

import { type FormEvent, useState } from "react";
import { addPasskey } from "#components/door/passkey-call.ts";
import { PasswordInput } from "#components/door/password-input.tsx";
import type { Refused } from "#components/door/use-form.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { AccountDialogProps } from "./account-dialog.ts";
import { passwordSentence } from "./account-words.ts";
import { PasskeyName } from "./passkey-name.tsx";

interface AddPasskeyProps extends AccountDialogProps {
  hasPassword: boolean;
}

export const AddPasskey = ({ isOpen, onOpenChange, onDone, hasPassword }: AddPasskeyProps) => (
  <Dialog
    isOpen={isOpen}
    onOpenChange={onOpenChange}
    title="Add a passkey"
    description="Your device keeps it, and asks for your finger or a PIN each time. Nothing of that comes here."
  >
    <Form
      hasPassword={hasPassword}
      onDone={() => {
        onOpenChange(false);
        onDone();
        showToast({ kind: "done", text: "The passkey is added: it signs you in from now on." });
      }}
    />
  </Dialog>
);

function Form({ hasPassword, onDone }: { hasPassword: boolean; onDone: () => void }) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [refused, setRefused] = useState<Refused>();
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const answer = await addPasskey(name, hasPassword ? password : undefined);
    setBusy(false);
    setRefused(answer.kind === "refused" ? answer : undefined);
    if (answer.kind === "done") onDone();
  };
  const isAboutPassword = refused?.code === "INVALID_PASSWORD" || refused?.code === "TOO_MANY_TRIES";
  return (
    <form className="grid gap-3.5 pb-1" onSubmit={submit}>
      <PasskeyName
        value={name}
        onChange={setName}
        help="By which you know it again, as laptop or phone."
        refused={isAboutPassword ? undefined : refused}
      />
      {hasPassword ? (
        <Field label="Password" error={isAboutPassword ? passwordSentence(refused) : undefined}>
          <PasswordInput
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
      ) : null}
      <Button type="submit" kind="primary" size="lg" isBusy={isBusy}>
        Add it
      </Button>
    </form>
  );
}
