import { z } from "zod";

/** The present names of the ends of a branch; null for a deleted end. */
export const RouteNames = z.object({
  source_name: z.string().nullable(),
  source_type: z.string().nullable(),
  connection_name: z.string().nullable(),
  destination_name: z.string().nullable(),
});
export type RouteNames = z.infer<typeof RouteNames>;
