"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { callAuth } from "./call-auth.ts";
import { doorButton } from "./door-frame.tsx";

interface ProviderButtonProps {
  /** What people call the company's own log-in. */
  name: string;
  next: string | null;
  /** Dark where no passkey is. */
  kind: "primary" | "plain";
}

export function ProviderButton({ name, next, kind }: ProviderButtonProps) {
  const [says, setSays] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const press = async () => {
    setBusy(true);
    const answer = await callAuth("/oidc/begin", next === null ? {} : { next });
    if (answer.kind === "done") return location.assign(String(answer.said.url));
    setBusy(false);
    setSays(answer.message);
  };
  return (
    <div className="grid gap-1.5">
      <Button kind={kind} size="lg" icon="key" className={doorButton} isBusy={isBusy} onClick={press}>
        Continue with {name}
      </Button>
      <FormError>{says}</FormError>
    </div>
  );
}
