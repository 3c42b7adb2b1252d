"use client";

import { useRef, useState, useSyncExternalStore } from "react";
import { errorsAt, type FormErrors } from "#components/data/server-issues.ts";
import type { ChangedSince } from "#server/contracts/changed-since.ts";
import { onDrafts, readDraft, writeDraft } from "./draft-store.ts";
import { changedMeanwhile, type FieldValue, isClash, keptChanges, realChanges, type Values } from "./values.ts";

interface Saved {
  id: string;
  updated_at: string;
}

/** What a failed call of tRPC says. */
export interface Refused {
  message: string;
  data?: {
    code?: string;
    issues?: readonly { path: string; message: string }[] | undefined;
    changed_since?: ChangedSince | undefined;
  } | null;
}

export interface ResourceFormSpec<R extends Saved> {
  resource: R;
  /** Its fields by their paths in the API. */
  valuesOf: (resource: R) => Values;
  /** Fields that are kept in no storage of the browser. */
  isSecret: (field: string) => boolean;
  /** Saves the fields that changed, unless the resource is not as it was at `ifUpdatedAt`. */
  save: (changes: Values, all: Values, ifUpdatedAt: string) => Promise<R>;
  /** The resource as it is now. */
  readNow: () => Promise<R>;
  onSaved: (resource: R) => void;
}

/** A save that somebody else was faster than. */
export interface Conflict<R> {
  since: ChangedSince;
  theirs: R;
}

const NO_CHANGES: Values = {};

/** What a form of a saved resource stands on: its draft, its saves, its errors, and the conflict with somebody else's. */
export function useResourceForm<R extends Saved>(spec: ResourceFormSpec<R>) {
  const { resource, valuesOf, isSecret } = spec;
  const { id } = resource;
  const draft = useSyncExternalStore(
    onDrafts,
    () => readDraft(id),
    () => undefined,
  );
  const [isBusy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refused | null>(null);
  const [conflict, setConflict] = useState<Conflict<R>>();
  const isSaving = useRef(false);
  const saved = valuesOf(resource);
  const base = draft?.base ?? saved;
  const changes = draft?.changes ?? NO_CHANGES;

  function set(field: string, value: FieldValue): void {
    const now = readDraft(id) ?? { base: saved, updatedAt: resource.updated_at, changes: NO_CHANGES };
    writeDraft(id, { ...now, changes: realChanges(now.base, { ...now.changes, [field]: value }) }, isSecret);
  }

  function forget(): void {
    writeDraft(id, undefined, isSecret);
    setRefused(null);
    setConflict(undefined);
  }

  /** The draft over a newer state; without the fields in `dropped`. */
  function moveOnto(theirs: R, dropped: ReadonlySet<string>): void {
    const now = readDraft(id);
    if (!now) return;
    const values = valuesOf(theirs);
    const kept = keptChanges(values, now.changes, dropped);
    writeDraft(id, { base: values, updatedAt: theirs.updated_at, changes: kept }, isSecret);
  }

  async function noteRefusal(error: Refused): Promise<"again" | "refused"> {
    const since = error.data?.changed_since;
    if (!since) {
      setRefused(error);
      return "refused";
    }
    const theirs = await spec.readNow();
    const now = readDraft(id);
    const meanwhile = now ? changedMeanwhile(now.base, valuesOf(theirs), now.changes) : [];
    // What a person did themselves at another place, to other fields, needs no question.
    if (since.changes.length > 0 && since.changes.every((change) => change.is_own) && !meanwhile.some(isClash)) {
      moveOnto(theirs, new Set());
      return "again";
    }
    setConflict({ since, theirs });
    return "refused";
  }

  async function save(): Promise<boolean> {
    const now = readDraft(id);
    if (!now || isSaving.current) return false;
    isSaving.current = true;
    setBusy(true);
    setRefused(null);
    try {
      spec.onSaved(await spec.save(now.changes, { ...now.base, ...now.changes }, now.updatedAt));
      forget();
      return true;
    } catch (error) {
      isSaving.current = false;
      return (await noteRefusal(error as Refused)) === "again" ? save() : false;
    } finally {
      isSaving.current = false;
      setBusy(false);
    }
  }

  return {
    values: { ...base, ...changes } as Values,
    changed: Object.keys(changes),
    set,
    save,
    forget,
    isBusy,
    refused,
    errors: (fields: readonly string[]): FormErrors<string> => errorsAt(refused, fields),
    conflict,
    /** What somebody else changed, beside what was typed here. */
    meanwhile: conflict ? changedMeanwhile(base, valuesOf(conflict.theirs), changes) : [],
    /** Somebody has saved another state since the draft was begun. */
    isBehind: draft !== undefined && draft.updatedAt < resource.updated_at,
    /** Takes theirs for the fields in `dropped` and mine for the rest, and saves what is left of mine. */
    async settle(dropped: ReadonlySet<string>): Promise<boolean> {
      if (!conflict) return false;
      spec.onSaved(conflict.theirs);
      moveOnto(conflict.theirs, dropped);
      setConflict(undefined);
      return readDraft(id) ? save() : true;
    },
  };
}
