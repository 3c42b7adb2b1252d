import type { Capability, Role } from "#server/contracts/capability.ts";
import { ROLES_IN_ORDER } from "./role-matrix.ts";

/** The roles that somebody may give: an owner is made by owners alone. */
export const givableRoles = (can: readonly Capability[]): readonly Role[] =>
  can.includes("team.own") ? ROLES_IN_ORDER : ROLES_IN_ORDER.filter((role) => role !== "owner");
