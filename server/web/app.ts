// The parts of the dashboard's server, put together once: pages, tRPC, log-in, and what is forwarded to the gateway.
import type { Server } from "node:http";
import type { App } from "#server/auth/ctx.ts";
import type { ReadVisit } from "#server/auth/visit.ts";
import { httpUrl, type RoleEnv } from "#server/env.ts";
import type { LiveHub } from "#server/live/hub.ts";
import { makePeople } from "#server/people/people.ts";
import type { Log } from "#server/process/log.ts";
import { makeAuthHandler } from "./auth-handler.ts";
import { makeForwarder } from "./forward.ts";
import { createWebServer, type WebServerOptions } from "./server.ts";
import { makeTrpcHandler } from "./trpc-handler.ts";

export interface WebAppOptions {
  app: App;
  log: Log;
  isDev: boolean;
  page: WebServerOptions["page"];
  /** Without it no page can subscribe to changes. */
  live?: LiveHub;
}

export interface WebApp {
  /** Listens nowhere yet. */
  server: Server;
  readVisit: ReadVisit;
  /** Closes the connections to the gateway; called after the server has closed. */
  close(): void;
}

/** Makes the dashboard's server. */
export function makeWebApp(
  env: Pick<RoleEnv, "host" | "gatewayPort" | "trustedProxies" | "secret">,
  { app, log, isDev, page, live }: WebAppOptions,
): WebApp {
  const { trustedProxies } = env;
  const people = makePeople(app, env.secret, log);
  const forwarder = makeForwarder({
    gatewayHost: new URL(httpUrl(env.host, env.gatewayPort)).hostname.replace(/^\[|\]$/g, ""),
    gatewayPort: env.gatewayPort,
    trustedProxies,
  });
  const server = createWebServer({
    isDev,
    log,
    forwarder,
    trpc: makeTrpcHandler(app, people.readVisit, log, live),
    auth: makeAuthHandler(app, people, trustedProxies, log),
    page,
  });
  return { server, readVisit: people.readVisit, close: () => forwarder.close() };
}
