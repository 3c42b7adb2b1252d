// What may be reached, for tests that have no listeners of the product beside them.
import { makeEgressPolicy } from "#server/egress/egress-policy.ts";
import type { OwnListeners } from "#server/egress/own-listeners.ts";

/** An installation that listens nowhere. */
export const NOWHERE: OwnListeners = { listensHere: () => false, hasAddress: () => false, hasName: () => false };

/** The policy of a team under these entries of EGRESS_ALLOW. */
export const policyUnder = (...allow: string[]) => makeEgressPolicy(allow, NOWHERE).forTeam("tm_a");
