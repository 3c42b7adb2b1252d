import { read, write } from "#server/api/operation.ts";
import { Account, GetAccount } from "#server/contracts/account.ts";
import { ChooseListColumns, GetListColumns, ListColumns } from "#server/contracts/list-columns.ts";
import { getAccount } from "#server/resources/account.ts";
import { chooseListColumns, getListColumns } from "#server/resources/list-columns.ts";

const COLUMNS = "/account/columns";

/** What changes how somebody gets in is the log-in's own: server/web/auth-handler.ts. */
export const account = {
  get: read("/account", "Say how you log in", GetAccount, Account, getAccount, { can: "account.manage" }),
  columns: read(COLUMNS, "Say which columns you see in lists", GetListColumns, ListColumns, getListColumns, {
    can: "account.manage",
  }),
  chooseColumns: write(
    "account.manage",
    "PUT",
    COLUMNS,
    "Choose the columns that you see in a list",
    ChooseListColumns,
    ListColumns,
    chooseListColumns,
  ),
};
