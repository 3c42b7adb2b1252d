"use client";

import { useState } from "react";
import { NewPassword } from "#components/door/new-password.tsx";
import { PasswordInput } from "#components/door/password-input.tsx";
import { useAuthForm } from "#components/door/use-form.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { AccountDialogProps } from "./account-dialog.ts";
import { passwordSentence } from "./account-words.ts";

export const ChangePassword = ({ isOpen, onOpenChange, onDone }: AccountDialogProps) => (
  <Dialog isOpen={isOpen} onOpenChange={onOpenChange} title="Change the password">
    <Form
      onDone={() => {
        onOpenChange(false);
        onDone();
        showToast({ kind: "done", text: "The password is changed; your other sessions have ended." });
      }}
    />
  </Dialog>
);

/** Apart from the dialog, so that what was typed is forgotten when it closes. */
function Form({ onDone }: { onDone: () => void }) {
  const [currentPassword, setCurrent] = useState("");
  const [newPassword, setNew] = useState("");
  const { refused, isBusy, submit } = useAuthForm("/change-password", () => ({ currentPassword, newPassword }), onDone);
  return (
    <form className="grid gap-3.5 pb-1" onSubmit={submit}>
      <Field label="Password now" error={refused && passwordSentence(refused)}>
        <PasswordInput
          autoComplete="current-password"
          value={currentPassword}
          onChange={(event) => setCurrent(event.target.value)}
        />
      </Field>
      <NewPassword label="New password" value={newPassword} onChange={setNew} />
      <Button type="submit" kind="primary" size="lg" isBusy={isBusy}>
        Change the password
      </Button>
    </form>
  );
}
