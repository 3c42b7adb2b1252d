// The REST API of a gateway over a database of its own, with keys for two teams.
import { apiKeyRow, newApiKey } from "#server/auth/api-key.ts";
import type { ApiKeyScope } from "#server/contracts/api-key.ts";
import { makePool } from "#server/database/db.ts";
import { newId } from "#server/ids.ts";
import { makeLog } from "#server/process/log.ts";
import { createDatabase } from "./database.ts";
import { requireDocumented } from "./documented-answers.ts";
import { startGateway } from "./gateway.ts";

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

export type TestApi = Awaited<ReturnType<typeof createApi>>;

/** @param egressAllow as EGRESS_ALLOW has it */
export async function createApi({ egressAllow = "" } = {}) {
  const stack = new AsyncDisposableStack();
  const database = stack.use(await createDatabase());
  const pool = makePool(database.url, "test", 2);
  stack.defer(() => pool.end());
  let aheadMs = 0;
  const logged: string[] = [];
  const gateway = stack.use(
    await startGateway({
      databaseUrl: database.url,
      egressAllow,
      log: makeLog("test", "info", { write: (text: string) => logged.push(text) }),
      now: () => new Date(Date.now() + aheadMs),
    }),
  );
  const { app, url: origin } = gateway;
  const { db } = app;

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
    requireDocumented(method, path, res.status);
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
      aheadMs += ms;
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
