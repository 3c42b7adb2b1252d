import { z } from "zod";
import { ViewedList } from "./saved-view.ts";

/** A list knows which of the names it has; others say nothing to it. */
const ColumnNames = z
  .array(z.string().regex(/^[a-z][a-z_]{0,31}$/, "Name a column as it stands in the page's address."))
  .min(1, "Leave at least one column.")
  .max(20, "Name at most 20 columns.");

/** The columns that the person who asks has chosen. A list that is not named shows its usual ones. */
export const ListColumns = z.object({ columns: z.partialRecord(ViewedList, ColumnNames) });
export type ListColumns = z.infer<typeof ListColumns>;

export const GetListColumns = z.object({});

export const ChooseListColumns = z.object({
  list: ViewedList,
  columns: ColumnNames.nullable().meta({ description: "Null shows the usual ones again." }),
});
export type ChooseListColumns = z.infer<typeof ChooseListColumns>;
