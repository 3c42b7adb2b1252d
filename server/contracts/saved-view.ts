import { z } from "zod";
import { CHANGE_FIELDS, Timestamp } from "./resource-fields.ts";
import { smallRecord } from "./small-record.ts";

/** The lists that have views. */
export const ViewedList = z.enum(["requests", "events", "attempts"]);
export type ViewedList = z.infer<typeof ViewedList>;

/** So many of each list: one page shows them all. */
export const MAX_VIEWS = 50;

const MAX_FILTER_CHARS = 2_048;
const MAX_FILTERS_CHARS = 8_192;

const SavedViewName = z
  .string()
  .trim()
  .min(1, "Give the view a name.")
  .max(60, "Give the view a name of at most 60 characters.")
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that it is about
  .regex(/^[^\u0000-\u001f\u007f-\u009f]*$/, "Leave line breaks and other control characters out of the name.");

const ViewFilters = smallRecord(
  z.string().regex(/^[a-z][a-z_]{0,31}$/, "Name a filter as it stands in the page's address."),
  z.string().min(1, "Leave out a filter that has no value.").max(MAX_FILTER_CHARS),
  20,
)
  .refine((filters) => JSON.stringify(filters).length <= MAX_FILTERS_CHARS, "The filters are too long to keep.")
  .meta({ description: "As they stand in the address of the list's page, such as `{status: FAILED, time: 7d}`." });

/** A list as somebody of the team has looked at it, under a name. Everybody of the team sees it. */
export const SavedView = z.object({
  id: z.string(),
  team_id: z.string(),
  list: ViewedList,
  name: z.string(),
  filters: z.record(z.string(), z.string()),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export type SavedView = z.infer<typeof SavedView>;

export const ListSavedViews = z.object({ list: ViewedList.optional() });
export type ListSavedViews = z.infer<typeof ListSavedViews>;

export const CreateSavedView = z.object({ list: ViewedList, name: SavedViewName, filters: ViewFilters });
export type CreateSavedView = z.infer<typeof CreateSavedView>;

export const UpdateSavedView = z.object({
  ...CHANGE_FIELDS,
  name: SavedViewName.optional(),
  filters: ViewFilters.optional(),
});
export type UpdateSavedView = z.infer<typeof UpdateSavedView>;
