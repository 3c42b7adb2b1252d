"use client";

import { type FormEvent, useState } from "react";
import { type AuthAnswer, callAuth } from "./call-auth.ts";

export type Refused = Extract<AuthAnswer, { kind: "refused" }>;

/** A form that makes one call: what was refused, whether it is under way, and what to hand to `<form>`. */
export function useAuthForm(path: string, body: () => Record<string, unknown>, onDone: (said: Said) => void) {
  const [refused, setRefused] = useState<Refused>();
  const [isBusy, setBusy] = useState(false);
  async function submit(event?: FormEvent) {
    event?.preventDefault();
    if (isBusy) return;
    setBusy(true);
    const answer = await callAuth(path, body());
    setBusy(false);
    setRefused(answer.kind === "refused" ? answer : undefined);
    if (answer.kind === "done") onDone(answer.said);
  }
  return { refused, isBusy, submit };
}

/** What the server answered. */
export type Said = Extract<AuthAnswer, { kind: "done" }>["said"];
