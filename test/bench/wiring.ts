// Sources, destinations and connections, made by the verbs that every transport calls.

import { DEFAULT_TEAM } from "#server/auth/bootstrap.ts";
import type { Ctx } from "#server/auth/ctx.ts";
import { makeGateways } from "#server/auth/gateways.ts";
import { EVERYTHING } from "#server/auth/roles.ts";
import { makeSearches } from "#server/auth/searches.ts";
import type { CreateDestination } from "#server/contracts/destination.ts";
import type { CreateSource } from "#server/contracts/source.ts";
import { makeKeyring } from "#server/crypto/secrets.ts";
import { makeUnsubscribeLinks } from "#server/crypto/unsubscribe-links.ts";
import { makePrisma } from "#server/database/prisma.ts";
import { makeGuide } from "#server/docs/guide.ts";
import { makeEgress } from "#server/egress/client.ts";
import { makeEgressPolicy } from "#server/egress/egress-policy.ts";
import { makePublisher } from "#server/ingest/publisher.ts";
import { createConnection } from "#server/resources/connections.ts";
import { createSource } from "#server/resources/sources.ts";
import { makeSandbox } from "#server/sandbox/pool.ts";
import { makeTeamShares } from "#server/shares/team-shares.ts";
import { makeTunnels } from "#server/tunnel/tunnels.ts";
import type { Target } from "#test/bench/load/payload.ts";
import { NOWHERE } from "#test/support/egress-policy.ts";
import { EGRESS_ALLOW, SECRET } from "./instance.ts";

export interface Wiring {
  teamId: string;
  sourceId: string;
  /** Of the source at the door: `/e/…`. */
  path: string;
  branches: { connectionId: string; destinationId: string }[];
}

interface WiringInput {
  receiverPort: number;
  fanOut: number;
  source: CreateSource;
  /** Of the destinations, where it is not the default. */
  to?: NonNullable<CreateDestination["config"]>;
}

/** A source with `fanOut` connections to destinations of the receiver, with the product's defaults but for `to`. */
export async function wire(databaseUrl: string, { receiverPort, fanOut, source, to }: WiringInput): Promise<Wiring> {
  const db = makePrisma(databaseUrl, 1);
  const sandbox = makeSandbox();
  const publisher = makePublisher(databaseUrl);
  const tunnels = makeTunnels(databaseUrl, () => new Date());
  const egressPolicy = makeEgressPolicy(EGRESS_ALLOW.split(","), NOWHERE);
  const publicGatewayUrl = "http://gateway.bench";
  const ctx: Ctx = {
    app: {
      db,
      sandbox,
      shares: makeTeamShares(),
      searches: makeSearches(databaseUrl),
      keyring: makeKeyring(SECRET),
      egressPolicy,
      egress: makeEgress({ policy: egressPolicy }),
      guide: makeGuide(),
      publisher,
      tunnels,
      gateways: makeGateways({ secret: SECRET, otherSecret: undefined, publicGatewayUrl }, db, () => new Date()),
      publicGatewayUrl,
      publicDashboardUrl: "http://dashboard.bench",
      readDatabaseRoom: undefined,
      retentionDays: 30,
      unsubscribeLinks: makeUnsubscribeLinks(SECRET),
      sendsMail: false,
      now: () => new Date(),
    },
    teamId: DEFAULT_TEAM,
    actor: { kind: "system", id: "bench" },
    can: EVERYTHING,
  };
  try {
    const { id: sourceId, url } = await createSource(ctx, source);
    const branches: Wiring["branches"] = [];
    for (let i = 0; i < fanOut; i++) {
      const name = `${source.name}-${i}`;
      const destination = { name, config: { url: `http://127.0.0.1:${receiverPort}/${name}`, ...to } };
      const { id, destination_id } = await createConnection(ctx, { name, source_id: sourceId, destination, rules: [] });
      branches.push({ connectionId: id, destinationId: destination_id });
    }
    return { teamId: DEFAULT_TEAM, sourceId, path: new URL(url).pathname, branches };
  } finally {
    await sandbox.close();
    await publisher.close();
    await tunnels.close();
    await db.$disconnect();
  }
}

export function targetAt(url: string, path: string): Target {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port), path };
}
