"use client";

import { useState } from "react";
import { doorControl } from "#components/door/door-frame.tsx";
import { fieldErrors } from "#components/door/field-errors.ts";
import { useAuthForm } from "#components/door/use-form.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import type { Passkey } from "#server/contracts/passkey.ts";
import type { AccountDialogProps } from "./account-dialog.ts";

interface RenamePasskeyProps extends AccountDialogProps {
  passkey: Passkey | undefined;
}

export const RenamePasskey = ({ passkey, isOpen, onOpenChange, onDone }: RenamePasskeyProps) => (
  <Dialog isOpen={isOpen} onOpenChange={onOpenChange} title={`Rename the passkey ${passkey?.name ?? ""}`}>
    {passkey ? (
      <Form
        passkey={passkey}
        onDone={() => {
          onOpenChange(false);
          onDone();
        }}
      />
    ) : null}
  </Dialog>
);

function Form({ passkey, onDone }: { passkey: Passkey; onDone: () => void }) {
  const [name, setName] = useState(passkey.name);
  const { refused, isBusy, submit } = useAuthForm("/passkey/rename", () => ({ id: passkey.id, name }), onDone);
  const wrong = refused && (fieldErrors(refused, ["name"]).name ?? refused.message);
  return (
    <form className="grid gap-3.5 pb-1" onSubmit={submit}>
      <Field label="Name" help="Here alone: your device keeps the name that it has for it." error={wrong}>
        <Input
          required
          maxLength={100}
          className={doorControl}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      <Button type="submit" kind="primary" size="lg" isBusy={isBusy}>
        Rename it
      </Button>
    </form>
  );
}
