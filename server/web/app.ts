// The parts of the dashboard's server, put together once: pages, tRPC, log-in, and what is forwarded to the gateway.
import type { Server } from "node:http";
import type { App } from "#server/auth/ctx.ts";
import type { ReadVisit } from "#server/auth/visit.ts";
import { httpUrl, type RoleEnv } from "#server/env.ts";
import type { LiveHub } from "#server/live/hub.ts";
import { makeLoginProvider } from "#server/people/login-provider.ts";
import { makePeople } from "#server/people/people.ts";
import type { Log } from "#server/process/log.ts";
import { makeCallerReader } from "#server/wire/caller-address.ts";
import { makeAuthHandler } from "./auth-handler.ts";
import { makeForwarder } from "./forward.ts";
import { createWebServer, type WebServerOptions } from "./server.ts";
import { makeTrpcHandler } from "./trpc-handler.ts";
import { makeUnsubscribeHandler } from "./unsubscribe-handler.ts";

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

/** The page that the company's log-in sends people back to. */
const BACK = "/signed-in";

interface ProviderParts {
  app: App;
  log: Log;
}

function providerDoorOf({ loginProvider: settings }: Pick<RoleEnv, "loginProvider">, { app, log }: ProviderParts) {
  if (!settings) return undefined;
  const redirectUri = `${app.publicDashboardUrl}${BACK}`;
  const nowMs = () => app.now().getTime();
  const onFailure = (because: string) => log.warn({ because }, "the log-in provider could not be asked");
  const onRefusal = (because: string) => log.warn({ because }, "a log-in by the provider did not hold");
  const provider = makeLoginProvider({ settings, redirectUri, egress: app.egress, nowMs, onFailure });
  return { provider, admission: settings, onRefusal };
}

/** Makes the dashboard's server. */
export function makeWebApp(
  env: Pick<RoleEnv, "host" | "gatewayPort" | "trustedProxies" | "secret" | "otherSecret" | "loginProvider">,
  { app, log, isDev, page, live }: WebAppOptions,
): WebApp {
  const { trustedProxies } = env;
  const readCaller = makeCallerReader(trustedProxies);
  const people = makePeople(app, env, log, providerDoorOf(env, { app, log }));
  const forwarder = makeForwarder({
    gatewayHost: new URL(httpUrl(env.host, env.gatewayPort)).hostname.replace(/^\[|\]$/g, ""),
    gatewayPort: env.gatewayPort,
    trustedProxies,
  });
  const server = createWebServer({
    isDev,
    log,
    forwarder,
    trpc: makeTrpcHandler({ app, readVisit: people.readVisit, readCaller, log, live }),
    auth: makeAuthHandler(app, people, readCaller, log),
    unsubscribe: makeUnsubscribeHandler(app),
    page,
  });
  return { server, readVisit: people.readVisit, close: forwarder.close };
}
