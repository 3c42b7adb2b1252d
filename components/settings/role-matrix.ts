// The rights of each role, in the words of people. A test holds them against the table that the server goes by.
import type { Capability, Role } from "#server/contracts/capability.ts";

export const ROLES_IN_ORDER = ["viewer", "member", "admin", "owner"] as const satisfies readonly Role[];

const ROLE_WORDS: Record<Role, string> = { viewer: "Viewer", member: "Member", admin: "Admin", owner: "Owner" };
export const roleWords = (role: Role): string => ROLE_WORDS[role];

interface MatrixRow {
  label: string;
  /** Whoever has it has all of the row. */
  capability: Capability;
  /** The least role that has it; each has what the one before it has. */
  from: Role;
}

export const ROLE_MATRIX: readonly MatrixRow[] = [
  { label: "Read requests, payloads, events, attempts and metrics", capability: "data.read", from: "viewer" },
  { label: "Retry and replay", capability: "events.retry", from: "member" },
  { label: "Publish events", capability: "event.publish", from: "member" },
  { label: "Cancel events", capability: "events.cancel", from: "member" },
  { label: "Put issues off and resolve them", capability: "issues.manage", from: "member" },
  { label: "Save, change and delete views of lists", capability: "view.write", from: "member" },
  { label: "Pause and resume", capability: "connection.pause", from: "member" },
  { label: "Make and change sources", capability: "source.write", from: "member" },
  { label: "Make and change destinations", capability: "destination.write", from: "member" },
  { label: "Make and change connections and rules", capability: "connection.write", from: "member" },
  { label: "Make, change and try transformations", capability: "transformation.write", from: "member" },
  { label: "Rotate secrets (nobody can read one back)", capability: "secrets.rotate", from: "member" },
  { label: "Delete a resource", capability: "resources.delete", from: "admin" },
  { label: "Erase the payload of a request", capability: "payload.erase", from: "admin" },
  { label: "Make and revoke API keys", capability: "keys.manage", from: "admin" },
  { label: "Invite people and change roles", capability: "members.manage", from: "admin" },
  { label: "Read the audit log", capability: "audit.read", from: "admin" },
  { label: "Rename the team, change retention", capability: "team.manage", from: "admin" },
  { label: "Make and unmake owners", capability: "team.own", from: "owner" },
];

export const rowHolds = ({ from }: MatrixRow, role: Role): boolean =>
  ROLES_IN_ORDER.indexOf(role) >= ROLES_IN_ORDER.indexOf(from);
