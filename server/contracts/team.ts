import { z } from "zod";
import { Timestamp } from "./page.ts";

export const Team = z.object({ id: z.string(), name: z.string(), created_at: Timestamp });
export type Team = z.infer<typeof Team>;

export const UpdateTeam = z.object({
  id: z.string().max(64),
  name: z.string().trim().min(1).max(155).optional(),
});
export type UpdateTeam = z.infer<typeof UpdateTeam>;

/** All of them on one page: a key has few. */
export const ListTeams = z.object({});
