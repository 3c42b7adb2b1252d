// The controller: while it holds the Lease it follows the flows of the cluster, and looks at each that changed, that failed a while ago,
// or that nobody has looked at for long.

import { randomUUID } from "node:crypto";
import type { KubeConfig } from "@kubernetes/client-node";
import type { Log } from "#server/process/log.ts";
import { connectCluster, sayClusterError, statusOf } from "./cluster.ts";
import { FlowStore, followFlows } from "./follow.ts";
import { leadInTurn } from "./leader.ts";
import { type Outcome, reconcile } from "./reconcile.ts";
import { removeFlow } from "./remove-flow.ts";
import type { Settings } from "./settings.ts";
import type { Surroundings } from "./surroundings.ts";
import { makeWorkQueue, type QueueClock, type WorkQueue } from "./work-queue.ts";

/** The gateway plans and applies two files at a time, one of each team. */
const WORKERS = 2;

interface Paces {
  leaseMs: number;
  renewMs: number;
  firstBackoffMs: number;
  maxBackoffMs: number;
  /** Between two looks, over all flows. */
  paceMs: number;
}

const PACES: Paces = {
  leaseMs: 15_000,
  renewMs: 5_000,
  firstBackoffMs: 1_000,
  maxBackoffMs: 300_000,
  paceMs: 100,
};

export interface ControllerOptions {
  config: KubeConfig;
  settings: Pick<Settings, "gatewayUrl" | "keySecret" | "watchNamespace" | "ownNamespace" | "hostname" | "resyncMs">;
  log: Log;
  clock: QueueClock;
  paces?: Paces;
  /** Told when it leads, and when it does no more. */
  onLead?: (isLeading: boolean) => void;
}

/** Runs until the signal is aborted, and has then let go of the Lease and of every call. */
export async function runController(options: ControllerOptions, signal: AbortSignal): Promise<void> {
  const { config, settings, log, clock, paces = PACES, onLead } = options;
  const identity = `${settings.hostname}_${randomUUID()}`;
  const cluster = connectCluster(config, settings.watchNamespace);
  const lease = {
    namespace: settings.ownNamespace,
    name: "switchyard-controller",
    identity,
    lengthMs: paces.leaseMs,
    renewMs: paces.renewMs,
  };
  const lead = async (held: AbortSignal) => {
    const queue = makeWorkQueue(paces, clock);
    const store = new FlowStore((key, isGone) => (isGone ? queue.remove(key) : queue.add(key)));
    const { gatewayUrl, keySecret } = settings;
    const now = () => new Date(clock.nowMs());
    const around: Surroundings = { cluster, store, names: new Map(), log, now, gatewayUrl, keySecret, identity };
    const workers = Array.from({ length: WORKERS }, () => work(around, queue, options, held));
    onLead?.(true);
    try {
      await Promise.all([followFlows({ cluster, store, clock, log }, held), ...workers]);
    } finally {
      onLead?.(false);
    }
  };
  await leadInTurn({ cluster, clock, log }, lease, lead, signal);
}

async function work(
  around: Surroundings,
  queue: WorkQueue,
  { settings, clock }: ControllerOptions,
  signal: AbortSignal,
): Promise<void> {
  for (let key = await queue.take(signal); key !== undefined; key = await queue.take(signal)) {
    const outcome = await lookAt(around, key, signal);
    if (outcome === "again") queue.retry(key);
    else if (outcome) queue.retry(key, outcome.atLeastMs);
    else {
      queue.succeed(key);
      // Spread, so that not all flows are looked at in one moment.
      if (around.store.get(key)) queue.add(key, settings.resyncMs * (0.9 + clock.random() * 0.2));
    }
    queue.done(key);
  }
}

async function lookAt(around: Surroundings, key: string, signal: AbortSignal): Promise<Outcome | "again"> {
  const flow = around.store.get(key);
  if (!flow) return undefined;
  const look = flow.metadata?.deletionTimestamp ? removeFlow : reconcile;
  try {
    return await look(around, flow, signal);
  } catch (error) {
    if (signal.aborted) return undefined;
    // Somebody has changed the flow since it was read (409), or it has gone (404): the watch tells of that.
    if (statusOf(error) !== 409 && statusOf(error) !== 404)
      around.log.error({ flow: key, reason: sayClusterError(error) }, "A look at a flow failed: it is taken again");
    return "again";
  }
}
