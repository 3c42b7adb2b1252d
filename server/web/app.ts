import type { App } from "../auth/ctx.ts";
import { makePrisma } from "../db.ts";
import { makeAddressPolicy } from "../egress/address-policy.ts";
import type { RoleEnv } from "../env.ts";
import { makeSandbox } from "../sandbox/pool.ts";
import { makeKeyring } from "../secrets.ts";

/** Pages ask little at a time; the connections belong to the gateway and the workers. */
const CONNECTIONS = 3;

/** What the verbs need in the web process, made once. */
export function makeApp(env: RoleEnv): { app: App; dispose: () => Promise<void> } {
  const db = makePrisma(env.databaseUrl, CONNECTIONS);
  const sandbox = makeSandbox();
  const app: App = {
    db,
    keyring: makeKeyring(env.secret),
    sandbox,
    egressPolicy: makeAddressPolicy(env.egressAllow),
    publicGatewayUrl: env.publicGatewayUrl,
    now: () => new Date(),
  };
  return {
    app,
    async dispose() {
      await sandbox.close();
      await db.$disconnect();
    },
  };
}
