"use client";

import { useState } from "react";
import { useAuthForm } from "#components/door/use-form.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import type { Passkey } from "#server/contracts/passkey.ts";
import type { AccountDialogProps } from "./account-dialog.ts";
import { PasskeyName } from "./passkey-name.tsx";

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
  return (
    <form className="grid gap-3.5 pb-1" onSubmit={submit}>
      <PasskeyName
        value={name}
        onChange={setName}
        help="Here alone: your device keeps the name that it has for it."
        refused={refused}
      />
      <Button type="submit" kind="primary" size="lg" isBusy={isBusy}>
        Rename it
      </Button>
    </form>
  );
}
