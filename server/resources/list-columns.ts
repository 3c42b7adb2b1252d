// The columns that a person sees in the dashboard's lists: theirs in every team. docs/decisions/066-columns-of-lists.md
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { ChooseListColumns, ListColumns } from "#server/contracts/list-columns.ts";
import { AppError } from "#server/errors/app-error.ts";

/** @throws AppError FORBIDDEN to whoever is no person */
function personOf({ actor }: Ctx): string {
  if (actor.kind === "user") return actor.id;
  throw new AppError("FORBIDDEN", "Columns are a person's: log in at the dashboard.");
}

export async function getListColumns(ctx: Ctx): Promise<ListColumns> {
  const where = { id: personOf(ctx) };
  const { list_columns } = await ctx.app.db.user.findUniqueOrThrow({ where, select: { list_columns: true } });
  return { columns: list_columns as ListColumns["columns"] };
}

/** One statement, so that the choice for another list at the same moment stays. */
export async function chooseListColumns(ctx: Ctx, { list, columns }: ChooseListColumns): Promise<ListColumns> {
  requireCan(ctx, "account.manage");
  const chosen = columns === null ? null : JSON.stringify(columns);
  const [row] = await ctx.app.db.$queryRaw<{ list_columns: ListColumns["columns"] }[]>`
    update "user" set list_columns = jsonb_strip_nulls(list_columns || jsonb_build_object(${list}::text, ${chosen}::jsonb))
    where id = ${personOf(ctx)} returning list_columns`;
  return { columns: row?.list_columns ?? {} };
}
