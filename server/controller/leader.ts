// One controller of several leads: whoever holds a Lease. A holder is believed gone when the Lease has not changed for its whole length
// by the clock of whoever waits, so clocks need not agree.
import { V1Lease, V1MicroTime } from "@kubernetes/client-node";
import type { Log } from "#server/process/log.ts";
import { type Cluster, sayClusterError, statusOf } from "./cluster.ts";
import { pause } from "./follow.ts";
import type { QueueClock } from "./work-queue.ts";

export interface LeaseOptions {
  namespace: string;
  name: string;
  identity: string;
  /** After so long without a renewal another one leads. */
  lengthMs: number;
  /** Between two renewals or looks; less than a third of the length. */
  renewMs: number;
}

interface Leading {
  cluster: Pick<Cluster, "readLease" | "createLease" | "replaceLease">;
  clock: QueueClock;
  log: Log;
}

/** What was seen of somebody else's Lease, and since when it has stood so. */
interface Seen {
  version: string;
  sinceMs: number;
}

function leaseOf({ namespace, name, identity, lengthMs }: LeaseOptions, nowMs: number, before?: V1Lease): V1Lease {
  const now = new V1MicroTime(nowMs);
  const isOurs = before?.spec?.holderIdentity === identity;
  const lease = new V1Lease();
  lease.metadata = before?.metadata ?? { namespace, name };
  lease.spec = {
    holderIdentity: identity,
    leaseDurationSeconds: Math.ceil(lengthMs / 1_000),
    renewTime: now,
    acquireTime: isOurs ? (before?.spec?.acquireTime ?? now) : now,
    leaseTransitions: (before?.spec?.leaseTransitions ?? 0) + (isOurs || !before ? 0 : 1),
  };
  return lease;
}

/** Leads again and again until the signal is aborted: `lead` runs while the Lease is held, its signal is aborted when it is not. */
export async function leadInTurn(
  leading: Leading,
  options: LeaseOptions,
  lead: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const { clock, log } = leading;
  let seen: Seen | undefined;
  while (!signal.aborted) {
    const startedMs = clock.nowMs();
    const result = await tryToHold(leading, options, seen);
    if (result === "held") {
      seen = undefined;
      log.info({ identity: options.identity }, "Leads");
      await leadWhileHeld(leading, options, lead, startedMs, signal);
    } else {
      seen = result;
      await pause(clock, options.renewMs * (0.8 + clock.random() * 0.4), signal);
    }
  }
}

/** @returns "held", or what was seen of the one who holds it */
async function tryToHold(
  { cluster, clock, log }: Leading,
  options: LeaseOptions,
  seen: Seen | undefined,
): Promise<"held" | Seen | undefined> {
  const { namespace, name, identity, lengthMs } = options;
  try {
    const lease = await cluster.readLease(namespace, name).catch((error) => {
      if (statusOf(error) === 404) return undefined;
      throw error;
    });
    if (!lease) {
      await cluster.createLease(namespace, leaseOf(options, clock.nowMs()));
      return "held";
    }
    const { holderIdentity } = lease.spec ?? {};
    const version = lease.metadata?.resourceVersion ?? "";
    const isFree = !holderIdentity || holderIdentity === identity;
    const sinceMs = seen?.version === version ? seen.sinceMs : clock.nowMs();
    if (!isFree && clock.nowMs() - sinceMs < lengthMs) return { version, sinceMs };
    await cluster.replaceLease(namespace, name, leaseOf(options, clock.nowMs(), lease));
    return "held";
  } catch (error) {
    // Somebody else was faster (409), or the cluster did not answer.
    if (statusOf(error) !== 409) log.warn({ reason: sayClusterError(error) }, "The Lease was not had");
    return seen;
  }
}

async function leadWhileHeld(
  leading: Leading,
  options: LeaseOptions,
  lead: (signal: AbortSignal) => Promise<void>,
  heldSinceMs: number,
  signal: AbortSignal,
): Promise<void> {
  const { clock, log, cluster } = leading;
  const lost = new AbortController();
  const whileHeld = AbortSignal.any([signal, lost.signal]);
  const work = lead(whileHeld);
  // Work that ends by itself, as by an error, gives the Lease back.
  const ended = work.finally(() => lost.abort());
  ended.catch(() => {});
  // Whoever waits counts from when it saw the last renewal, which is later than the start of that call. The end is kept by a timer: a
  // call that is not answered must not hold it up until somebody else leads as well.
  const lose = () => {
    log.warn({ identity: options.identity }, "Leads no more: the Lease was not renewed");
    lost.abort();
  };
  const endAfter = (sinceMs: number) =>
    clock.after(Math.max(0, sinceMs + options.lengthMs - options.renewMs - clock.nowMs()), lose);
  let cancelEnd = endAfter(heldSinceMs);
  while (!whileHeld.aborted) {
    await pause(clock, options.renewMs, whileHeld);
    if (whileHeld.aborted) break;
    const startedMs = clock.nowMs();
    const isRenewed = await renew(leading, options);
    if (whileHeld.aborted) break;
    if (isRenewed === null) lose();
    if (!isRenewed) continue;
    cancelEnd();
    cancelEnd = endAfter(startedMs);
  }
  cancelEnd();
  try {
    await ended;
  } finally {
    await release(cluster, options, clock).catch(() => {});
  }
}

/** @returns null where somebody else holds it */
async function renew({ cluster, clock }: Leading, options: LeaseOptions): Promise<boolean | null> {
  const { namespace, name, identity } = options;
  try {
    const lease = await cluster.readLease(namespace, name);
    if (lease.spec?.holderIdentity !== identity) return null;
    await cluster.replaceLease(namespace, name, leaseOf(options, clock.nowMs(), lease));
    return true;
  } catch (error) {
    return statusOf(error) === 404 ? null : false;
  }
}

/** So that the next one need not wait for the whole length. */
async function release(cluster: Leading["cluster"], { namespace, name, identity }: LeaseOptions, clock: QueueClock) {
  const lease = await cluster.readLease(namespace, name);
  if (lease.spec?.holderIdentity !== identity) return;
  lease.spec = {
    ...lease.spec,
    holderIdentity: "",
    renewTime: new V1MicroTime(clock.nowMs()),
    leaseDurationSeconds: 1,
  };
  await cluster.replaceLease(namespace, name, lease);
}
