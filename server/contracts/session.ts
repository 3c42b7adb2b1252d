import { z } from "zod";
import { Timestamp } from "./resource-fields.ts";

/** A place where a person is signed in. */
export const Session = z.object({
  id: z.string(),
  is_current: z.boolean(),
  ip_address: z.string().nullable(),
  user_agent: z.string().nullable(),
  last_used_at: Timestamp.meta({ description: "To the minute." }),
  expires_at: Timestamp,
  created_at: Timestamp,
});
export type Session = z.infer<typeof Session>;

/** All of them on one page. */
export const ListSessions = z.object({});
export const RevokeOtherSessions = z.object({});

export const RevokedSessions = z.object({ count: z.int() });
export type RevokedSessions = z.infer<typeof RevokedSessions>;
