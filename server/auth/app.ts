import { makeEgressPolicy } from "../egress/egress-policy.ts";
import { makeOwnListeners } from "../egress/own-listeners.ts";
import type { RoleEnv } from "../env.ts";
import { makePrisma } from "../prisma.ts";
import { makeSandbox } from "../sandbox/pool.ts";
import { makeKeyring } from "../secrets.ts";
import { makeTeamShares } from "../shares/team-shares.ts";
import type { App } from "./ctx.ts";
import { makeSearches } from "./searches.ts";

/** What the verbs need, made once per process. @param connections how many of Postgres' they may use at a time */
export function makeApp(env: RoleEnv, connections: number): { app: App; dispose: () => Promise<void> } {
  const db = makePrisma(env.databaseUrl, connections);
  const sandbox = makeSandbox();
  const searches = makeSearches(env.databaseUrl);
  const app: App = {
    db,
    keyring: makeKeyring(env.secret),
    sandbox,
    shares: makeTeamShares(),
    searches,
    egressPolicy: makeEgressPolicy(env.egressAllow, makeOwnListeners(env)),
    publicGatewayUrl: env.publicGatewayUrl,
    now: () => new Date(),
  };
  return {
    app,
    async dispose() {
      await sandbox.close();
      await searches.close();
      await db.$disconnect();
    },
  };
}
