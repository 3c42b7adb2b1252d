import { ById, Deleted, page } from "#server/contracts/page.ts";
import { RotatedSecret, RotateSecret } from "#server/contracts/rotate-secret.ts";
import { CreateSource, ListSources, Source, UpdateSource } from "#server/contracts/source.ts";
import {
  createSource,
  deleteSource,
  disableSource,
  enableSource,
  getSource,
  listSources,
  rotateSourceSecret,
  updateSource,
  upsertSource,
} from "#server/resources/sources.ts";
import { route } from "../operation.ts";

export const sourceRoutes = [
  route("GET", "/sources", "List sources", ListSources, page(Source), listSources),
  route("POST", "/sources", "Create a source", CreateSource, Source, createSource, { status: 201 }),
  route("PUT", "/sources", "Create a source or change the one of this name", CreateSource, Source, upsertSource),
  route("GET", "/sources/:id", "Get a source", ById, Source, getSource),
  route("PATCH", "/sources/:id", "Change a source; config is merged", UpdateSource, Source, updateSource),
  route("DELETE", "/sources/:id", "Delete a source that no connection uses", ById, Deleted, deleteSource),
  route("PUT", "/sources/:id/enable", "Enable a source", ById, Source, enableSource),
  route("PUT", "/sources/:id/disable", "Disable a source: it rejects at the door", ById, Source, disableSource),
  route(
    "POST",
    "/sources/:id/rotate-secret",
    "Rotate a source's secret",
    RotateSecret,
    RotatedSecret,
    rotateSourceSecret,
  ),
];
