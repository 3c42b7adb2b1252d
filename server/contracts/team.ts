import { z } from "zod";
import { Role } from "./capability.ts";
import { CHANGE_FIELDS, Timestamp } from "./resource-fields.ts";

export const Team = z.object({
  id: z.string(),
  name: z.string(),
  role: Role.nullable().meta({ description: "What the person who asks is there; null for an API key." }),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export type Team = z.infer<typeof Team>;

export const TeamName = z
  .string()
  .trim()
  .min(1, "Give the team a name.")
  .max(155, "A team's name has at most 155 characters.");

export const CreateTeam = z.object({ name: TeamName });
export type CreateTeam = z.infer<typeof CreateTeam>;

export const UpdateTeam = z.object({ ...CHANGE_FIELDS, name: TeamName.optional() });
export type UpdateTeam = z.infer<typeof UpdateTeam>;

/** All of them on one page: a key has few. */
export const ListTeams = z.object({});
