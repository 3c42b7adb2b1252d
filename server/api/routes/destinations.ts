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
import { route } from "../operation.ts";

export const destinationRoutes = [
  route("GET", "/destinations", "List destinations", ListDestinations, page(Destination), listDestinations),
  route("POST", "/destinations", "Create a destination", CreateDestination, Destination, createDestination, {
    status: 201,
  }),
  route(
    "PUT",
    "/destinations",
    "Create a destination or change the one of this name",
    CreateDestination,
    Destination,
    upsertDestination,
  ),
  route("GET", "/destinations/:id", "Get a destination", ById, Destination, getDestination),
  route(
    "PATCH",
    "/destinations/:id",
    "Change a destination; config is merged",
    UpdateDestination,
    Destination,
    updateDestination,
  ),
  route(
    "DELETE",
    "/destinations/:id",
    "Delete a destination that no connection uses",
    ById,
    Deleted,
    deleteDestination,
  ),
  route("PUT", "/destinations/:id/enable", "Enable a destination", ById, Destination, enableDestination),
  route(
    "PUT",
    "/destinations/:id/disable",
    "Disable a destination: every branch to it stops",
    ById,
    Destination,
    disableDestination,
  ),
  route(
    "POST",
    "/destinations/:id/rotate-secret",
    "Rotate a destination's secret",
    RotateSecret,
    RotatedSecret,
    rotateDestinationSecret,
  ),
];
