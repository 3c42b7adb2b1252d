import { CODE_BODY, read, write } from "#server/api/operation.ts";
import { page } from "#server/contracts/page.ts";
import { ById, Deleted } from "#server/contracts/resource-fields.ts";
import {
  CreateTransformation,
  DuplicateTransformation,
  GetTransformationUsage,
  ListTransformations,
  ListTransformationVersions,
  RestoreTransformation,
  RunTransformation,
  Transformation,
  TransformationRun,
  TransformationUsage,
  TransformationVersion,
  UpdateTransformation,
} from "#server/contracts/transformation.ts";
import { DryRunTransformation, TransformationDryRun } from "#server/contracts/transformation-dry-run.ts";
import { runTransformation } from "#server/resources/run-transformation.ts";
import { dryRunTransformation } from "#server/resources/transformation-dry-run.ts";
import { getTransformationUsage } from "#server/resources/transformation-usage.ts";
import * as history from "#server/resources/transformation-versions.ts";
import * as verbs from "#server/resources/transformations.ts";

const PATH = "/transformations";
const ONE = "/transformations/:id";

export const transformations = {
  list: read(PATH, "List transformations", ListTransformations, page(Transformation), verbs.listTransformations),
  create: write(
    "transformation.write",
    "POST",
    PATH,
    "Create a transformation",
    CreateTransformation,
    Transformation,
    verbs.createTransformation,
    { status: 201, body: CODE_BODY },
  ),
  upsert: write(
    "transformation.write",
    "PUT",
    PATH,
    "Create a transformation or change the one of this name",
    CreateTransformation,
    Transformation,
    verbs.upsertTransformation,
    { body: CODE_BODY },
  ),
  run: write(
    "transformation.run",
    "PUT",
    `${PATH}/run`,
    "Try code on a request; nothing is saved",
    RunTransformation,
    TransformationRun,
    runTransformation,
    { body: CODE_BODY, turns: "runs" },
  ),
  dryRun: write(
    "transformation.run",
    "POST",
    `${ONE}/dry-run`,
    "Try drafted code on stored requests of the sources that use it; nothing is saved or sent",
    DryRunTransformation,
    TransformationDryRun,
    dryRunTransformation,
    { body: CODE_BODY, turns: "dryRuns" },
  ),
  usage: read(
    `${PATH}/usage`,
    "Count the connections that use transformations, and what these failed on in 24 hours",
    GetTransformationUsage,
    TransformationUsage,
    getTransformationUsage,
  ),
  get: read(ONE, "Get a transformation", ById, Transformation, verbs.getTransformation),
  update: write(
    "transformation.write",
    "PATCH",
    ONE,
    "Change a transformation; new code or env is a new version",
    UpdateTransformation,
    Transformation,
    verbs.updateTransformation,
    { body: CODE_BODY },
  ),
  delete: write(
    "resources.delete",
    "DELETE",
    ONE,
    "Delete a transformation that no connection uses",
    ById,
    Deleted,
    verbs.deleteTransformation,
  ),
  versions: read(
    `${ONE}/versions`,
    "List the versions of a transformation",
    ListTransformationVersions,
    page(TransformationVersion),
    history.listTransformationVersions,
  ),
  restore: write(
    "transformation.write",
    "POST",
    `${ONE}/restore`,
    "Bring back an older version as a new one",
    RestoreTransformation,
    Transformation,
    history.restoreTransformation,
  ),
  duplicate: write(
    "transformation.write",
    "POST",
    `${ONE}/duplicate`,
    "Copy a transformation with its env",
    DuplicateTransformation,
    Transformation,
    history.duplicateTransformation,
    { status: 201 },
  ),
};
