// Everything that a look at a flow takes from around it.
import type { Log } from "#server/process/log.ts";
import { type Cluster, statusOf } from "./cluster.ts";
import type { FoundSecret } from "./flow-text.ts";
import type { FlowStore } from "./follow.ts";

export interface Surroundings {
  cluster: Cluster;
  store: FlowStore;
  /** The uid of the flow that has a name in a team, by both. */
  names: Map<string, string>;
  log: Log;
  now(): Date;
  gatewayUrl: string;
  /** The name of the Secret of each namespace that holds its API key. */
  keySecret: string;
  /** The controller's own name, for Events. */
  identity: string;
}

/** Undefined also where the controller may not read it: a namespace that has not let it in has no Secret for it. */
export async function findSecret(
  { cluster }: Surroundings,
  namespace: string,
  name: string,
): Promise<FoundSecret | undefined> {
  try {
    const { metadata, data = {} } = await cluster.readSecret(namespace, name);
    const values = Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString("utf8")]);
    return {
      uid: metadata?.uid ?? "",
      version: metadata?.resourceVersion ?? "",
      labels: metadata?.labels ?? {},
      values: Object.fromEntries(values),
    };
  } catch (error) {
    if (statusOf(error) === 404 || statusOf(error) === 403) return undefined;
    throw error;
  }
}
