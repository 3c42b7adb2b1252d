// The one list of kinds of destination, each with the sender that delivers to it.
import type { CachedDestination } from "#server/config/config-cache.ts";
import type { Egress } from "#server/egress/client.ts";
import type { EgressPolicy } from "#server/egress/egress-policy.ts";
import type { Clock } from "#server/process/clock.ts";
import { makeHttpSender } from "./http.ts";
import { makeMockSender, mockUrl } from "./mock.ts";
import type { Sender } from "./sender.ts";

export interface SenderTools {
  /** The only way out, for each kind. */
  egress: Egress;
  egressPolicy: EgressPolicy;
  clock: Clock;
  /** Aborted when the sends on the wire have to be broken off. */
  signal: AbortSignal;
}

export interface Senders {
  /** Made once for each version of a destination's configuration. Throws for settings that are no longer valid. */
  of(destination: CachedDestination): Sender;
}

export function makeSenders(tools: SenderTools): Senders {
  const made = new WeakMap<CachedDestination, Sender>();
  return {
    of(destination) {
      const known = made.get(destination);
      if (known) return known;
      const sender = makeSender(destination, tools);
      made.set(destination, sender);
      return sender;
    },
  };
}

function makeSender(destination: CachedDestination, { egress, egressPolicy, clock, signal }: SenderTools): Sender {
  switch (destination.type) {
    case "HTTP":
      return makeHttpSender(destination, { egress, policy: egressPolicy.forTeam(destination.teamId), signal });
    case "MOCK":
      return makeMockSender(destination.name, destination.config, { clock, signal });
  }
}

/**
 * The address of a destination, for an attempt that failed before its request was built. Never throws. Leaves the query
 * out, because it may hold a token.
 */
export function plainAddress(destination: CachedDestination): string {
  return destination.type === "MOCK"
    ? mockUrl(destination.name)
    : String(destination.config.url).replace(/[?#].*$/s, "");
}
