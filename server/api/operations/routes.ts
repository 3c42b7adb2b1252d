import { write } from "#server/api/operation.ts";
import { PutRoutes, SavedRoutes } from "#server/contracts/route.ts";
import { putRoutes } from "#server/resources/routes.ts";

export const routes = {
  put: write(
    "connection.write",
    "PUT",
    "/routes",
    "Connect all sources that fit a glob to a destination, each with a filter on event types",
    PutRoutes,
    SavedRoutes,
    putRoutes,
  ),
};
