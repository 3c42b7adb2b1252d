import { z } from "zod";
import { Timestamp } from "./page.ts";

export const Team = z.object({ id: z.string(), name: z.string(), created_at: Timestamp });
export type Team = z.infer<typeof Team>;

/** All of them on one page: a key has few. */
export const ListTeams = z.object({});
