// Every operation of the product, once. REST routes, the OpenAPI document, the tRPC router and the sweeps over tenancy and
// rights derive from this table; an operation's key (`connections.pause`) is its name in all of them.
import type { NamedOperation, Operation } from "#server/api/operation.ts";
import { account } from "./account.ts";
import { apiKeys } from "./api-keys.ts";
import { attempts } from "./attempts.ts";
import { audit } from "./audit.ts";
import { bulk } from "./bulk.ts";
import { connections } from "./connections.ts";
import { demo } from "./demo.ts";
import { destinations } from "./destinations.ts";
import { endpoints } from "./endpoints.ts";
import { events } from "./events.ts";
import { flows } from "./flows.ts";
import { guide } from "./guide.ts";
import { invitations } from "./invitations.ts";
import { issues } from "./issues.ts";
import { mailAddresses } from "./mail-addresses.ts";
import { members } from "./members.ts";
import { metrics } from "./metrics.ts";
import { notifications } from "./notifications.ts";
import { overview } from "./overview.ts";
import { publish } from "./publish.ts";
import { requests } from "./requests.ts";
import { retention } from "./retention.ts";
import { routes } from "./routes.ts";
import { sessions } from "./sessions.ts";
import { sources } from "./sources.ts";
import { teams } from "./teams.ts";
import { topology } from "./topology.ts";
import { transformations } from "./transformations.ts";
import { tunnels } from "./tunnels.ts";
import { versions } from "./versions.ts";
import { views } from "./views.ts";

/** In the order of the reference. */
export const operations = {
  sources,
  destinations,
  connections,
  routes,
  endpoints,
  transformations,
  flows,
  publish,
  requests,
  events,
  attempts,
  tunnels,
  bulk,
  issues,
  notifications,
  mailAddresses,
  metrics,
  topology,
  overview,
  demo,
  apiKeys,
  teams,
  retention,
  members,
  invitations,
  sessions,
  account,
  views,
  versions,
  audit,
  guide,
};

/** The table as a list. */
export const ALL_OPERATIONS: readonly NamedOperation[] = Object.entries(operations).flatMap(([resource, table]) =>
  Object.entries<Operation>(table).map(([key, operation]) => ({ ...operation, name: `${resource}.${key}` })),
);

const READS = new Map(
  ALL_OPERATIONS.filter(({ method }) => method === "GET").map((each) => [each.path as string, each]),
);

/** The operation that reads the one thing whose id stands first in the path; undefined where there is no id. */
export const readOf = ({ path }: Operation): Operation | undefined =>
  READS.get(/^\/[^/]+\/:[a-z_]+/.exec(path)?.[0] ?? "");
