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
import { router, teamProcedure } from "../trpc.ts";

export const sourceRouter = router({
  list: teamProcedure
    .input(ListSources)
    .output(page(Source))
    .query(({ ctx, input }) => listSources(ctx, input)),
  get: teamProcedure
    .input(ById)
    .output(Source)
    .query(({ ctx, input }) => getSource(ctx, input)),
  create: teamProcedure
    .input(CreateSource)
    .output(Source)
    .mutation(({ ctx, input }) => createSource(ctx, input)),
  update: teamProcedure
    .input(UpdateSource)
    .output(Source)
    .mutation(({ ctx, input }) => updateSource(ctx, input)),
  upsert: teamProcedure
    .input(CreateSource)
    .output(Source)
    .mutation(({ ctx, input }) => upsertSource(ctx, input)),
  delete: teamProcedure
    .input(ById)
    .output(Deleted)
    .mutation(({ ctx, input }) => deleteSource(ctx, input)),
  enable: teamProcedure
    .input(ById)
    .output(Source)
    .mutation(({ ctx, input }) => enableSource(ctx, input)),
  disable: teamProcedure
    .input(ById)
    .output(Source)
    .mutation(({ ctx, input }) => disableSource(ctx, input)),
  rotateSecret: teamProcedure
    .input(RotateSecret)
    .output(RotatedSecret)
    .mutation(({ ctx, input }) => rotateSourceSecret(ctx, input)),
});
