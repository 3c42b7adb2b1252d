// The address policies of the teams. EGRESS_ALLOW opens a range to all teams or to the one that it names.
import { type AddressPolicy, makeAddressPolicy } from "./address-policy.ts";
import { type AllowEntry, parseAllowEntry } from "./allow-entry.ts";
import type { OwnListeners } from "./own-listeners.ts";

export interface EgressPolicy {
  /** Teams that no entry names share one policy. */
  forTeam(teamId: string): AddressPolicy;
}

/**
 * @param allow entries as EGRESS_ALLOW lists them: `10.1.0.0/16`, `tm_a@10.1.0.0/16:443`, `[fd00::/8]:443`
 * @throws Error naming the first entry that is none
 */
export function makeEgressPolicy(allow: readonly string[], own: OwnListeners): EgressPolicy {
  const entries = allow.map(readEntry);
  const toAll = entries.filter(({ teamId }) => teamId === null);
  const common = makeAddressPolicy({ scope: "", opened: toAll, own });
  const byTeam = new Map<string, AddressPolicy>();
  for (const [teamId, named] of Map.groupBy(entries, (entry) => entry.teamId)) {
    if (teamId !== null) byTeam.set(teamId, makeAddressPolicy({ scope: teamId, opened: [...toAll, ...named], own }));
  }
  return { forTeam: (teamId) => byTeam.get(teamId) ?? common };
}

function readEntry(text: string): AllowEntry {
  const read = parseAllowEntry(text);
  if (read.kind === "malformed") throw new Error(`"${text}" is no entry of EGRESS_ALLOW: ${read.remedy}.`);
  return read.entry;
}

/** The form that narrows an entry to one team. */
export const ONE_TEAM = "tm_…@10.1.0.0/16:443";

/** The entries that open their range to every team. */
export const openToAll = (allow: readonly string[]): string[] =>
  allow.filter((text) => readEntry(text).teamId === null);
