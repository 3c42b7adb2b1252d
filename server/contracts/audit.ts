import { z } from "zod";
import { PageInput } from "./page.ts";
import { manyOf } from "./query-values.ts";
import { Timestamp } from "./resource-fields.ts";

/** The change stored with an entry: members that differ, secrets masked. */
const Changed = z.record(z.string(), z.unknown()).nullable();

export const AuditEntry = z.object({
  id: z.string(),
  team_id: z.string(),
  actor_kind: z.string().meta({
    description: "`api_key`, `user` or `system`; `local_operator` in entries from before there was a log-in.",
  }),
  actor_id: z.string(),
  actor_name: z.string().nullable().meta({ description: "What the actor is called today; null where it has no name." }),
  action: z.string(),
  resource_kind: z.string(),
  resource_id: z.string(),
  resource_name: z
    .string()
    .nullable()
    .meta({ description: "What the resource is called today; null where it is gone." }),
  before: Changed.meta({ description: "What changed as it was, secrets masked; null where nothing was." }),
  after: Changed.meta({ description: "What changed as it became, secrets masked; null where nothing is left." }),
  seq: z.int().nullable().meta({ description: "Counts up by one within the team; null from before the chain began." }),
  hash: z.string().nullable().meta({ description: "SHA-256 over this entry and the hash of the one before." }),
  created_at: Timestamp,
});
export type AuditEntry = z.infer<typeof AuditEntry>;

const Word = z.string().max(64);

export const ListAuditEntries = PageInput.extend({
  actor_kind: manyOf(Word).meta({ description: "Who did it: keys, people, the system." }),
  actor_id: manyOf(Word).meta({ description: "Done by these keys or people alone." }),
  action: manyOf(Word).meta({ description: "What was done, such as `source.update`." }),
  resource_kind: manyOf(Word).meta({ description: "Done to these kinds of resource alone." }),
  resource_id: manyOf(Word).meta({ description: "Done to these resources alone." }),
});
export type ListAuditEntries = z.infer<typeof ListAuditEntries>;

export const VerifyAudit = z.object({});

export const AuditVerdict = z.object({
  is_whole: z.boolean().meta({ description: "Whether each entry that was checked is as it was written." }),
  checked: z.int().meta({ description: "How many of the newest entries were checked." }),
  is_all: z.boolean().meta({ description: "Whether that reaches back to the first entry of the chain." }),
  last_seq: z.int(),
  last_hash: z.string().meta({ description: "Note it elsewhere: a later log that is whole goes on from it." }),
  unchained: z.int().meta({ description: "Entries from before the chain began." }),
  says: z.string().nullable().meta({ description: "The first place that is not as it was written." }),
});
export type AuditVerdict = z.infer<typeof AuditVerdict>;
