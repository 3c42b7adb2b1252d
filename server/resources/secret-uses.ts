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
): Promise<string | null> {
  const input = ListRequests.parse({ source_id: [sourceId], verified_with: [verified_with], limit: 1, ...span });
  return (await listRequests(ctx, input)).data[0]?.created_at ?? null;
}

export async function listSecretUses(ctx: Ctx, { id }: ById): Promise<SecretUses> {
  const { config } = await getSource(ctx, { id });
  const { rotation } = authSchemes[config.auth_type];
  const setAt = await secretSetAt(ctx, id);
  const isThere = (field: string | null | undefined): field is string => !!field && config.auth[field] !== undefined;
  const data: Use[] = [];
  if (isThere(rotation?.field)) {
    const last_used_at = await lastMatched(ctx, id, "secret", setAt === null ? {} : { from: setAt });
    data.push({ secret: "secret", ends_in: String(config.auth[rotation.field]), last_used_at });
  }
  if (isThere(rotation?.previous)) {
    const since = await lastMatched(ctx, id, "previous_secret", setAt === null ? {} : { from: setAt });
    const before = since === null && setAt !== null ? await lastMatched(ctx, id, "secret", { to: setAt }) : null;
    data.push({
      secret: "previous_secret",
      ends_in: String(config.auth[rotation.previous]),
      last_used_at: since ?? before,
    });
  }
  return { data };
}
