// Drafts: what was typed and not saved, by the id of its resource. A draft outlives the drawer, the page and a reload; its secrets
// are kept in memory alone, so they outlive no reload.
import type { Values } from "./values.ts";

export interface Draft {
  /** The values that were changed, as they were read, and when that state was made. */
  base: Values;
  updatedAt: string;
  changes: Values;
}

const PREFIX = "draft:";
const known = new Map<string, Draft | undefined>();
const listeners = new Set<() => void>();

export function onDrafts(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function isDraft(value: unknown): value is Draft {
  return typeof value === "object" && value !== null && "base" in value && "updatedAt" in value && "changes" in value;
}

function readStored(id: string): Draft | undefined {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(PREFIX + id) ?? "null");
    return isDraft(stored) ? stored : undefined;
  } catch {
    return undefined;
  }
}

/** The draft of a resource; the same object until it changes. */
export function readDraft(id: string): Draft | undefined {
  if (!known.has(id)) known.set(id, readStored(id));
  return known.get(id);
}

/** @param isSecret which fields are not stored */
export function writeDraft(id: string, draft: Draft | undefined, isSecret: (field: string) => boolean): void {
  const isEmpty = !draft || Object.keys(draft.changes).length === 0;
  known.set(id, isEmpty ? undefined : draft);
  try {
    const open = Object.entries(draft?.changes ?? {}).filter(([field]) => !isSecret(field));
    if (!draft || open.length === 0) sessionStorage.removeItem(PREFIX + id);
    else sessionStorage.setItem(PREFIX + id, JSON.stringify({ ...draft, changes: Object.fromEntries(open) }));
  } catch {
    // A browser that stores nothing keeps the draft as long as the page is open.
  }
  for (const listener of listeners) listener();
}
