// The one list of kinds of destination, each with the sender that delivers to it.
import type { CachedDestination, ConfigCache } from "#server/config/config-cache.ts";
import type { DestinationType } from "#server/contracts/destination.ts";
import type { UnsubscribeLinks } from "#server/crypto/unsubscribe-links.ts";
import type { Queryable } from "#server/database/db.ts";
import type { Egress } from "#server/egress/client.ts";
import type { EgressPolicy } from "#server/egress/egress-policy.ts";
import type { Mailer } from "#server/mail/mailer.ts";
import { plainObjectUrl } from "#server/object-store/object-store.ts";
import type { Clock } from "#server/process/clock.ts";
import { mailUrl, makeEmailSender } from "./email.ts";
import { makeHttpSender } from "./http.ts";
import { makeMockSender, mockUrl } from "./mock.ts";
import { makeS3Sender } from "./s3.ts";
import type { Sender } from "./sender.ts";

export interface SenderTools {
  /** The only way out for what a team addresses. Mail goes to the operator's server. */
  egress: Egress;
  egressPolicy: EgressPolicy;
  config: Pick<ConfigCache, "current">;
  /** Null: no mail server is set. */
  mailer: Mailer | null;
  pool: Queryable;
  dashboardUrl: string;
  unsubscribeLinks: UnsubscribeLinks;
  clock: Clock;
  /** Aborted when the sends on the wire have to be broken off. */
  signal: AbortSignal;
}

export interface Senders {
  /** Made once for each version of a destination's configuration. Throws for settings that are no longer valid. */
  of(destination: CachedDestination): Sender;
}

export function makeSenders(tools: SenderTools): Senders {
  const made = new WeakMap<CachedDestination, Sender>();
  return {
    of(destination) {
      const known = made.get(destination);
      if (known) return known;
      const sender = kindOf(destination).make(destination, tools);
      made.set(destination, sender);
      return sender;
    },
  };
}

type OfType<T extends DestinationType> = Extract<CachedDestination, { type: T }>;

interface Kind<T extends DestinationType> {
  make(destination: OfType<T>, tools: SenderTools): Sender;
  /** The address of a destination without its query, which may hold a token. Never throws. */
  address(destination: OfType<T>): string;
}

const KINDS: { [T in DestinationType]: Kind<T> } = {
  HTTP: {
    make: (destination, { egress, egressPolicy, signal }) =>
      makeHttpSender(destination, { egress, policy: egressPolicy.forTeam(destination.teamId), signal }),
    address: ({ config }) => String(config.url).replace(/[?#].*$/s, ""),
  },
  MOCK: {
    make: ({ name, config }, tools) => makeMockSender(name, config, tools),
    address: ({ name }) => mockUrl(name),
  },
  S3: {
    make: ({ teamId, config: settings }, { egress, egressPolicy, signal, config }) =>
      makeS3Sender(settings, {
        egress,
        policy: egressPolicy.forTeam(teamId),
        teamId,
        signal,
        namesOf: ({ source_id, connection_id }) => ({
          source: config.current().sources.get(source_id)?.name ?? source_id,
          connection: config.current().connections.get(connection_id)?.name ?? connection_id,
        }),
      }),
    address: ({ config }) => plainObjectUrl(config),
  },
  EMAIL: {
    make: ({ teamId, config: settings }, { config, ...tools }) =>
      makeEmailSender(teamId, settings, {
        ...tools,
        isSystemSource: (id) => config.current().sources.get(id)?.isSystem === true,
      }),
    address: ({ config }) => mailUrl(config),
  },
  CLI: {
    // A lane holds all that is due there. What it should have taken meanwhile goes back.
    make: ({ name }) => ({
      send: async (_event, request) => ({
        ...{ requestedUrl: `cli://${name}`, method: request.method, headers: [] },
        outcome: { kind: "error", code: "CANCELLED", seen: null, latencyMs: 0, phases: null },
      }),
    }),
    address: ({ name }) => `cli://${name}`,
  },
};
const kindOf = ({ type }: CachedDestination) => KINDS[type] as Kind<DestinationType>;

/** The address of a destination, for an attempt that failed before its request was built. */
export const plainAddress = (destination: CachedDestination): string => kindOf(destination).address(destination);
