import { makeKeyring } from "#server/crypto/secrets.ts";
import { makeUnsubscribeLinks } from "#server/crypto/unsubscribe-links.ts";
import { makePrisma } from "#server/database/prisma.ts";
import { makeGuide } from "#server/docs/guide.ts";
import { makeEgress } from "#server/egress/client.ts";
import { makeEgressPolicy } from "#server/egress/egress-policy.ts";
import { makeOwnListeners } from "#server/egress/own-listeners.ts";
import type { RoleEnv } from "#server/env.ts";
import { makePublisher } from "#server/ingest/publisher.ts";
import { makeRoomReader } from "#server/process/disk-room.ts";
import { makeSandbox } from "#server/sandbox/pool.ts";
import { makeTeamShares } from "#server/shares/team-shares.ts";
import { makeTunnels } from "#server/tunnel/tunnels.ts";
import type { App } from "./ctx.ts";
import { makeGateways } from "./gateways.ts";
import { makeSearches } from "./searches.ts";

/** Makes the dependencies of the verbs, once per process. @param connections how many of Postgres' they may use at a time */
export function makeApp(
  env: RoleEnv,
  connections: number,
  now: () => Date = () => new Date(),
): { app: App; dispose: () => Promise<void> } {
  const db = makePrisma(env.databaseUrl, connections);
  const sandbox = makeSandbox();
  const searches = makeSearches(env.databaseUrl);
  const gateways = makeGateways(env, db, now);
  const publisher = makePublisher(env.databaseUrl);
  const tunnels = makeTunnels(env.databaseUrl, now);
  const egressPolicy = makeEgressPolicy(env.egressAllow, makeOwnListeners(env));
  const egress = makeEgress({ policy: egressPolicy });
  const app: App = {
    db,
    keyring: makeKeyring(env.secret, env.otherSecret),
    sandbox,
    shares: makeTeamShares(),
    searches,
    egressPolicy,
    egress,
    guide: makeGuide(),
    gateways,
    publisher,
    tunnels,
    publicGatewayUrl: env.publicGatewayUrl,
    publicDashboardUrl: env.publicDashboardUrl,
    retentionDays: env.retentionDays,
    readDatabaseRoom: env.databaseDisk === undefined ? undefined : makeRoomReader(env.databaseDisk),
    unsubscribeLinks: makeUnsubscribeLinks(env.secret, env.otherSecret),
    sendsMail: env.mail !== undefined,
    now,
  };
  return {
    app,
    async dispose() {
      await sandbox.close();
      await searches.close();
      await gateways.close();
      await publisher.close();
      await tunnels.close();
      await egress.close();
      await db.$disconnect();
    },
  };
}
