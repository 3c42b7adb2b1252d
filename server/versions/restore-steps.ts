// The steps from the present configuration to that of a version, or to a part of it. Pure.
import type { PlannedChange, VersionedKind } from "#server/contracts/version.ts";
import { differingFields, documentOf, type Fields, isFields, type State, withRestored } from "./document.ts";

export interface Snapshot {
  kind: VersionedKind;
  state: State;
}
/** The resources of a team by id. */
export type Configuration = ReadonlyMap<string, Snapshot>;

export type Step =
  | { action: "create"; kind: VersionedKind; id: string; state: State }
  | { action: "update"; kind: VersionedKind; id: string; before: Fields; after: Fields }
  | { action: "delete"; kind: VersionedKind; id: string; state: State };

export interface Steps {
  steps: Step[];
  notes: string[];
}

/** What is brought back. Without an id it is everything. */
export interface Part {
  id?: string | undefined;
  fields?: readonly string[] | undefined;
}

const nameOf = ({ kind, state }: Snapshot) => `${kind} ${state.name}`;

const configIn = (document: Fields): Fields => (isFields(document.config) ? document.config : {});

/**
 * The way of authentication of an older state has a secret that is gone, since versions keep none. The present way stays then,
 * with its secret.
 */
function keptAuth(present: Snapshot, target: Snapshot, restored: Fields): { document: Fields; note: string | null } {
  const [now, then] = [documentOf(present.kind, present.state), documentOf(target.kind, target.state)].map(configIn);
  const isChanged = configIn(restored).auth_type !== now?.auth_type;
  if (!isChanged || !now || !then) return { document: restored, note: null };
  if (!target.state.has_secrets) {
    const note = present.state.has_secrets ? `The present secret of ${nameOf(present)} goes with its auth_type.` : null;
    return { document: restored, note };
  }
  const { auth_type, auth } = now;
  const note = `${nameOf(present)} keeps its auth_type ${String(auth_type)}: the secret of ${String(then.auth_type)} is gone. Set config.auth by hand to go back to it.`;
  return { document: { ...restored, config: { ...configIn(restored), auth_type, auth } }, note };
}

function updateOf(id: string, present: Snapshot, target: Snapshot, fields: readonly string[] | undefined) {
  const { kind } = present;
  const before = documentOf(kind, present.state);
  const wanted = withRestored(before, documentOf(kind, target.state), fields);
  const { document: after, note } = keptAuth(present, target, wanted);
  const isSame = differingFields(before, after).length === 0;
  return { step: isSame ? null : ({ action: "update", kind, id, before, after } as const), note };
}

/** The ids that a state refers to. */
function referencesOf({ kind, state }: Snapshot): string[] {
  const found: unknown[] = [];
  if (kind === "destination") found.push((state.config as Fields).dead_letter_destination_id);
  if (kind === "connection") {
    found.push(state.source_id, state.destination_id);
    found.push(...(state.rules as Fields[]).map(({ transformation_id: id }) => id));
  }
  return found.filter((id) => typeof id === "string");
}

/** The ids of the part, with what they refer to and is gone. */
function withMissing(ids: readonly string[], present: Configuration, target: Configuration): Set<string> {
  const all = new Set<string>();
  const left = [...ids];
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    const snapshot = target.get(id);
    if (!snapshot || all.has(id)) continue;
    all.add(id);
    left.push(...referencesOf(snapshot).filter((each) => !present.has(each)));
  }
  return all;
}

function noteOf({ action, kind, id }: Step, part: Part, state: State): string[] {
  if (action !== "create") return [];
  const name = `${kind} ${state.name}`;
  const isOther = part.id !== undefined && part.id !== id;
  const first = isOther ? [`${name} was deleted and is brought back too: what you restore refers to it.`] : [];
  if (!state.has_secrets) return first;
  const secret =
    kind === "transformation"
      ? `The values of env of ${name} are gone: until they are set again it ignores every event.`
      : `The secret of ${name} is gone: it comes back disabled. Set config.auth, then enable it.`;
  return [...first, secret];
}

/** @param target the configuration of the version */
export function restoreSteps(present: Configuration, target: Configuration, part: Part): Steps {
  const steps: Step[] = [];
  const notes: string[] = [];
  for (const id of withMissing(part.id === undefined ? [...target.keys()] : [part.id], present, target)) {
    const [now, then] = [present.get(id), target.get(id)];
    if (!then) continue;
    if (now) {
      const { step, note } = updateOf(id, now, then, part.fields);
      if (step) steps.push(step);
      if (note) notes.push(note);
      continue;
    }
    const step: Step = { action: "create", kind: then.kind, id, state: then.state };
    steps.push(step);
    notes.push(...noteOf(step, part, then.state));
  }
  const extra = part.id === undefined ? [...present].filter(([id]) => !target.has(id)) : [];
  steps.push(...extra.map(([id, { kind, state }]) => ({ action: "delete", kind, id, state }) as const));
  return { steps, notes };
}

/** A step as a plan shows it. */
export function plannedChange(step: Step, present: Configuration): PlannedChange {
  const { action, kind: resource_kind, id: resource_id } = step;
  if (action === "update") {
    const name = present.get(resource_id)?.state.name ?? resource_id;
    return {
      resource_kind,
      resource_id,
      resource_name: name,
      action,
      fields: differingFields(step.before, step.after),
    };
  }
  const document = documentOf(resource_kind, step.state);
  const fields = action === "create" ? differingFields({}, document) : differingFields(document, {});
  return { resource_kind, resource_id, resource_name: step.state.name, action, fields };
}
