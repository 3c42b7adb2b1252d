import { ById, Deleted, page } from "#server/contracts/page.ts";
import {
  CreateTransformation,
  ListTransformations,
  ListTransformationVersions,
  RunTransformation,
  Transformation,
  TransformationRun,
  TransformationVersion,
  UpdateTransformation,
} from "#server/contracts/transformation.ts";
import { runTransformation } from "#server/resources/run-transformation.ts";
import {
  createTransformation,
  deleteTransformation,
  getTransformation,
  listTransformations,
  listTransformationVersions,
  updateTransformation,
  upsertTransformation,
} from "#server/resources/transformations.ts";
import { CODE_BODY, route } from "../operation.ts";

export const transformationRoutes = [
  route(
    "GET",
    "/transformations",
    "List transformations",
    ListTransformations,
    page(Transformation),
    listTransformations,
  ),
  route(
    "POST",
    "/transformations",
    "Create a transformation",
    CreateTransformation,
    Transformation,
    createTransformation,
    { status: 201, body: CODE_BODY },
  ),
  route(
    "PUT",
    "/transformations",
    "Create a transformation or change the one of this name",
    CreateTransformation,
    Transformation,
    upsertTransformation,
    { body: CODE_BODY },
  ),
  route(
    "PUT",
    "/transformations/run",
    "Try code on a request; nothing is saved",
    RunTransformation,
    TransformationRun,
    runTransformation,
    { body: CODE_BODY, turns: "runs" },
  ),
  route("GET", "/transformations/:id", "Get a transformation", ById, Transformation, getTransformation),
  route(
    "PATCH",
    "/transformations/:id",
    "Change a transformation; new code or env is a new version",
    UpdateTransformation,
    Transformation,
    updateTransformation,
    { body: CODE_BODY },
  ),
  route(
    "DELETE",
    "/transformations/:id",
    "Delete a transformation that no connection uses",
    ById,
    Deleted,
    deleteTransformation,
  ),
  route(
    "GET",
    "/transformations/:id/versions",
    "List the versions of a transformation",
    ListTransformationVersions,
    page(TransformationVersion),
    listTransformationVersions,
  ),
];
