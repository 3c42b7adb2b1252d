import { read } from "#server/api/operation.ts";
import { Account, GetAccount } from "#server/contracts/account.ts";
import { getAccount } from "#server/resources/account.ts";

/** What changes it is the log-in's own: server/web/auth-handler.ts. */
export const account = {
  get: read("/account", "Say how you log in", GetAccount, Account, getAccount, { can: "account.manage" }),
};
