// The time at which each of a source's secrets was last of use, read from the requests that are kept. Before the present secret was
// set, what matched as `secret` was the one that is now the previous.
import type { Ctx } from "#server/auth/ctx.ts";
import { ListRequests } from "#server/contracts/request.ts";
import type { ById } from "#server/contracts/resource-fields.ts";
import type { SecretUses } from "#server/contracts/secret-uses.ts";
import { authSchemes } from "#server/providers/auth-schemes.ts";
import { listRequests } from "./requests.ts";
import { getSource, secretSetAt } from "./sources.ts";

type Use = SecretUses["data"][number];

async function lastMatched(
  ctx: Ctx,
  sourceId: string,
  verified_with: Use["secret"],
  span: { from?: string; to?: string },
): Promise<Pick<Use, "last_used_at" | "stopped_at">> {
  const input = ListRequests.parse({ source_id: [sourceId], verified_with: [verified_with], limit: 1, ...span });
  const { data, pagination } = await listRequests(ctx, input);
  const [newest] = data;
  if (newest) return { last_used_at: newest.created_at };
  return { last_used_at: null, ...(pagination.stopped_at && { stopped_at: pagination.stopped_at }) };
}

export async function listSecretUses(ctx: Ctx, { id }: ById): Promise<SecretUses> {
  const { config } = await getSource(ctx, { id });
  const { rotation } = authSchemes[config.auth_type];
  const setAt = await secretSetAt(ctx, id);
  const isThere = (field: string | null | undefined): field is string => !!field && config.auth[field] !== undefined;
  const data: Use[] = [];
  const since = setAt === null ? {} : { from: setAt };
  if (isThere(rotation?.field)) {
    const use = await lastMatched(ctx, id, "secret", since);
    data.push({ secret: "secret", ends_in: String(config.auth[rotation.field]), ...use });
  }
  if (isThere(rotation?.previous)) {
    const use = await lastMatched(ctx, id, "previous_secret", since);
    const isAllLooked = use.last_used_at === null && use.stopped_at === undefined;
    const older = isAllLooked && setAt !== null ? await lastMatched(ctx, id, "secret", { to: setAt }) : use;
    data.push({ secret: "previous_secret", ends_in: String(config.auth[rotation.previous]), ...older });
  }
  return { data, set_at: setAt };
}
