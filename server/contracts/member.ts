import { z } from "zod";
import { Role } from "./capability.ts";
import { Timestamp } from "./resource-fields.ts";

/** How somebody gets in. */
export const WayIn = z.enum(["passkey", "provider", "password_and_code", "password"]);
export type WayIn = z.infer<typeof WayIn>;

/** A person in a team; the id is the person's. */
export const Member = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: Role,
  is_you: z.boolean(),
  last_seen_at: Timestamp.nullable().meta({ description: "To the minute; null where no session of theirs is open." }),
  signs_in_with: z.array(WayIn).nullable().meta({ description: "Null for whoever may not manage members." }),
  created_at: Timestamp.meta({ description: "Since when they are in the team." }),
});
export type Member = z.infer<typeof Member>;

export const UpdateMember = z.object({
  id: z.string().max(64),
  role: Role.meta({ description: "What the person may do." }),
});
export type UpdateMember = z.infer<typeof UpdateMember>;

/** All of them on one page. */
export const ListMembers = z.object({});
