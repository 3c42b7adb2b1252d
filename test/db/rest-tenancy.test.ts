// Over the whole route table: another team's ids are 404, a reader cannot write, a stranger sees nothing, and no answer
// holds a secret that was given.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appRouter } from "#server/api/app-router.ts";
import { type Operation, pathParameters } from "#server/api/operation.ts";
import { ALL_OPERATIONS } from "#server/api/operations/table.ts";
import { createContext } from "#server/api/trpc.ts";
import { derivedId, newId } from "#server/ids.ts";
import { createApi, type TestApi } from "#test/support/api.ts";
import { plantedIssue, rejectingSource } from "#test/support/planted-issue.ts";

const CANARIES = {
  stripe: "whsec_canary_Stripe_secret_7Q",
  basic: "canary-basic-password-8W",
  previous: "canary-previous-password-9E",
  bearer: "canary-bearer-token-value-1R",
  short: "canaryPwd",
};
const url = "https://receiver.example.com/hooks";

let api: TestApi;
let readKey: string;
let otherKey: string;
/** One id of each kind, all of the team that owns them. */
let ids: Record<string, string>;

beforeAll(async () => {
  api = await createApi();
  readKey = await api.makeKey([api.teamId], "read");
  otherKey = await api.makeKey([await api.makeTeam("theirs")]);
  ids = await plant();
});
afterAll(() => api[Symbol.asyncDispose]());

async function plant(): Promise<Record<string, string>> {
  const source = await api.post("/v1/sources", {
    name: "s",
    type: "STRIPE",
    config: { auth: { secret: CANARIES.stripe } },
  });
  const basic = { username: "u", password: CANARIES.basic, previous_password: CANARIES.previous };
  await api.post("/v1/sources", { name: "s2", config: { auth_type: "BASIC_AUTH", auth: basic } });
  const bearer = { url, auth_type: "BEARER_TOKEN", auth: { token: CANARIES.bearer } };
  const destination = await api.post("/v1/destinations", { name: "d", config: bearer });
  const short = { url, auth_type: "BASIC_AUTH", auth: { username: "u", password: CANARIES.short } };
  await api.post("/v1/destinations", { name: "d2", config: short });
  const transformation = await api.post("/v1/transformations", { name: "t", code: "return request;" });
  const rules = [{ type: "transform", transformation_id: transformation.body.id }];
  const ends = { source_id: source.body.id, destination_id: destination.body.id };
  const connection = await api.post("/v1/connections", { name: "c", ...ends, rules });
  const apiKey = await api.post("/v1/api-keys", { name: "k" });
  const view = await api.post("/v1/views", { list: "events", name: "v", filters: { status: "FAILED" } });
  const invitation = await api.post("/v1/invitations", { email: "invited@example.com", role: "viewer" });
  const stored = await plantTraffic({ ...ends, connection_id: connection.body.id });
  return {
    teams: api.teamId,
    sources: source.body.id,
    destinations: destination.body.id,
    connections: connection.body.id,
    transformations: transformation.body.id,
    "api-keys": apiKey.body.id,
    views: view.body.id,
    members: await plantMember(),
    invitations: invitation.body.id,
    ...stored,
  };
}

async function plantMember(): Promise<string> {
  const member = { create: { team_id: api.teamId, role: "viewer" } };
  const data = { id: newId("user"), email: "member@example.com", name: "member", members: member };
  return (await api.db.user.create({ data, select: { id: true } })).id;
}

async function plantTraffic(branch: { source_id: string; destination_id: string; connection_id: string }) {
  const requestId = newId("request");
  const eventId = derivedId("event", requestId, branch.connection_id);
  const attemptId = newId("attempt");
  const base = { team_id: api.teamId, created_at: new Date() };
  await api.db.request.create({
    data: {
      ...base,
      id: requestId,
      source_id: branch.source_id,
      status: "accepted",
      verified: true,
      method: "POST",
      path: "/",
      query: "",
      headers: [["Content-Type", "text/html"]],
      body: Buffer.from("<script>alert(1)</script>"),
      content_type: "text/html",
      body_bytes: 25,
      remote_ip: "127.0.0.1",
    },
  });
  const bulkId = newId("bulk_operation");
  const at = { created_at: base.created_at, next_page_at: base.created_at };
  const asked = { kind: "events_retry", state: "RUNNING", actor_kind: "system", actor_id: "test" };
  const filter = { from: base.created_at.toISOString(), to: base.created_at.toISOString() };
  await api.db.bulkOperation.create({ data: { team_id: api.teamId, id: bulkId, filter, ...asked, ...at } });
  const event = { request_id: requestId, status: "DELIVERED", trigger: "INITIAL", why: [], attempts: 1 };
  await api.db.event.create({ data: { ...base, ...branch, ...event, id: eventId } });
  const attempt = {
    event_id: eventId,
    number: 1,
    trigger: "INITIAL",
    requested_url: url,
    http_method: "POST",
    request_headers: [],
    latency_ms: 1,
  };
  await api.db.attempt.create({ data: { ...base, ...branch, ...attempt, id: attemptId } });
  const issue = await api.db.issue.create({
    data: plantedIssue(api.teamId, base.created_at, rejectingSource(branch.source_id)),
  });
  return { issues: issue.id, requests: requestId, events: eventId, attempts: attemptId, bulk: bulkId };
}

const kindOf = (operation: Operation) => operation.path.split("/")[1] ?? "";
const title = (operation: Operation) => `${operation.method} ${operation.path}`;

const idOf = (operation: Operation) => ids[kindOf(operation)] ?? "missing";

/** The path with this team's own id in it. */
const pathOf = (operation: Operation) => `/v1${operation.path.replace(/:[a-z_]+/, () => idOf(operation))}`;

/** A body that the contract accepts wherever one is needed. */
function bodyOf(operation: Operation): unknown {
  if (operation.method === "GET" || operation.method === "DELETE") return undefined;
  const bodies: Record<string, unknown> = {
    "/sources": { name: "new" },
    "/destinations": { name: "new", config: { url } },
    "/connections": { name: "new", source: { name: "new-s" }, destination: { name: "new-d", config: { url } } },
    "/connections/dry-run": { source_id: ids.sources, rules: [] },
    "/transformations": { name: "new", code: "return request;" },
    "/transformations/run": { code: "return request;" },
    "/transformations/:id/restore": { version: 1 },
    "/transformations/:id/duplicate": { name: "copy" },
    "/destinations/:id/duplicate": { name: "copy" },
    "/destinations/:id/breaker": { mode: "auto" },
    "/sources/:id/duplicate": { name: "copy" },
    "/api-keys": { name: "new" },
    "/views": { list: "events", name: "new", filters: {} },
    "/retention": { days: 7 },
    "/issues/:id/snooze": { for_ms: 60_000 },
    "/destinations/:id/check-signature": { signature: "v1,x", body: "" },
    "/members/:id": { role: "member" },
    "/invitations": { email: "new@example.com", role: "viewer" },
    ...Object.fromEntries(
      ["/events/replay", "/bulk/events/retry", "/bulk/events/cancel", "/bulk/requests/retry"].flatMap((path) => {
        const what = { from: "now-1h", ...(path === "/events/replay" && { source: ids.sources }) };
        return [
          [path, what],
          [`${path}/plan`, what],
        ];
      }),
    ),
  };
  return bodies[operation.path] ?? {};
}

type Callers = Record<string, Record<string, (input: unknown) => Promise<unknown>>>;

/** What only a person does, who has no key: test/db/members.test.ts. */
const isPersonal = ({ can }: Operation) => can === "account.manage" || can === "team.own";
const OF_KEYS = ALL_OPERATIONS.filter((operation) => !isPersonal(operation));

const withId = OF_KEYS.filter((operation) => pathParameters(operation.path).length > 0);
const mutating = ALL_OPERATIONS.filter(({ effect }) => effect === "write");

describe("another team", () => {
  test.each(withId.map((operation) => [title(operation), operation] as const))(
    "%s is 404 for it",
    async (_title, operation) => {
      const path = pathOf(operation);
      expect(path).not.toContain("missing");
      const foreign = await api.call(operation.method, path, bodyOf(operation), { key: otherKey });
      expect([foreign.status, foreign.body.error.code], foreign.text).toEqual([404, "NOT_FOUND"]);
      // The words are those for an id that never was.
      const unknown = await api.call(
        operation.method,
        path.replace(/_[0-9A-Z]{26}/, `_${"0".repeat(26)}`),
        bodyOf(operation),
        { key: otherKey },
      );
      expect(unknown.body.error.message.replace(/_0{26}/, "")).toBe(
        foreign.body.error.message.replace(/_[0-9A-Z]{26}/, ""),
      );
    },
  );

  test.each(
    withId.filter(({ method }) => !["GET", "DELETE"].includes(method)).map((each) => [title(each), each] as const),
  )("%s is 404 for it with a wrong body too", async (_title, operation) => {
    const wrong = { no_such_field: 1 };
    const foreign = await api.call(operation.method, pathOf(operation), wrong, { key: otherKey });
    expect([foreign.status, foreign.body.error.code], foreign.text).toEqual([404, "NOT_FOUND"]);
  });

  test.each(withId.filter(({ kind }) => kind === "json").map((operation) => [operation.name, operation] as const))(
    "the procedure %s is 404 for it",
    async (name, operation) => {
      const headers = new Headers({ authorization: `Bearer ${otherKey}` });
      const [resource = "", key = ""] = name.split(".");
      const caller = appRouter.createCaller(createContext(api.app, headers)) as unknown as Callers;
      const named = Object.fromEntries(pathParameters(operation.path).map((parameter) => [parameter, idOf(operation)]));
      const body = bodyOf(operation) as object | undefined;
      await expect(caller[resource]?.[key]?.({ ...body, ...named })).rejects.toMatchObject({ code: "NOT_FOUND" });
    },
  );

  test("no list or filter shows it anything", async () => {
    const filters = ["", `?id=${Object.values(ids).join(",")}`];
    const lists = OF_KEYS.filter((operation) => operation.method === "GET" && operation.path.split("/").length === 2);
    expect(lists.length).toBeGreaterThan(8);
    for (const operation of lists) {
      for (const filter of "id" in operation.input.shape ? filters : [""]) {
        const answer = await api.get(`/v1${operation.path}${filter}`, { key: otherKey });
        expect(answer.status).toBe(200);
        for (const id of Object.values(ids)) expect(answer.text).not.toContain(id);
      }
    }
    const metrics = await api.get(`/v1/metrics/events?source_id=${ids.sources}&granularity=1h`, { key: otherKey });
    expect(metrics.status).toBe(200);
  });

  test("its own resources cannot refer to ours", async () => {
    const both = { source_id: ids.sources, destination_id: ids.destinations };
    const refused = await api.post("/v1/connections", { name: "steal", ...both }, { key: otherKey });
    expect([refused.status, refused.body.error.issues[0].path]).toEqual([422, "source_id"]);
    const own = await api.post(
      "/v1/connections",
      { name: "own", source: { name: "s" }, destination: { name: "d", config: { url } } },
      { key: otherKey },
    );
    const rules = [{ type: "transform", transformation_id: ids.transformations }];
    const patched = await api.patch(`/v1/connections/${own.body.id}`, { rules }, { key: otherKey });
    expect([patched.status, patched.body.error.issues[0].path]).toEqual([422, "rules[0].transformation_id"]);
    const run = await api.put(
      "/v1/transformations/run",
      { code: "return request;", request_id: ids.requests },
      { key: otherKey },
    );
    expect(run.status).toBe(422);
  });
});

test.each(mutating.map((operation) => [title(operation), operation] as const))(
  "%s is 403 for a reader",
  async (_title, operation) => {
    const answer = await api.call(operation.method, pathOf(operation), bodyOf(operation), { key: readKey });
    expect([answer.status, answer.body.error.code], answer.text).toEqual([403, "FORBIDDEN"]);
  },
);

test.each(ALL_OPERATIONS.map((operation) => [title(operation), operation] as const))(
  "%s is 401 for a stranger",
  async (_title, operation) => {
    const answer = await api.call(operation.method, pathOf(operation), bodyOf(operation), { key: null });
    expect(answer.status).toBe(401);
  },
);

test("no answer, log or stored row shows a secret that was given", async () => {
  const answers: string[] = [];
  for (const operation of OF_KEYS) {
    // The sweep has disabled the destination by then, so a replay would have nothing to send.
    const writes = ["/rotate-secret", "/retry", "/cancel", "/replay"].some((end) => operation.path.endsWith(end));
    if (operation.method === "DELETE" || writes) continue;
    const answer = await api.call(operation.method, pathOf(operation), bodyOf(operation));
    expect(answer.status, `${title(operation)} ${answer.text}`).toBeLessThan(300);
    answers.push(answer.text);
  }
  const bad = await api.patch(`/v1/sources/${ids.sources}`, {
    config: { auth: { secret: CANARIES.stripe, nonsense: 1 } },
  });
  expect(bad.status).toBe(422);
  answers.push(bad.text, api.logged.join("\n"));
  for (const table of ["source", "destination", "audit_entry", "config_change", "api_key"]) {
    answers.push(JSON.stringify((await api.pool.query(`select * from ${table}`)).rows));
  }
  const everything = answers.join("\n");
  expect(everything).toContain("whsec_…t_7Q");
  for (const canary of Object.values(CANARIES)) expect(everything).not.toContain(canary);
});

test("raw bodies come as bytes that a browser neither shows nor guesses", async () => {
  for (const path of [`/v1/requests/${ids.requests}/raw_body`, `/v1/events/${ids.events}/raw_body`]) {
    const answer = await api.get(path);
    expect(answer.text).toBe("<script>alert(1)</script>");
    expect(answer.headers.get("content-type")).toBe("text/html");
    expect(answer.headers.get("content-disposition")).toBe("attachment");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("content-security-policy")).toBe("sandbox; default-src 'none'");
  }
});
