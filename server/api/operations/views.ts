import { read, write } from "#server/api/operation.ts";
import { page } from "#server/contracts/page.ts";
import { ById, Deleted } from "#server/contracts/resource-fields.ts";
import { CreateSavedView, ListSavedViews, SavedView, UpdateSavedView } from "#server/contracts/saved-view.ts";
import * as verbs from "#server/resources/saved-views.ts";

const PATH = "/views";
const ONE = "/views/:id";

export const views = {
  list: read(PATH, "List the saved views of lists", ListSavedViews, page(SavedView), verbs.listSavedViews),
  create: write(
    "view.write",
    "POST",
    PATH,
    "Save a view of a list",
    CreateSavedView,
    SavedView,
    verbs.createSavedView,
    {
      status: 201,
    },
  ),
  update: write("view.write", "PATCH", ONE, "Change a saved view", UpdateSavedView, SavedView, verbs.updateSavedView),
  delete: write("view.write", "DELETE", ONE, "Delete a saved view", ById, Deleted, verbs.deleteSavedView),
};
