"use client";

import { type ReactNode, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { doorButton } from "./door-frame.tsx";
import { signInWithPasskey } from "./passkey-call.ts";

interface PasskeyButtonProps {
  /** @param email of who is signed in now */
  onDone: (email: string) => void;
}

/** The strongest way in, so it is the dark button wherever it stands. */
export function PasskeyButton({ onDone }: PasskeyButtonProps) {
  const [says, setSays] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const press = async () => {
    setBusy(true);
    const answer = await signInWithPasskey();
    setBusy(false);
    setSays(answer.kind === "refused" ? answer.message : undefined);
    if (answer.kind === "done") onDone(String(answer.said.email));
  };
  return (
    <div className="grid gap-1.5">
      <Button kind="primary" size="lg" icon="passkey" className={doorButton} isBusy={isBusy} onClick={press}>
        Continue with a passkey
      </Button>
      <FormError>{says}</FormError>
    </div>
  );
}

/** Between the ways in. */
export const OrElse = ({ children }: { children: ReactNode }) => (
  <div className="my-[18px] flex items-center gap-3 text-muted text-xs before:flex-1 before:border-line before:border-t after:flex-1 after:border-line after:border-t">
    {children}
  </div>
);
