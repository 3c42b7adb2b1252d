// What each role and each scope of an API key may do. docs/decisions/027-capabilities.md
import type { ApiKeyScope } from "#server/contracts/api-key.ts";
import { Capability, type Role } from "#server/contracts/capability.ts";

const VIEWER: Capability[] = ["data.read"];
const MEMBER: Capability[] = [
  ...VIEWER,
  "source.write",
  "destination.write",
  "connection.write",
  "connection.pause",
  "transformation.write",
  "transformation.run",
  "events.retry",
  "events.cancel",
  // Whoever changes a config can put another secret into it, so rotation is no greater right.
  "secrets.rotate",
];
const ADMIN: Capability[] = [
  ...MEMBER,
  "resources.delete",
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

/** A key reads as a viewer does, or acts as an admin does. No key can make or unmake an owner. */
export const SCOPES: Record<ApiKeyScope, Capabilities> = { read: ROLES.viewer, write: ROLES.admin };

/** What a key may do: its scope, narrowed to the capabilities that it names. */
export function capabilitiesOfKey(scope: ApiKeyScope, named: readonly string[]): Capabilities {
  if (named.length === 0) return SCOPES[scope];
  return new Set([...SCOPES[scope]].filter((each) => each === "data.read" || named.includes(each)));
}

/** Of whatever the product does by itself. */
export const EVERYTHING: Capabilities = ROLES.owner;
