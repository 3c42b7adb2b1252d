// A DeliveryFlow as Kubernetes keeps it: the file's own spec, annotations for whoever operates it, and the status that is written back.
import type { KubernetesObject } from "@kubernetes/client-node";
import { FLOW_KIND } from "#server/contracts/flow.ts";

export const GROUP = "switchyard.dev";
export const VERSION = "v1";
export const PLURAL = "deliveryflows";
export const KIND = FLOW_KIND;
export const FINALIZER = "switchyard.dev/delivery-flow";

export const ANNOTATIONS = {
  deletion: "switchyard.dev/deletion-policy",
  drift: "switchyard.dev/drift-policy",
  envFrom: "switchyard.dev/env-from",
} as const;
/** A Secret without it is read for no flow: whoever may write flows shall not read every Secret of the namespace by them. */
export const USABLE_LABEL = "switchyard.dev/secrets-for-flows";

export interface FlowProblem {
  path: string;
  message: string;
}

export interface FlowDrift {
  kind: string;
  name: string;
  /** Empty where the resource itself is gone, or a secret differs. */
  path: string;
  changedBy?: string;
}

export interface FlowCondition {
  type: "Ready" | "Drifted";
  status: "True" | "False" | "Unknown";
  reason: string;
  message: string;
  observedGeneration: number;
  lastTransitionTime: string;
}

export interface FlowStatus {
  observedGeneration?: number;
  conditions?: FlowCondition[];
  /** The id of the team that it is applied to: written before the first application, so that nothing applied is forgotten. */
  team?: string;
  /** Of the plan that was looked at last. */
  fingerprint?: string | null;
  /** A hash of all that was applied: the file, and the versions of its Secrets. */
  appliedInputs?: string | null;
  lastAppliedTime?: string | null;
  /** Counts of resources. */
  resources?: { declared: number; drifted: number; left: number } | null;
  problems?: FlowProblem[] | null;
  drift?: FlowDrift[] | null;
}

export interface DeliveryFlow extends KubernetesObject {
  spec?: Record<string, unknown>;
  status?: FlowStatus;
}

/** `namespace/name`, by which the queue knows it. */
export const keyOf = ({ metadata }: KubernetesObject): string => `${metadata?.namespace ?? ""}/${metadata?.name ?? ""}`;

export interface Policies {
  deletion: "orphan" | "delete";
  drift: "report" | "correct";
  /** The Secret whose keys `secretFrom: {env: …}` names. */
  envFrom: string | null;
}

function choice<T extends string>(flow: DeliveryFlow, name: string, words: readonly [T, ...T[]]): T | FlowProblem {
  const said = flow.metadata?.annotations?.[name];
  if (said === undefined) return words[0];
  const word = words.find((each) => each === said);
  return word ?? { path: `metadata.annotations["${name}"]`, message: `Write ${words.join(" or ")}, not ${said}.` };
}

/** The policies of a flow, or what is wrong with the annotations that hold them. */
export function readPolicies(flow: DeliveryFlow): Policies | FlowProblem[] {
  const deletion = choice(flow, ANNOTATIONS.deletion, ["orphan", "delete"]);
  const drift = choice(flow, ANNOTATIONS.drift, ["report", "correct"]);
  if (typeof deletion === "string" && typeof drift === "string") {
    return { deletion, drift, envFrom: flow.metadata?.annotations?.[ANNOTATIONS.envFrom] ?? null };
  }
  return [deletion, drift].filter((each) => typeof each !== "string");
}
