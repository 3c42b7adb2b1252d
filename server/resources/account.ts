import type { Ctx } from "#server/auth/ctx.ts";
import { relyingPartyOf } from "#server/auth/relying-party.ts";
import type { Account } from "#server/contracts/account.ts";
import { AppError } from "#server/errors/app-error.ts";

/** How the person who asks gets in. */
export async function getAccount({ app, actor }: Ctx): Promise<Account> {
  if (actor.kind !== "user") throw new AppError("FORBIDDEN", "An account is a person's: log in at the dashboard.");
  const user = await app.db.user.findUniqueOrThrow({
    where: { id: actor.id },
    select: {
      email: true,
      two_factor_enabled: true,
      accounts: { where: { provider_id: "credential" }, select: { id: true } },
      passkeys: {
        orderBy: { id: "asc" },
        select: { id: true, name: true, is_backed_up: true, last_used_at: true, created_at: true },
      },
    },
  });
  return {
    email: user.email,
    has_password: user.accounts.length > 0,
    has_second_factor: user.two_factor_enabled,
    passkeys_at: relyingPartyOf(app.publicDashboardUrl)?.origin ?? null,
    passkeys: user.passkeys.map(({ last_used_at, created_at, ...passkey }) => ({
      ...passkey,
      last_used_at: last_used_at?.toISOString() ?? null,
      created_at: created_at.toISOString(),
    })),
  };
}
