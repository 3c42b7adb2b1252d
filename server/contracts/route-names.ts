import { z } from "zod";

/** What the ends of a branch are called today; null for what was deleted. */
export const RouteNames = z.object({
  source_name: z.string().nullable(),
  source_type: z.string().nullable(),
  connection_name: z.string().nullable(),
  destination_name: z.string().nullable(),
});
export type RouteNames = z.infer<typeof RouteNames>;
