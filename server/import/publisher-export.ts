// Exports of systems that only send: whoever publishes has a source of type PUBLISH here, and each receiver a destination.
import type { Draft, FlowFields } from "./draft.ts";
import type { ExportNode } from "./export-file.ts";

/** The key of the source of one application or tenant. */
export function publishSource(draft: Draft, origin: ExportNode, name: string, description: string | null): string {
  const key = `publish:${name}`;
  if (!draft.sources.has(key))
    draft.sources.set(key, { origin, name, id: name, fields: { type: "PUBLISH", description } });
  return key;
}

/** A list of one application names it nowhere: its file does. */
export const fileOf = ({ file }: ExportNode): string => file.name.replace(/\.[^.]*$/, "");

/** Settings of a destination that gets what is published as it is. */
export const PUBLISHED: FlowFields = { httpMethod: "POST", pathForwardingDisabled: true };

/** Signed as Standard Webhooks ask for, which is our own signature. */
export const STANDARD_SECRET = /^whsec_[A-Za-z0-9+/]{32,}={0,2}$/;

export interface Receiver {
  origin: ExportNode;
  source: string;
  name: string;
  /** Empty where the export has none. */
  id: string;
  destination: FlowFields;
  branch: FlowFields;
  /** Whether something that is not carried over would let more through. */
  isDisabled: boolean;
}

/** A destination and the one connection to it. */
export function addReceiver(draft: Draft, receiver: Receiver): void {
  const { origin, source, name, destination, branch, isDisabled } = receiver;
  // An export that somebody has thinned out may tell receivers by nothing but their order, and a bare number may be another's id.
  const id = receiver.id || `at ${draft.destinations.size + 1}`;
  const key = `${source}:${id}`;
  draft.destinations.set(key, { origin, name, id, fields: destination });
  draft.branches.push({ origin, source, destination: key, name, id, transform: null, isDisabled, fields: branch });
}

/** What is not read of an object, told field by field. */
export function tellUnread(draft: Draft, node: ExportNode, irrelevant: ReadonlySet<string>, what: string): void {
  for (const field of node.unread(irrelevant))
    draft.note("left", field, `There is no such setting of ${what} here: it is left out.`);
}
