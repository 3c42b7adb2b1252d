// The REST API on a loopback port over a database of its own, with keys for two teams.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { makeRest } from "#server/api/rest.ts";
import { apiKeyRow, newApiKey } from "#server/auth/api-key.ts";
import type { App } from "#server/auth/ctx.ts";
import { makeSearches } from "#server/auth/searches.ts";
import type { ApiKeyScope } from "#server/contracts/api-key.ts";
import { makeKeyring } from "#server/crypto/secrets.ts";
import { makePool } from "#server/database/db.ts";
import { makePrisma } from "#server/database/prisma.ts";
import { makeEgressPolicy } from "#server/egress/egress-policy.ts";
import { newId } from "#server/ids.ts";
import { makeLog } from "#server/process/log.ts";
import { ensurePartitions } from "#server/retention/partitions.ts";
import { makeSandbox } from "#server/sandbox/pool.ts";
import { makeTeamShares } from "#server/shares/team-shares.ts";
import { createDatabase } from "./database.ts";
import { NOWHERE } from "./egress-policy.ts";

export interface Answer {
  status: number;
  headers: Headers;
  /** The parsed JSON; what it holds is the test's to know. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the API answered
  body: any;
  text: string;
}
export interface Call {
  key?: string | null;
  team?: string;
  headers?: Record<string, string>;
  /** Sent as it stands, in place of JSON. */
  raw?: string;
}

/** The REST API of `app` on a loopback port; what it logs is added to `logged`. */
export async function serveRest(app: App, logged: string[]) {
  const rest = await makeRest(app, { log: makeLog("test", "info", { write: (text: string) => logged.push(text) }) });
  const server = createServer(rest.handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rest.close();
    },
  };
}

export type TestApi = Awaited<ReturnType<typeof createApi>>;

export async function createApi() {
  const stack = new AsyncDisposableStack();
  const database = stack.use(await createDatabase());
  const pool = makePool(database.url, "test", 2);
  stack.defer(() => pool.end());
  await ensurePartitions(pool, Date.now());
  const db = makePrisma(database.url);
  stack.defer(() => db.$disconnect());
  const sandbox = makeSandbox();
  stack.defer(() => sandbox.close());

  const searches = makeSearches(database.url);
  stack.defer(() => searches.close());

  let clockMs = 0;
  const logged: string[] = [];
  const app: App = {
    db,
    keyring: makeKeyring("a secret of at least thirty-two characters"),
    sandbox,
    shares: makeTeamShares(),
    searches,
    egressPolicy: makeEgressPolicy([], NOWHERE),
    publicGatewayUrl: "http://gateway.test",
    now: () => new Date(Date.now() + clockMs),
  };
  const { origin } = stack.use(await serveRest(app, logged));

  const makeTeam = async (name: string) => {
    const id = newId("team");
    await db.team.create({ data: { id, name } });
    return id;
  };
  const makeKey = async (teamIds: string[], scope: ApiKeyScope = "write", expiresAt: Date | null = null) => {
    const key = newApiKey();
    await db.apiKey.create({ data: apiKeyRow(new Date(), { key, name: "test", scope, teamIds, expiresAt }) });
    return key;
  };
  const teamId = await makeTeam("ours");
  const key = await makeKey([teamId]);

  async function call(method: string, path: string, body?: unknown, options: Call = {}): Promise<Answer> {
    const payload = options.raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const bearer = options.key === undefined ? key : options.key;
    const res = await fetch(`${origin}${path}`, {
      method,
      redirect: "manual",
      headers: {
        ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
        ...(options.team !== undefined && { "x-team-id": options.team }),
        ...(payload !== undefined && { "content-type": "application/json" }),
        ...options.headers,
      },
      ...(payload !== undefined && { body: payload }),
    });
    const text = await res.text();
    const isJson = res.headers.get("content-type")?.startsWith("application/json");
    return { status: res.status, headers: res.headers, body: isJson ? JSON.parse(text) : undefined, text };
  }

  return {
    app,
    db,
    pool,
    origin,
    databaseUrl: database.url,
    teamId,
    key,
    logged,
    makeTeam,
    makeKey,
    call,
    get: (path: string, options?: Call) => call("GET", path, undefined, options),
    post: (path: string, body?: unknown, options?: Call) => call("POST", path, body, options),
    put: (path: string, body?: unknown, options?: Call) => call("PUT", path, body, options),
    patch: (path: string, body?: unknown, options?: Call) => call("PATCH", path, body, options),
    delete: (path: string, options?: Call) => call("DELETE", path, undefined, options),
    /** Moves the API's clock forward, for what only time brings. */
    wait: (ms: number) => {
      clockMs += ms;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** The rows of every table that holds configuration: two equal answers mean that nothing was saved in between. */
export async function countConfig({ pool }: Pick<TestApi, "pool">): Promise<unknown> {
  const tables = [
    "source",
    "destination",
    "connection",
    "transformation",
    "transformation_version",
    "audit_entry",
    "api_key",
  ];
  const counts = tables.map((table) => `(select count(*) from ${table})::int as ${table}`);
  return (await pool.query(`select ${counts.join(", ")}`)).rows[0];
}
