"use client";

import { useEffect, useRef, useState } from "react";
import { LinkButton } from "#components/ui/button.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { callAuth, safeNext } from "./call-auth.ts";
import { DoorHead, doorButton } from "./door-frame.tsx";

/** Hands on what the provider said in the address, which is good once and is taken out of it. */
export function ProviderReturn() {
  const isAsked = useRef(false);
  const [says, setSays] = useState<string>();
  useEffect(() => {
    if (isAsked.current) return;
    isAsked.current = true;
    const { search } = location;
    history.replaceState(null, "", location.pathname);
    void callAuth("/oidc/sign-in", { search }).then((answer) => {
      if (answer.kind === "refused") setSays(answer.message);
      else location.replace(safeNext(String(answer.said.next)));
    });
  }, []);
  if (says === undefined)
    return (
      <>
        <DoorHead title="Signing in" />
        <Skeleton className="h-9 w-full" />
      </>
    );
  return (
    <>
      <DoorHead title="You are not signed in">
        <span role="alert">{says}</span>
      </DoorHead>
      <LinkButton href="/sign-in" kind="primary" size="lg" className={doorButton}>
        Back to the log-in
      </LinkButton>
    </>
  );
}
