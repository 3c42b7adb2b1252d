// The web role: the dashboard, with Next under a server of our own.
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import next from "next";
import { makeApp } from "#server/auth/app.ts";
import { lendApp } from "#server/auth/lent-app.ts";
import { askOf } from "#server/auth/master-key.ts";
import { refuseOtherSecret } from "#server/database/master-key.ts";
import { httpUrl, loadRoleEnv, type RoleEnv } from "#server/env.ts";
import { AppError } from "#server/errors/app-error.ts";
import { makeLiveHub } from "#server/live/hub.ts";
import { HANDED_FLAG, listenOnHanded } from "#server/process/handed-listener.ts";
import { makeLog } from "#server/process/log.ts";
import { type RunningRole, runRole } from "#server/process/role.ts";
import { DRAIN_MS } from "#server/process/stop-times.ts";
import { makeWebApp } from "./app.ts";

const PROJECT_DIR = join(import.meta.dirname, "..", "..");
const CLOSE_IDLE_EVERY_MS = 100;
/** Pages ask little at a time; the connections belong to the gateway and the workers. */
const CONNECTIONS = 3;

/** Stops listening and waits a little for the answers that are under way. */
async function close(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  const sweep = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
  const breakOff = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearInterval(sweep);
  clearTimeout(breakOff);
}

async function startWeb(env: RoleEnv, isDev: boolean): Promise<RunningRole> {
  const { app, dispose } = makeApp(env, CONNECTIONS);
  // Nobody waits for it: pages answer in their own words while the database is away.
  void refuseOtherSecret(askOf(app.db), app.keyring).catch((error: unknown) => {
    if (error instanceof AppError) throw error;
  });
  const live = makeLiveHub(env.databaseUrl, log);
  const nextApp = next({ dev: isDev, dir: PROJECT_DIR, hostname: env.host, port: env.port });
  const web = makeWebApp(env, { app, log, isDev, live, page: nextApp.getRequestHandler() });
  lendApp({
    app,
    readVisit: web.readVisit,
    showsGallery: env.showsGallery || isDev,
    providerName: env.loginProvider?.name ?? null,
  });
  await nextApp.prepare();
  const isHanded = process.argv.includes(HANDED_FLAG) && (await listenOnHanded(web.server));
  if (!isHanded) {
    web.server.listen(env.port, env.host);
    await once(web.server, "listening");
  }

  return {
    url: httpUrl(env.host, (web.server.address() as AddressInfo).port),
    async stop() {
      await live.close();
      await close(web.server);
      web.close();
      await nextApp.close();
      await dispose();
    },
  };
}

const env = loadRoleEnv();
const log = makeLog("web", env.logLevel);
await runRole({ name: "web", log, start: () => startWeb(env, process.argv.includes("--dev")) });
