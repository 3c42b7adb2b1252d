import { rerouteRequest } from "#server/routing/route-requests.ts";
import { task } from "#worker/task.ts";

export const rerouteRequestTask = task("reroute-request", (app, payload) => rerouteRequest(app.router, payload));
