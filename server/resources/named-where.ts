// The filters that every list of named resources has. Prisma leaves out what is undefined.
import type { Ctx } from "#server/auth/ctx.ts";
import type { PageWindow } from "./paging.ts";

interface NamedFilter {
  name?: string | undefined;
  search?: string | undefined;
}

/** The team's rows in the window with this name; `search` finds a text in name or description, in any case. */
export function namedWhere(ctx: Ctx, { name, search }: NamedFilter, window: PageWindow) {
  const found = search === undefined ? undefined : { contains: literally(search), mode: "insensitive" as const };
  return {
    ...window.where,
    team_id: ctx.teamId,
    name,
    OR: found && [{ name: found }, { description: found }],
  };
}

/** Whether a column that holds a time, or null, holds one. */
export const isSet = (wanted: boolean | undefined) => {
  if (wanted === undefined) return undefined;
  return wanted ? { not: null } : null;
};

/** Prisma hands `%`, `_` and the backslash of a search on as LIKE reads them: names are full of underscores. */
export const literally = (text: string) => text.replace(/[\\%_]/g, "\\$&");
