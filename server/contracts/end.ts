import { z } from "zod";
import { Description, Name, Timestamp } from "./resource-fields.ts";

/** The fields that both ends of a connection have, sources and destinations. */
export const END_FIELDS = {
  id: z.string(),
  team_id: z.string(),
  name: Name,
  description: Description,
  unusable_because: z
    .string()
    .nullable()
    .meta({ description: "What its owner has to mend before it works; else null." }),
  disabled_at: Timestamp.nullable(),
  created_at: Timestamp,
  updated_at: Timestamp,
};
