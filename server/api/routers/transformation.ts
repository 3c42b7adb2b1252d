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
import { router, runProcedure, teamProcedure } from "../trpc.ts";

export const transformationRouter = router({
  list: teamProcedure
    .input(ListTransformations)
    .output(page(Transformation))
    .query(({ ctx, input }) => listTransformations(ctx, input)),
  get: teamProcedure
    .input(ById)
    .output(Transformation)
    .query(({ ctx, input }) => getTransformation(ctx, input)),
  create: teamProcedure
    .input(CreateTransformation)
    .output(Transformation)
    .mutation(({ ctx, input }) => createTransformation(ctx, input)),
  update: teamProcedure
    .input(UpdateTransformation)
    .output(Transformation)
    .mutation(({ ctx, input }) => updateTransformation(ctx, input)),
  upsert: teamProcedure
    .input(CreateTransformation)
    .output(Transformation)
    .mutation(({ ctx, input }) => upsertTransformation(ctx, input)),
  delete: teamProcedure
    .input(ById)
    .output(Deleted)
    .mutation(({ ctx, input }) => deleteTransformation(ctx, input)),
  run: runProcedure
    .input(RunTransformation)
    .output(TransformationRun)
    .mutation(({ ctx, input }) => runTransformation(ctx, input)),
  versions: teamProcedure
    .input(ListTransformationVersions)
    .output(page(TransformationVersion))
    .query(({ ctx, input }) => listTransformationVersions(ctx, input)),
});
