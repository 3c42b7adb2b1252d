// The gateway role: one HTTP server. `/e/*` is the door, on bare node:http; everything else but the probes is REST.
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { httpUrl, loadRoleEnv, type RoleEnv } from "#server/env.ts";
import { type Log, makeLog } from "#server/process/log.ts";
import { type RunningRole, runRole } from "#server/process/role.ts";
import { makeGatewayApp } from "./app.ts";

async function start(log: Log): Promise<RunningRole> {
  const env = loadRoleEnv();
  const { server, tried, stop } = await makeGatewayApp(env, log);
  await tried;
  await listenOn(server, env);
  const { port } = server.address() as AddressInfo;
  return { url: httpUrl(env.host, port), stop };
}

function listenOn(server: Server, env: RoleEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(env.gatewayPort, env.host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

const log = makeLog("gateway", loadRoleEnv().logLevel);
await runRole({ name: "gateway", log, start: () => start(log) });
