// The capabilities of each role and of each scope of an API key. docs/decisions/027-capabilities.md
import type { ApiKeyScope } from "#server/contracts/api-key.ts";
import { Capability, type Role } from "#server/contracts/capability.ts";

const VIEWER: Capability[] = ["data.read", "account.manage"];
const MEMBER: Capability[] = [
  ...VIEWER,
  "source.write",
  "destination.write",
  "connection.write",
  "connection.pause",
  "transformation.write",
  "transformation.run",
  "event.publish",
  "events.retry",
  "events.cancel",
  "issues.manage",
  "view.write",
  // A change of a config can bring another secret in, so rotation is no greater right.
  "secrets.rotate",
];
const ADMIN: Capability[] = [
  ...MEMBER,
  "resources.delete",
  "payload.erase",
  "keys.manage",
  "members.manage",
  "audit.read",
  "team.manage",
];

export type Capabilities = ReadonlySet<Capability>;

/** Role → capabilities. */
export const ROLES: Record<Role, Capabilities> = {
  viewer: new Set(VIEWER),
  member: new Set(MEMBER),
  admin: new Set(ADMIN),
  owner: new Set(Capability.options),
};

/** What only a person has: their sessions and ways in. */
const PERSONAL: Capability = "account.manage";
const ofKeys = (capabilities: Capability[]) => new Set(capabilities.filter((each) => each !== PERSONAL));

/** A key reads as a viewer does, or acts as an admin does. No key can make or unmake an owner. */
export const SCOPES: Record<ApiKeyScope, Capabilities> = { read: ofKeys(VIEWER), write: ofKeys(ADMIN) };

/** The capabilities of a key: those of its scope, narrowed to the ones that it names. */
export function capabilitiesOfKey(scope: ApiKeyScope, named: readonly string[]): Capabilities {
  if (named.length === 0) return SCOPES[scope];
  return new Set([...SCOPES[scope]].filter((each) => each === "data.read" || named.includes(each)));
}

/** The capabilities of the key of an endpoint: what it may do to its endpoint is no capability. */
export const NOTHING: Capabilities = new Set();

/** The capabilities of the product itself. */
export const EVERYTHING: Capabilities = ROLES.owner;
