import { routeRequests } from "#server/routing/route-requests.ts";
import { task } from "../task.ts";

export const routeRequestsTask = task("route-requests", (app, { requests }) => routeRequests(app.router, requests));
