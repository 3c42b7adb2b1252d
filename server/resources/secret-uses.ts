// The time at which each of a source's secrets was last of use, read from the requests that are kept. While the previous secret was the
// present one, requests matched it as `secret`; what matched before that was matched by another, whose rotation has ended.
import type { Ctx } from "#server/auth/ctx.ts";
import { ListRequests } from "#server/contracts/request.ts";
import type { ById } from "#server/contracts/resource-fields.ts";
import type { SecretUses } from "#server/contracts/secret-uses.ts";
import { authSchemes } from "#server/providers/auth-schemes.ts";
import { listRequests } from "./requests.ts";
import { getSource, readSecretTimes } from "./sources.ts";

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
  const { setAt, previousSince, previousSetAt } = await readSecretTimes(ctx, id);
  const isThere = (field: string | null | undefined): field is string => !!field && config.auth[field] !== undefined;
  const after = (from: string | null) => (from === null ? {} : { from });
  const data: Use[] = [];
  if (isThere(rotation?.field)) {
    const use = await lastMatched(ctx, id, "secret", after(setAt));
    data.push({ secret: "secret", ends_in: String(config.auth[rotation.field]), since: setAt, ...use });
  }
  if (isThere(rotation?.previous)) {
    const since = previousSince ?? setAt;
    const use = await lastMatched(ctx, id, "previous_secret", after(since));
    const isAllLooked = use.last_used_at === null && use.stopped_at === undefined;
    const hasOlder = isAllLooked && since !== null && previousSetAt !== null;
    const older = hasOlder ? await lastMatched(ctx, id, "secret", { from: previousSetAt, to: since }) : use;
    data.push({ secret: "previous_secret", ends_in: String(config.auth[rotation.previous]), since, ...older });
  }
  return { data };
}
