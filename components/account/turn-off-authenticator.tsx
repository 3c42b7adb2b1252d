"use client";

import { Dialog } from "#components/ui/dialog.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { AccountDialogProps } from "./account-dialog.ts";
import { AskPassword } from "./ask-password.tsx";

export const TurnOffAuthenticator = ({ isOpen, onOpenChange, onDone }: AccountDialogProps) => (
  <Dialog
    isOpen={isOpen}
    onOpenChange={onOpenChange}
    title="Turn off the second factor?"
    description="The password alone will be enough. The codes that you kept are good for nothing then."
  >
    <AskPassword
      path="/two-factor/disable"
      label="Turn it off"
      kind="danger-solid"
      onDone={() => {
        onOpenChange(false);
        onDone();
        showToast({ kind: "done", text: "The second factor is off." });
      }}
    />
  </Dialog>
);
