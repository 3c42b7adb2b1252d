// API keys: kept only as a hash, shown whole once, and never wider than who makes them.
import { apiKeyRow, newApiKey } from "#server/auth/api-key.ts";
import { recordAudit } from "#server/auth/audit.ts";
import { forgetKey } from "#server/auth/authenticate.ts";
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import { capabilitiesOfKey, SCOPES } from "#server/auth/roles.ts";
import type { ApiKey, ApiKeyScope, CreateApiKey, CreatedApiKey, ListApiKeys } from "#server/contracts/api-key.ts";
import type { Capability } from "#server/contracts/capability.ts";
import type { Page } from "#server/contracts/page.ts";
import type { ById, Deleted } from "#server/contracts/resource-fields.ts";
import { AppError, notFound } from "#server/errors/app-error.ts";
import { wrongField } from "#server/errors/field-issues.ts";
import type { Prisma } from "#server/generated/prisma/client.ts";
import { namesOf } from "./audit-names.ts";
import { pageWindow, toPage } from "./paging.ts";
import { type Tx, transact } from "./transact.ts";

const SELECT = {
  id: true,
  name: true,
  scope: true,
  capabilities: true,
  last_four: true,
  expires_at: true,
  last_used_at: true,
  last_used_ip: true,
  made_by_kind: true,
  made_by_id: true,
  revoked_at: true,
  created_at: true,
} as const;

type ApiKeyRow = Prisma.ApiKeyGetPayload<{ select: typeof SELECT }>;

/** Other teams of a key are not this team's to see, and so is a maker who is of none of its. */
const toApiKey = (ctx: Ctx, row: ApiKeyRow, names: ReadonlyMap<string, string>): ApiKey => ({
  id: row.id,
  team_ids: [ctx.teamId],
  name: row.name,
  scope: row.scope as ApiKeyScope,
  capabilities: row.capabilities.length > 0 ? (row.capabilities as Capability[]) : null,
  last_four: row.last_four,
  expires_at: row.expires_at?.toISOString() ?? null,
  last_used_at: row.last_used_at?.toISOString() ?? null,
  last_used_ip: row.last_used_ip,
  made_by_kind: row.made_by_kind,
  made_by_id: row.made_by_id,
  made_by_name: (row.made_by_id !== null && names.get(row.made_by_id)) || null,
  revoked_at: row.revoked_at?.toISOString() ?? null,
  created_at: row.created_at.toISOString(),
});

/** What the makers of keys are called today. */
const makersOf = (tx: Tx, ctx: Ctx, rows: readonly Pick<ApiKeyRow, "made_by_kind" | "made_by_id">[]) =>
  namesOf(
    tx,
    ctx.teamId,
    rows.flatMap(({ made_by_kind: kind, made_by_id: id }) => (kind !== null && id !== null ? [[kind, id]] : [])),
  );

/** The newest first, revoked ones too; `name` is exact. */
export async function listApiKeys(ctx: Ctx, input: ListApiKeys): Promise<Page<ApiKey>> {
  const window = pageWindow("api_key", input, ctx.app.now());
  const rows = await ctx.app.db.apiKey.findMany({
    where: {
      ...window.where,
      teams: { some: { team_id: ctx.teamId } },
      // Those of endpoints stand with their endpoints.
      endpoint_id: null,
      name: input.name,
      ...(input.revoked !== undefined && { revoked_at: input.revoked ? { not: null } : null }),
    },
    orderBy: window.orderBy,
    take: window.take,
    select: SELECT,
  });
  const makers = await makersOf(ctx.app.db, ctx, rows);
  return toPage(
    rows.map((row) => toApiKey(ctx, row, makers)),
    window,
  );
}

/**
 * What the key will be able to do is held by its scope and by its maker.
 * @throws AppError UNPROCESSABLE for a capability outside of the scope, FORBIDDEN for one that the maker lacks
 */
function requireNoMore(ctx: Ctx, { scope, capabilities = [] }: CreateApiKey): void {
  const outside = capabilities.filter((each) => !SCOPES[scope].has(each));
  if (outside.length > 0) {
    throw wrongField("capabilities", `The scope ${scope} does not hold ${outside.join(", ")}: leave it out.`);
  }
  const lacking = [...capabilitiesOfKey(scope, capabilities)].filter((each) => !ctx.can.has(each));
  if (lacking.length === 0) return;
  const message = `A key may do no more than its maker, who lacks ${lacking.join(", ")}: name fewer capabilities, or use the scope read.`;
  throw new AppError("FORBIDDEN", message);
}

/** For the maker's team alone, and no wider than the maker. The answer is the only place where the key itself ever stands. */
export async function createApiKey(ctx: Ctx, input: CreateApiKey): Promise<CreatedApiKey> {
  requireCan(ctx, "keys.manage");
  const now = ctx.app.now();
  const expiresAt = input.expires_at === undefined ? null : new Date(input.expires_at);
  if (expiresAt && expiresAt <= now)
    throw wrongField("expires_at", "Give a time in the future, or leave it out for a key that does not expire.");
  requireNoMore(ctx, input);
  const key = newApiKey();
  return transact(ctx, async (tx) => {
    const data = apiKeyRow(now, { ...input, key, teamIds: [ctx.teamId], expiresAt, madeBy: ctx.actor });
    const row = await tx.apiKey.create({ data, select: SELECT });
    const made = toApiKey(ctx, row, await makersOf(tx, ctx, [row]));
    await recordAudit(tx, ctx, "create", "api_key", row.id, { after: made });
    return { ...made, key };
  });
}

/** Ends the key for this team; for good when no other team shares it. Other processes believe it for 5 s more. */
export async function revokeApiKey(ctx: Ctx, { id }: ById): Promise<Deleted> {
  requireCan(ctx, "keys.manage");
  await transact(ctx, async (tx) => {
    const row = await tx.apiKey.findFirst({
      where: { id, teams: { some: { team_id: ctx.teamId } } },
      select: { ...SELECT, teams: { select: { team_id: true } } },
    });
    if (!row) throw notFound("API key", id);
    if (row.teams.length > 1) {
      await tx.apiKeyTeam.deleteMany({ where: { api_key_id: id, team_id: ctx.teamId } });
    } else {
      await tx.apiKey.updateMany({
        where: { id, teams: { some: { team_id: ctx.teamId } }, revoked_at: null },
        data: { revoked_at: ctx.app.now() },
      });
    }
    const before = toApiKey(ctx, row, await makersOf(tx, ctx, [row]));
    await recordAudit(tx, ctx, "revoke", "api_key", id, { before });
  });
  forgetKey(ctx.app, id);
  return { id };
}
