import { readDraft, writeDraft } from "./draft-store.ts";
import { keptChanges, type Values } from "./values.ts";

/**
 * After a switch that a person flipped beside their draft: the draft now stands on the state that the switch made. One that
 * was behind already stays so, and its save says what it has missed.
 */
export function carryDraft(
  id: string,
  from: string,
  to: { updatedAt: string; values: Values },
  isSecret: (field: string) => boolean,
): void {
  const draft = readDraft(id);
  if (!draft || draft.updatedAt !== from) return;
  const changes = keptChanges(to.values, draft.changes, new Set());
  writeDraft(id, { base: to.values, updatedAt: to.updatedAt, changes }, isSecret);
}
