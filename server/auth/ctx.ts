import type { ApiKeyScope } from "#server/contracts/api-key.ts";
import type { Keyring } from "#server/crypto/secrets.ts";
import type { Db } from "#server/database/prisma.ts";
import type { EgressPolicy } from "#server/egress/egress-policy.ts";
import { AppError } from "#server/errors/app-error.ts";
import type { Sandbox } from "#server/sandbox/pool.ts";
import type { TeamShares } from "#server/shares/team-shares.ts";
import type { Searches } from "./searches.ts";

/** What a process lends to the verbs; one per process. */
export interface App {
  db: Db;
  keyring: Keyring;
  sandbox: Sandbox;
  shares: TeamShares;
  searches: Searches;
  egressPolicy: EgressPolicy;
  /** Without a trailing slash. */
  publicGatewayUrl: string;
  now: () => Date;
}

export type Actor =
  | { kind: "api_key"; id: string }
  | { kind: "local_operator"; id: string }
  | { kind: "system"; id: string };

/** Who asks, and for which team. Every query of a verb filters by `teamId`. */
export interface Ctx {
  app: App;
  teamId: string;
  actor: Actor;
  scope: ApiKeyScope;
  /** Aborted when the caller has gone: what only it would have seen is dropped. */
  signal?: AbortSignal | undefined;
}

const READERS: Record<Actor["kind"], string> = {
  api_key: "This API key may only read; use one with the scope write.",
  local_operator: "The dashboard may only read here; use an API key with the scope write.",
  system: "This part of the product may only read.",
};

/** First line of every verb that changes something. Throws FORBIDDEN for a reader. */
export function requireWrite(ctx: Ctx): void {
  if (ctx.scope !== "write") throw new AppError("FORBIDDEN", READERS[ctx.actor.kind]);
}
