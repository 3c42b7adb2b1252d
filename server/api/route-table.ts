import type { Operation } from "./operation.ts";
import { apiKeyRoutes } from "./routes/api-keys.ts";
import { attemptRoutes } from "./routes/attempts.ts";
import { connectionRoutes } from "./routes/connections.ts";
import { destinationRoutes } from "./routes/destinations.ts";
import { eventRoutes } from "./routes/events.ts";
import { metricsRoutes } from "./routes/metrics.ts";
import { requestRoutes } from "./routes/requests.ts";
import { sourceRoutes } from "./routes/sources.ts";
import { teamRoutes } from "./routes/teams.ts";
import { transformationRoutes } from "./routes/transformations.ts";

/** Every operation below /v1, in the order of the reference. */
export const ROUTE_TABLE: readonly Operation[] = [
  ...sourceRoutes,
  ...destinationRoutes,
  ...connectionRoutes,
  ...transformationRoutes,
  ...requestRoutes,
  ...eventRoutes,
  ...attemptRoutes,
  ...metricsRoutes,
  ...apiKeyRoutes,
  ...teamRoutes,
];
