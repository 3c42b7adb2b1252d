import { CreateDestination, Destination, ListDestinations, UpdateDestination } from "#server/contracts/destination.ts";
import { ById, Deleted, page } from "#server/contracts/page.ts";
import { RotatedSecret, RotateSecret } from "#server/contracts/rotate-secret.ts";
import {
  createDestination,
  deleteDestination,
  disableDestination,
  enableDestination,
  getDestination,
  listDestinations,
  rotateDestinationSecret,
  updateDestination,
  upsertDestination,
} from "#server/resources/destinations.ts";
import { router, teamProcedure } from "../trpc.ts";

export const destinationRouter = router({
  list: teamProcedure
    .input(ListDestinations)
    .output(page(Destination))
    .query(({ ctx, input }) => listDestinations(ctx, input)),
  get: teamProcedure
    .input(ById)
    .output(Destination)
    .query(({ ctx, input }) => getDestination(ctx, input)),
  create: teamProcedure
    .input(CreateDestination)
    .output(Destination)
    .mutation(({ ctx, input }) => createDestination(ctx, input)),
  update: teamProcedure
    .input(UpdateDestination)
    .output(Destination)
    .mutation(({ ctx, input }) => updateDestination(ctx, input)),
  upsert: teamProcedure
    .input(CreateDestination)
    .output(Destination)
    .mutation(({ ctx, input }) => upsertDestination(ctx, input)),
  delete: teamProcedure
    .input(ById)
    .output(Deleted)
    .mutation(({ ctx, input }) => deleteDestination(ctx, input)),
  enable: teamProcedure
    .input(ById)
    .output(Destination)
    .mutation(({ ctx, input }) => enableDestination(ctx, input)),
  disable: teamProcedure
    .input(ById)
    .output(Destination)
    .mutation(({ ctx, input }) => disableDestination(ctx, input)),
  rotateSecret: teamProcedure
    .input(RotateSecret)
    .output(RotatedSecret)
    .mutation(({ ctx, input }) => rotateDestinationSecret(ctx, input)),
});
