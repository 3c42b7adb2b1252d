"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
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
    <div>
      <Button kind={kind} size="lg" icon="key" className={doorButton} isBusy={isBusy} onClick={press}>
        Continue with {name}
      </Button>
      {says ? (
        <p role="alert" className="mt-1.5 text-failed text-xs">
          {says}
        </p>
      ) : null}
    </div>
  );
}
