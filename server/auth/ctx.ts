import type { Capability } from "#server/contracts/capability.ts";
import type { Keyring } from "#server/crypto/secrets.ts";
import type { UnsubscribeLinks } from "#server/crypto/unsubscribe-links.ts";
import type { Db } from "#server/database/prisma.ts";
import type { Guide } from "#server/docs/guide.ts";
import type { Egress } from "#server/egress/client.ts";
import type { EgressPolicy } from "#server/egress/egress-policy.ts";
import { AppError, notFound } from "#server/errors/app-error.ts";
import type { Publisher } from "#server/ingest/publisher.ts";
import type { DiskRoom } from "#server/process/disk-room.ts";
import type { Sandbox } from "#server/sandbox/pool.ts";
import type { TeamShares } from "#server/shares/team-shares.ts";
import type { Tunnels } from "#server/tunnel/tunnels.ts";
import type { Gateways } from "./gateways.ts";
import type { Capabilities } from "./roles.ts";
import type { Searches } from "./searches.ts";

/** The dependencies of the verbs; one per process. */
export interface App {
  db: Db;
  keyring: Keyring;
  sandbox: Sandbox;
  shares: TeamShares;
  searches: Searches;
  egressPolicy: EgressPolicy;
  /** The way out of this process. */
  egress: Egress;
  /** The docs of the product. */
  guide: Guide;
  gateways: Gateways;
  publisher: Publisher;
  /** The listeners on people's machines. */
  tunnels: Tunnels;
  /** Without a trailing slash. */
  publicGatewayUrl: string;
  /** Without a trailing slash. */
  publicDashboardUrl: string;
  /** RETENTION_DAYS. */
  retentionDays: number;
  /** The room on the disk at DATABASE_DISK; undefined where that is not set, null where the disk does not say. */
  readDatabaseRoom: (() => Promise<DiskRoom | null>) | undefined;
  unsubscribeLinks: UnsubscribeLinks;
  /** Whether there is a mail server. */
  sendsMail: boolean;
  now: () => Date;
}

export type Actor =
  | { kind: "api_key"; id: string }
  /** A person at the dashboard, by one of their sessions. */
  | { kind: "user"; id: string; sessionId?: string }
  | { kind: "system"; id: string };

/** What a change is part of, where it is not a change of its own. The audit log notes it. */
export interface Cause {
  /** The flow whose file is applied. */
  flow?: string;
  /** The version that is brought back. */
  restored_version?: number;
}

/** The caller, and the team that it acts for. Every query of a verb filters by `teamId`. */
export interface Ctx {
  app: App;
  teamId: string;
  actor: Actor;
  can: Capabilities;
  cause?: Cause | undefined;
  /**
   * The team's newest bulk operation when this one was planned; null where there was none. Set where only what was planned may
   * start: a plan starts one operation, whichever gateways are asked at once.
   */
  plannedAfter?: string | null | undefined;
  /** Set where the caller is the key of an endpoint: it can nothing, but with that endpoint. */
  endpointId?: string | undefined;
  /** Aborted when the caller has gone. Work that only the caller would have seen is dropped. */
  signal?: AbortSignal | undefined;
}

const REMEDIES: Record<Actor["kind"], string> = {
  api_key:
    "use an API key that has it; the scope write has every one but team.own and account.manage, which are a person's",
  user: "ask an admin of the team for a role that has it",
  system: "this part of the product only reads",
};

const OF_ENDPOINT =
  "This is the key of an endpoint: it reads, renews, changes and removes that endpoint, and nothing else.";

/** First line of every verb that changes something. Throws FORBIDDEN to whoever lacks the capability. */
export function requireCan(ctx: Pick<Ctx, "can" | "actor" | "endpointId">, capability: Capability): void {
  if (ctx.can.has(capability)) return;
  if (ctx.endpointId !== undefined) throw new AppError("FORBIDDEN", OF_ENDPOINT);
  throw new AppError("FORBIDDEN", `This needs the capability ${capability}: ${REMEDIES[ctx.actor.kind]}.`);
}

/**
 * First line of a verb that an endpoint may do to itself.
 * @throws AppError FORBIDDEN to whoever lacks the capability, NOT_FOUND to the key of another endpoint
 */
export function requireOwn(ctx: Ctx, endpointId: string, capability: Capability): void {
  if (ctx.endpointId === undefined) requireCan(ctx, capability);
  else if (ctx.endpointId !== endpointId) throw notFound("endpoint", endpointId);
}
