import type { Ctx } from "#server/auth/ctx.ts";
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
    },
  });
  return { email: user.email, has_password: user.accounts.length > 0, has_second_factor: user.two_factor_enabled };
}
