import { z } from "zod";

/** A thing that a caller may do in a team. Roles and the scopes of API keys are sets of these. */
export const Capability = z.enum([
  "data.read",
  "source.write",
  "destination.write",
  "connection.write",
  "connection.pause",
  "transformation.write",
  "transformation.run",
  "event.publish",
  "events.retry",
  "events.cancel",
  "payload.erase",
  "issues.manage",
  "view.write",
  "resources.delete",
  "secrets.rotate",
  "keys.manage",
  "members.manage",
  "audit.read",
  "team.manage",
  "team.own",
  "account.manage",
]);
export type Capability = z.infer<typeof Capability>;

/** A person's place in a team; each has the capabilities of the one before it. */
export const Role = z.enum(["viewer", "member", "admin", "owner"]);
export type Role = z.infer<typeof Role>;
