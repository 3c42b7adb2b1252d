"use client";

import { Dialog } from "#components/ui/dialog.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { Passkey } from "#server/contracts/passkey.ts";
import type { AccountDialogProps } from "./account-dialog.ts";
import { AskPassword } from "./ask-password.tsx";

interface RemovePasskeyProps extends AccountDialogProps {
  passkey: Passkey | undefined;
  hasPassword: boolean;
}

export const RemovePasskey = ({ passkey, hasPassword, isOpen, onOpenChange, onDone }: RemovePasskeyProps) => (
  <Dialog
    isOpen={isOpen}
    onOpenChange={onOpenChange}
    title={`Remove the passkey ${passkey?.name ?? ""}?`}
    description="It signs nobody in any more. Your device still offers it until you delete it there too."
  >
    <AskPassword
      path="/passkey/remove"
      besides={{ id: passkey?.id }}
      hasPassword={hasPassword}
      label="Remove it"
      kind="danger-solid"
      onDone={() => {
        onOpenChange(false);
        onDone();
        showToast({ kind: "done", text: "The passkey is removed." });
      }}
    />
  </Dialog>
);
