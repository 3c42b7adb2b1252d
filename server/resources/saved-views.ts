// Views of lists that a team has saved. They hold filters alone: what a view shows is asked for again each time.
import { recordAudit } from "#server/auth/audit.ts";
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { Page } from "#server/contracts/page.ts";
import type { ById, Deleted } from "#server/contracts/resource-fields.ts";
import {
  type CreateSavedView,
  type ListSavedViews,
  MAX_VIEWS,
  type SavedView,
  type UpdateSavedView,
  ViewedList,
} from "#server/contracts/saved-view.ts";
import { AppError } from "#server/errors/app-error.ts";
import type { Prisma } from "#server/generated/prisma/client.ts";
import { newId } from "#server/ids.ts";
import { type Changeable, lockState, writeState } from "./row-change.ts";
import { lockRow, transact } from "./transact.ts";

const SELECT = {
  id: true,
  team_id: true,
  list: true,
  name: true,
  filters: true,
  created_at: true,
  updated_at: true,
} as const;

const toSavedView = (row: Prisma.SavedViewGetPayload<{ select: typeof SELECT }>): SavedView => ({
  ...row,
  list: row.list as ViewedList,
  filters: row.filters as SavedView["filters"],
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

const PAGE_ROWS = MAX_VIEWS * ViewedList.options.length;

/** By name, on one page: all of a list, or of all lists. */
export async function listSavedViews(ctx: Ctx, { list }: ListSavedViews): Promise<Page<SavedView>> {
  const rows = await ctx.app.db.savedView.findMany({
    where: { team_id: ctx.teamId, ...(list === undefined ? {} : { list }) },
    orderBy: [{ name: "asc" }, { id: "asc" }],
    take: PAGE_ROWS,
    select: SELECT,
  });
  const pagination = { limit: PAGE_ROWS, order_by: "name", dir: "asc" as const, next: null, prev: null };
  return { data: rows.map(toSavedView), pagination };
}

/** @throws AppError when the list has as many as it may, or one of this name */
export async function createSavedView(ctx: Ctx, { list, name, filters }: CreateSavedView): Promise<SavedView> {
  requireCan(ctx, "view.write");
  return transact(ctx, async (tx) => {
    // Of two at once the second waits here, so that it counts the first.
    await tx.$queryRaw`select id from team where id = ${ctx.teamId} for no key update`;
    if ((await tx.savedView.count({ where: { team_id: ctx.teamId, list } })) >= MAX_VIEWS)
      throw new AppError("CONFLICT", `This list has ${MAX_VIEWS} views: delete one that nobody uses any more.`);
    const now = ctx.app.now();
    const id = newId("saved_view", now.getTime());
    const data = { id, team_id: ctx.teamId, list, name, filters, created_at: now, updated_at: now };
    const view = toSavedView(await tx.savedView.create({ data, select: SELECT }));
    await recordAudit(tx, ctx, "create", "saved_view", id, { after: view, at: now });
    return view;
  });
}

const SAVED_VIEW: Changeable<SavedView, Pick<UpdateSavedView, "name" | "filters">> = {
  table: "saved_view",
  find: async (tx, ctx, id) =>
    toSavedView(await tx.savedView.findFirstOrThrow({ where: { team_id: ctx.teamId, id }, select: SELECT })),
  write: async (tx, ctx, { id }, data) =>
    toSavedView(await tx.savedView.update({ where: { team_id: ctx.teamId, id }, data, select: SELECT })),
  toAudited: (_ctx, view) => view,
};

export async function updateSavedView(ctx: Ctx, input: UpdateSavedView): Promise<SavedView> {
  requireCan(ctx, "view.write");
  const { name, filters } = input;
  return transact(ctx, async (tx) => {
    const before = await lockState(tx, ctx, SAVED_VIEW, input);
    return writeState(tx, ctx, SAVED_VIEW, "update", before, { name, filters });
  });
}

export async function deleteSavedView(ctx: Ctx, { id }: ById): Promise<Deleted> {
  requireCan(ctx, "view.write");
  return transact(ctx, async (tx) => {
    await lockRow(tx, ctx, "saved_view", id);
    const row = await tx.savedView.delete({ where: { team_id: ctx.teamId, id }, select: SELECT });
    await recordAudit(tx, ctx, "delete", "saved_view", id, { before: toSavedView(row) });
    return { id };
  });
}
