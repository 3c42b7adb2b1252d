import { z } from "zod";

/** The ids of one request on one connection: those of an event and of an ignored event alike. */
export const BranchIds = z.object({
  id: z.string(),
  team_id: z.string(),
  request_id: z.string(),
  source_id: z.string(),
  connection_id: z.string(),
  destination_id: z.string(),
});
export type BranchIds = z.infer<typeof BranchIds>;
