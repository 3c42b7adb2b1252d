import { z } from "zod";
import { manyOf, PageInput, Timestamp } from "./page.ts";

/** What was written with an entry: members that differ, secrets masked. */
const Changed = z.record(z.string(), z.unknown()).nullable();

export const AuditEntry = z.object({
  id: z.string(),
  team_id: z.string(),
  actor_kind: z.string().meta({
    description: "`api_key`, `user` or `system`; `local_operator` in entries from before there was a log-in.",
  }),
  actor_id: z.string(),
  action: z.string(),
  resource_kind: z.string(),
  resource_id: z.string(),
  before: Changed.meta({ description: "What changed as it was, secrets masked; null where nothing was." }),
  after: Changed.meta({ description: "What changed as it became, secrets masked; null where nothing is left." }),
  seq: z.int().nullable().meta({ description: "Counts up by one within the team; null from before the chain began." }),
  hash: z.string().nullable().meta({ description: "SHA-256 over this entry and the hash of the one before." }),
  created_at: Timestamp,
});
export type AuditEntry = z.infer<typeof AuditEntry>;

const Word = z.string().max(64);

export const ListAuditEntries = PageInput.extend({
  actor_kind: manyOf(Word),
  actor_id: manyOf(Word),
  action: manyOf(Word),
  resource_kind: manyOf(Word),
  resource_id: manyOf(Word),
});
export type ListAuditEntries = z.infer<typeof ListAuditEntries>;
