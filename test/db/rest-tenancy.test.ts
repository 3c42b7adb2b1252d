// Over the whole route table: another team's ids are 404 and cost what ids cost that never were, a reader cannot write, a stranger sees
// nothing, and no answer holds a secret that was given.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appRouter } from "#server/api/app-router.ts";
import { type Operation, pathParameters } from "#server/api/operation.ts";
import { ALL_OPERATIONS } from "#server/api/operations/table.ts";
import { createContext } from "#server/api/trpc.ts";
import { newId } from "#server/ids.ts";
import { createApi, type TestApi } from "#test/support/api.ts";
import { type NotedStatements, noteStatements } from "#test/support/noted-statements.ts";
import { PERSONAL_OPERATIONS } from "#test/support/personal-operations.ts";
import { bodyFor, CANARIES, KINDS_OF_FIELDS, plantTeam, url } from "#test/support/planted-team.ts";
import { requiredQuery } from "#test/support/required-query.ts";

let api: TestApi;
let readKey: string;
let otherKey: string;
/** One id of each kind, all of the team that owns them. */
let ids: Record<string, string>;
/** The same of further teams, for tries after the first. */
const spares: Record<string, string>[] = [];
let noted: NotedStatements;

beforeAll(async () => {
  api = await createApi();
  readKey = await api.makeKey([api.teamId], "read");
  otherKey = await api.makeKey([await api.makeTeam("theirs")]);
  ids = await plantTeam(api);
  noted = noteStatements();
});
afterAll(async () => {
  noted?.[Symbol.dispose]();
  await api?.[Symbol.asyncDispose]();
});

/** The ids of somebody else for a try: no other try of its test has asked for them. */
async function idsForTry(tried: number): Promise<Record<string, string>> {
  if (tried === 0) return ids;
  while (spares.length < tried) {
    const teamId = await api.makeTeam("spare");
    const key = await api.makeKey([teamId]);
    const get: TestApi["get"] = (path) => api.get(path, { key });
    const post: TestApi["post"] = (path, body) => api.post(path, body, { key });
    spares.push(await plantTeam({ db: api.db, teamId, get, post }));
  }
  return spares[tried - 1] ?? ids;
}

/** An id of the same kind that never was, another one each time. */
const unknownLike = (id: string) => newId("event").replace(/^[a-z]+/, id.split("_")[0] ?? "");

const kindOf = (operation: Operation) => operation.path.split("/")[1] ?? "";
const title = (operation: Operation) => `${operation.method} ${operation.path}`;

const bodyOf = (operation: Operation) => bodyFor(operation, ids);
const idOf = (operation: Operation, of = ids) => of[kindOf(operation)] ?? "missing";

/** The path with this team's own id in it. */
const pathOf = (operation: Operation, of = ids) =>
  `/v1${operation.path.replace(/:[a-z_]+/, () => idOf(operation, of))}${requiredQuery(operation.path)}`;

type Callers = Record<string, Record<string, (input: unknown) => Promise<unknown>>>;

const OF_KEYS = ALL_OPERATIONS.filter((operation) => !PERSONAL_OPERATIONS.includes(operation));

const withId = OF_KEYS.filter((operation) => pathParameters(operation.path).length > 0);
const mutating = ALL_OPERATIONS.filter(({ effect, can }) => effect === "write" && can !== "data.read");

/** The kind of resource that a field names; `id` alone names the operation's own. */
const KINDS: Record<string, string> = {
  ...KINDS_OF_FIELDS,
  subject_id: "sources",
  resource_id: "sources",
  actor_id: "members",
};
/** Their `id` is no id of ours: that of anything that was changed, and a publisher's own. */
const IDS_OF_OTHERS = ["audit", "publish"];
const NAMED = OF_KEYS.filter(({ path }) => pathParameters(path).length === 0).flatMap((operation) =>
  Object.keys(operation.input.shape)
    .filter(
      (field) =>
        (field === "id" && !IDS_OF_OTHERS.includes(kindOf(operation))) ||
        (Object.hasOwn(KINDS, field) && !isInline(operation, field)),
    )
    .map((field) => [field, title(operation), operation] as const),
);

/** An end that is made on the way. */
function isInline({ path }: Operation, field: string): boolean {
  return path === "/connections" && field === "source";
}

/** Its caller's own team is known already. */
const ASKS_NOTHING = "PATCH /teams/:id";

/** What two answers to the same call differ in. */
const UNSTEADY = /\d{4}-\d\d-\d\dT[\d:.]+Z|_[0-9A-Z]{26}|"duration_ms":[\d.]+/g;

function callWith(operation: Operation, field: string, id: string, key: string) {
  const value = field.endsWith("_ids") ? [id] : id;
  if (operation.method !== "GET") {
    const body = { ...(bodyOf(operation) as object), [field]: value };
    return api.call(operation.method, pathOf(operation), body, { key });
  }
  const more = operation.path.startsWith("/metrics/") && !/queue|backlog/.test(operation.path) ? "&granularity=1h" : "";
  return api.get(`${pathOf(operation)}?${field}=${id}${more}`, { key });
}

describe("another team", () => {
  test.each(withId.map((operation) => [title(operation), operation] as const))(
    "%s is 404 for it, in the words and for the work of an id that never was",
    async (_title, operation) => {
      expect(pathOf(operation)).not.toContain("missing");
      const [foreign, unknown] = await noted.ofBoth(
        (of: string) => api.call(operation.method, of, bodyOf(operation), { key: otherKey }),
        async (tried) => {
          const path = pathOf(operation, await idsForTry(tried));
          return [path, path.replace(/[a-z]+_[0-9A-Z]{26}/, unknownLike)];
        },
      );
      const { status, body, text } = foreign.answer;
      expect([status, body.error.code], text).toEqual([404, "NOT_FOUND"]);
      const wordsOf = ({ answer }: typeof foreign) => answer.body.error.message.replace(/_[0-9A-Z]{26}/, "");
      expect(wordsOf(unknown)).toBe(wordsOf(foreign));
      expect(foreign.statements).toEqual(unknown.statements);
      expect(unknown.statements.length > 0).toBe(title(operation) !== ASKS_NOTHING);
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
      const caller = appRouter.createCaller(createContext(api.app, headers, "192.0.2.1")) as unknown as Callers;
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
        // Versions have numbers, which each team counts for itself.
        const told = Object.values(ids).filter((id) => id !== ids.versions && answer.text.includes(id));
        expect(told).toEqual([]);
      }
    }
    const metrics = await api.get(`/v1/metrics/events?source_id=${ids.sources}&granularity=1h`, { key: otherKey });
    expect(metrics.status).toBe(200);
  });

  describe("a field of its call that names one of our resources says as much as an id that never was:", () => {
    test.each(NAMED)("%s of %s", async (field, _title, operation) => {
      const [ours, unknown] = await noted.ofBoth(
        async (id: string) => {
          const answer = await callWith(operation, field, id, otherKey);
          return [answer.status, answer.text.replaceAll(id, "the id").replaceAll(UNSTEADY, "")];
        },
        async (tried) => {
          const ourId = (await idsForTry(tried))[KINDS[field] ?? kindOf(operation)] ?? "";
          expect(ourId).toMatch(/^[a-z]{3}_/);
          return [ourId, unknownLike(ourId)];
        },
      );
      expect(ours).toEqual(unknown);
    });

    test("of which most mean something to ourselves", async () => {
      let telling = 0;
      for (const [field, , operation] of NAMED.filter(([, , { effect }]) => effect === "read")) {
        const ourId = ids[KINDS[field] ?? kindOf(operation)] ?? "";
        if ((await callWith(operation, field, ourId, api.key)).text.includes(ourId)) telling++;
      }
      expect(telling).toBeGreaterThan(15);
    });
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
    // The sweep has disabled the destination by then, so a replay would have nothing to send; and each call makes another
    // version the newest, so a restore would be one of an older plan. Nobody answers a challenge here.
    const writes = [
      "/versions/:number/restore",
      "/rotate-secret",
      "/retry",
      "/cancel",
      "/replay",
      "/resend",
      "/erase",
      "/verify",
    ].some((end) => operation.path.endsWith(end));
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
