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
import { route } from "../operation.ts";

export const connectionRoutes = [
  route("GET", "/connections", "List connections", ListConnections, page(Connection), listConnections),
  route(
    "POST",
    "/connections",
    "Create a connection, with inline ends if wanted",
    CreateConnection,
    SavedConnection,
    createConnection,
    { status: 201 },
  ),
  route(
    "PUT",
    "/connections",
    "Create a connection or change the one of this name",
    CreateConnection,
    SavedConnection,
    upsertConnection,
  ),
  route("GET", "/connections/:id", "Get a connection", ById, Connection, getConnection),
  route(
    "PATCH",
    "/connections/:id",
    "Change a connection; rules are replaced as a whole",
    UpdateConnection,
    SavedConnection,
    updateConnection,
  ),
  route("DELETE", "/connections/:id", "Delete a connection", ById, Deleted, deleteConnection),
  route("PUT", "/connections/:id/enable", "Enable a connection", ById, Connection, enableConnection),
  route("PUT", "/connections/:id/disable", "Disable a connection: no new events", ById, Connection, disableConnection),
  route("PUT", "/connections/:id/pause", "Hold a connection's events", ById, Connection, pauseConnection),
  route("PUT", "/connections/:id/unpause", "Drain what a connection held", ById, Connection, unpauseConnection),
];
