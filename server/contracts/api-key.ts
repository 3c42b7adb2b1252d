import { z } from "zod";
import { Capability } from "./capability.ts";
import { NamedPageInput } from "./page.ts";
import { Timestamp } from "./resource-fields.ts";

export const ApiKeyScope = z.enum(["read", "write"]);
export type ApiKeyScope = z.infer<typeof ApiKeyScope>;

export const ApiKey = z.object({
  id: z.string(),
  team_ids: z.array(z.string()),
  name: z.string(),
  scope: ApiKeyScope.meta({ description: "`write` includes `read`." }),
  capabilities: z
    .array(Capability)
    .nullable()
    .meta({ description: "What the key may do besides reading; null: all that its scope holds." }),
  last_four: z.string(),
  expires_at: Timestamp.nullable(),
  last_used_at: Timestamp.nullable(),
  last_used_ip: z
    .string()
    .nullable()
    .meta({ description: "The address of the caller when `last_used_at` was noted, which is at most once a minute." }),
  made_by_kind: z
    .string()
    .nullable()
    .meta({ description: "`user`, `api_key` or `system` (the command line); null where nobody noted it." }),
  made_by_id: z.string().nullable(),
  made_by_name: z
    .string()
    .nullable()
    .meta({ description: "What its maker is called today; null where it has no name." }),
  revoked_at: Timestamp.nullable(),
  created_at: Timestamp,
});
export type ApiKey = z.infer<typeof ApiKey>;

export const CreateApiKey = z.strictObject({
  name: z.string().trim().min(1, "Give the key a name.").max(155, "A key's name has at most 155 characters."),
  scope: ApiKeyScope.default("write").meta({ description: "The most that the key may do." }),
  capabilities: z
    .array(Capability)
    .min(1, "Name at least one capability, or leave the list out for all that the scope holds.")
    .max(Capability.options.length)
    .optional()
    .meta({ description: "Narrows the scope to these and `data.read`. No key may do more than whoever makes it." }),
  expires_at: Timestamp.optional(),
});
export type CreateApiKey = z.infer<typeof CreateApiKey>;

/** The only answer that ever holds the key itself. */
export const CreatedApiKey = ApiKey.extend({ key: z.string().meta({ description: "Shown once. Keep it now." }) });
export type CreatedApiKey = z.infer<typeof CreatedApiKey>;

export const ListApiKeys = NamedPageInput.omit({ disabled: true, search: true }).extend({
  revoked: z.stringbool().or(z.boolean()).optional().meta({ description: "Left out: both kinds." }),
});
export type ListApiKeys = z.infer<typeof ListApiKeys>;
