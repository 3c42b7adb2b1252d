"use client";

import { useSyncExternalStore } from "react";
import { onDrafts, readDraft, writeDraft } from "./draft-store.ts";
import type { FieldValue, Values } from "./values.ts";

/** A field of a bucket. Other secrets are made by the server, or typed when there is something to type them for. */
const isSecret = (field: string) => field.endsWith(".secret_access_key");

/** What a form that makes something stands on: what was typed outlives a reload and the way back, until it is made. */
export function useNewForm(kind: string, initial: Values) {
  const id = `new ${kind}`;
  const draft = useSyncExternalStore(
    onDrafts,
    () => readDraft(id),
    () => undefined,
  );
  return {
    values: { ...initial, ...draft?.changes } as Values,
    set(field: string, value: FieldValue) {
      const changes = { ...readDraft(id)?.changes, [field]: value };
      writeDraft(id, { base: {}, updatedAt: "", changes }, isSecret);
    },
    forget: () => writeDraft(id, undefined, isSecret),
  };
}
