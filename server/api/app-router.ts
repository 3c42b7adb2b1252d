import { apiKeyRouter } from "./routers/api-key.ts";
import { attemptRouter } from "./routers/attempt.ts";
import { connectionRouter } from "./routers/connection.ts";
import { destinationRouter } from "./routers/destination.ts";
import { eventRouter } from "./routers/event.ts";
import { metricsRouter } from "./routers/metrics.ts";
import { overviewRouter } from "./routers/overview.ts";
import { requestRouter } from "./routers/request.ts";
import { sourceRouter } from "./routers/source.ts";
import { teamRouter } from "./routers/team.ts";
import { transformationRouter } from "./routers/transformation.ts";
import { router } from "./trpc.ts";

/** Everything the dashboard may call. */
export const appRouter = router({
  apiKey: apiKeyRouter,
  attempt: attemptRouter,
  connection: connectionRouter,
  destination: destinationRouter,
  event: eventRouter,
  metrics: metricsRouter,
  overview: overviewRouter,
  request: requestRouter,
  source: sourceRouter,
  team: teamRouter,
  transformation: transformationRouter,
});
export type AppRouter = typeof appRouter;
