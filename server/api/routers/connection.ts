import {
  Connection,
  CreateConnection,
  ListConnections,
  SavedConnection,
  UpdateConnection,
} from "#server/contracts/connection.ts";
import { ById, Deleted, page } from "#server/contracts/page.ts";
import {
  createConnection,
  deleteConnection,
  disableConnection,
  enableConnection,
  getConnection,
  listConnections,
  pauseConnection,
  unpauseConnection,
  updateConnection,
  upsertConnection,
} from "#server/resources/connections.ts";
import { router, teamProcedure } from "../trpc.ts";

export const connectionRouter = router({
  list: teamProcedure
    .input(ListConnections)
    .output(page(Connection))
    .query(({ ctx, input }) => listConnections(ctx, input)),
  get: teamProcedure
    .input(ById)
    .output(Connection)
    .query(({ ctx, input }) => getConnection(ctx, input)),
  create: teamProcedure
    .input(CreateConnection)
    .output(SavedConnection)
    .mutation(({ ctx, input }) => createConnection(ctx, input)),
  update: teamProcedure
    .input(UpdateConnection)
    .output(SavedConnection)
    .mutation(({ ctx, input }) => updateConnection(ctx, input)),
  upsert: teamProcedure
    .input(CreateConnection)
    .output(SavedConnection)
    .mutation(({ ctx, input }) => upsertConnection(ctx, input)),
  delete: teamProcedure
    .input(ById)
    .output(Deleted)
    .mutation(({ ctx, input }) => deleteConnection(ctx, input)),
  enable: teamProcedure
    .input(ById)
    .output(Connection)
    .mutation(({ ctx, input }) => enableConnection(ctx, input)),
  disable: teamProcedure
    .input(ById)
    .output(Connection)
    .mutation(({ ctx, input }) => disableConnection(ctx, input)),
  pause: teamProcedure
    .input(ById)
    .output(Connection)
    .mutation(({ ctx, input }) => pauseConnection(ctx, input)),
  unpause: teamProcedure
    .input(ById)
    .output(Connection)
    .mutation(({ ctx, input }) => unpauseConnection(ctx, input)),
});
