import { rerouteRequest } from "#server/routing/route-requests.ts";
import { task } from "../task.ts";

export const rerouteRequestTask = task("reroute-request", (app, payload) => rerouteRequest(app.router, payload));
