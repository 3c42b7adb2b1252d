import { read, write } from "#server/api/operation.ts";
import {
  Connection,
  CreateConnection,
  ListConnections,
  PauseConnection,
  SavedConnection,
  UpdateConnection,
} from "#server/contracts/connection.ts";
import { DryRun, DryRunConnection, DryRunSource } from "#server/contracts/dry-run.ts";
import { page } from "#server/contracts/page.ts";
import { ById, Deleted, SwitchOne } from "#server/contracts/resource-fields.ts";
import * as verbs from "#server/resources/connections.ts";
import { dryRunConnection, dryRunSource } from "#server/resources/dry-run.ts";

const PATH = "/connections";
const ONE = "/connections/:id";

export const connections = {
  list: read(PATH, "List connections", ListConnections, page(Connection), verbs.listConnections),
  create: write(
    "connection.write",
    "POST",
    PATH,
    "Create a connection, with inline ends if wanted",
    CreateConnection,
    SavedConnection,
    verbs.createConnection,
    { status: 201 },
  ),
  upsert: write(
    "connection.write",
    "PUT",
    PATH,
    "Create a connection or change the one of this name",
    CreateConnection,
    SavedConnection,
    verbs.upsertConnection,
  ),
  get: read(ONE, "Get a connection", ById, Connection, verbs.getConnection),
  update: write(
    "connection.write",
    "PATCH",
    ONE,
    "Change a connection; rules are replaced as a whole",
    UpdateConnection,
    SavedConnection,
    verbs.updateConnection,
  ),
  delete: write("resources.delete", "DELETE", ONE, "Delete a connection", ById, Deleted, verbs.deleteConnection),
  enable: write(
    "connection.write",
    "PUT",
    `${ONE}/enable`,
    "Enable a connection",
    SwitchOne,
    Connection,
    verbs.enableConnection,
  ),
  disable: write(
    "connection.write",
    "PUT",
    `${ONE}/disable`,
    "Disable a connection: no new events",
    SwitchOne,
    Connection,
    verbs.disableConnection,
  ),
  pause: write(
    "connection.pause",
    "PUT",
    `${ONE}/pause`,
    "Hold a connection's events, until a time if wanted",
    PauseConnection,
    Connection,
    verbs.pauseConnection,
  ),
  unpause: write(
    "connection.pause",
    "PUT",
    `${ONE}/unpause`,
    "Drain what a connection held",
    SwitchOne,
    Connection,
    verbs.unpauseConnection,
  ),
  dryRun: write(
    "transformation.run",
    "POST",
    `${ONE}/dry-run`,
    "Try drafted rules on stored requests; nothing is saved or sent",
    DryRunConnection,
    DryRun,
    dryRunConnection,
    { turns: "dryRuns" },
  ),
  dryRunSource: write(
    "transformation.run",
    "POST",
    `${PATH}/dry-run`,
    "Try the rules of a connection to be on stored requests of a source",
    DryRunSource,
    DryRun,
    dryRunSource,
    { turns: "dryRuns" },
  ),
};
