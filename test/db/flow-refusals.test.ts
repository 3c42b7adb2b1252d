// Files that are wrong: a sentence with its line and field, and nothing applied. What a call may do, and what it costs.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { countConfig, createApi, type TestApi } from "#test/support/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const file = (spec: string) =>
  `apiVersion: switchyard.dev/v1\nkind: DeliveryFlow\nmetadata: { name: f }\nspec:\n${spec}`;
const to = (fields: string) =>
  file(`  source: { name: s }\n  destinations:\n    - name: d\n${fields.replaceAll(/^/gm, "      ")}`);
const url = "url: https://receiver.example.com/in\n";

test.each([
  ["no YAML", "a: [", null, /./],
  ["another kind", "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {}", 1, /Use switchyard.dev\/v1/],
  ["no source name", file("  source: { type: STRIPE }"), 5, /This field is required/],
  ["an unknown field", to(`${url}colour: red`), 9, /There is no field colour here/],
  ["an unknown type", to("type: FTP"), 8, /Use one of HTTP, MOCK, S3, EMAIL/],
  ["a field of another type", to("type: MOCK\nurl: https://x.example.com"), 9, /There is no field url here/],
  ["a private address", to("url: http://10.0.0.1/x"), 8, /private|refused|blocked|not public/i],
  ["no address", to("timeout: 5s"), 7, /required|URL/i],
  [
    "a wrong duration",
    to(`${url}retry: { strategy: linear, interval: 60, count: 1 }`),
    9,
    /Give a duration with its unit/,
  ],
  ["too many retries", to(`${url}retry: { strategy: linear, interval: 1m, count: 90 }`), 9, /at most 50/],
  ["a truth of old", to(`${url}paused: yes`), 9, /Write true or false/],
  ["a filter that cannot be", to(`${url}filter: { body: { a: { $regex: "(" } } }`), 9, /./],
  [
    "two paths at once",
    to(`${url}deduplicate: { window: 1m, includeFields: [body.a], excludeFields: [body.b] }`),
    9,
    /not both/,
  ],
  [
    "a secret in the file",
    to(`${url}authType: BEARER_TOKEN\nauth: { token: abc }`),
    10,
    /A secret does not stand in the file/,
  ],
  ["a header in the file", to(`${url}headers: { x-key: abc }`), 9, /A secret does not stand in the file/],
  [
    "a secret that did not come",
    to(`${url}authType: BEARER_TOKEN\nauth: { token: { secretFrom: { env: TOKEN } } }`),
    10,
    /TOKEN did not come with the call/,
  ],
  [
    "nothing to keep",
    to(`${url}headers: { x-key: { secretFrom: { existing: true } } }`),
    9,
    /There is no value to keep/,
  ],
  ["a reference to nothing", file("  source: { ref: nowhere }"), 5, /There is no source called nowhere/],
  ["a transformation of nothing", to(`${url}transform: nowhere`), 9, /There is no transformation called nowhere/],
  ["its own dead letters", to(`${url}deadLetter: d`), 9, /cannot take its own dead letters/],
  [
    "a circle of dead letters",
    file("  destinations:\n    - { name: a, type: MOCK, deadLetter: b }\n    - { name: b, type: MOCK, deadLetter: a }"),
    6,
    /come back here by way of b/,
  ],
  [
    "one name twice",
    file("  destinations:\n    - { name: a, type: MOCK }\n    - { name: a, type: MOCK }"),
    7,
    /Two destinations of this file are called a/,
  ],
  [
    "settings beside a reference",
    file("  source: { name: s }\n  destinations:\n    - { ref: d, concurrency: 1 }"),
    7,
    /With ref a destination is only named/,
  ],
  [
    "a route from nowhere",
    file("  destinations:\n    - { name: a, type: MOCK, delay: 5s }"),
    6,
    /this document has no source/,
  ],
  ["an order without a key", to(`${url}ordering: by_key`), 7, /needs a key/],
])("%s is told at its line, and nothing is applied", async (_what, text, line, message) => {
  const before = await countConfig(api);
  const { status, body } = await api.post("/v1/flows/plan", { text });
  expect([status, body.fingerprint, body.changes]).toEqual([200, null, []]);
  expect(body.problems[0].message).toMatch(message);
  if (line !== null) expect(body.problems[0].line, JSON.stringify(body.problems)).toBe(line);
  const refused = await api.post("/v1/flows/apply", { text });
  expect([refused.status, refused.body.error.code]).toEqual([422, "UNPROCESSABLE"]);
  expect(refused.body.error.message).toContain(body.problems[0].message);
  expect(await countConfig(api)).toEqual(before);
});

test("code that does not parse, and a mail address of nobody, are told with their line when the file is applied", async () => {
  const before = await countConfig(api);
  const code = await api.post("/v1/flows/apply", {
    text: file("  transformations:\n    - name: t\n      code: return {\n"),
  });
  expect([code.status, code.body.error.message]).toEqual([
    422,
    expect.stringMatching(/Line 7, column 7: The code does not parse/),
  ]);
  const mail = await api.post("/v1/flows/apply", {
    text: file("  destinations:\n    - name: m\n      type: EMAIL\n      to: [nobody@example.com]\n"),
  });
  expect([mail.status, mail.body.error.message]).toEqual([
    422,
    expect.stringMatching(/Line 7, column 7: This installation sends no e-mail/),
  ]);
  expect(await countConfig(api)).toEqual(before);
});

test.each([
  ['source: { name: s0, description: "a\\0" }', /U\+0000/],
  ['source: { name: s0, description: "a\\ud800" }', /unpaired surrogate/],
  ['transformations: [{ name: t0, code: "return request; // \\0" }]', /U\+0000/],
])("what escapes of YAML bring and no database holds is a mistake at its line: %s", async (spec, message) => {
  const answer = await api.post("/v1/flows/apply", { text: file(`  ${spec}\n`) });
  expect([answer.status, answer.body.error.message]).toEqual([422, expect.stringMatching(/Line 5, column \d+: /)]);
  expect(answer.body.error.message).toMatch(message);
});

test("more than a gateway should hold at once is not read", async () => {
  const teamId = await api.makeTeam("much code");
  const key = await api.makeKey([teamId]);
  await api.db.$executeRaw`
    insert into transformation (id, team_id, name, code)
    select 'trs_' || lpad(n::text, 26, '0'), ${teamId}, 't' || n, repeat('x', 262144) from generate_series(1, 257) as n`;
  const { status, body } = await api.get("/v1/flows/export", { key });
  expect([status, body.error.message]).toEqual([
    422,
    expect.stringContaining("has 65 MiB of code, rules and settings"),
  ]);
  const other = await api.post("/v1/flows/plan", { text: file("  source: { name: s }\n") }, { key });
  expect([other.status, other.body.problems]).toEqual([200, []]);
});

test("what fails at the last resource leaves none of those before it", async () => {
  const before = await countConfig(api);
  const text = file(
    "  source: { name: s9 }\n  destinations:\n    - { name: d9, type: MOCK }\n    - { name: m9, type: EMAIL, to: [nobody@example.com] }\n",
  );
  expect((await api.post("/v1/flows/apply", { text })).status).toBe(422);
  expect(await countConfig(api)).toEqual(before);
});

describe("rights", () => {
  const text = file("  source: { name: rights }\n  destinations: [{ name: rights, type: MOCK }]\n");

  test("a key that only reads may plan, and apply nothing", async () => {
    const key = await api.makeKey([api.teamId], "read");
    expect((await api.post("/v1/flows/plan", { text }, { key })).body.changes.length).toBe(3);
    expect((await api.post("/v1/flows/apply", { text }, { key })).status).toBe(403);
  });

  test("each kind that changes needs its own, and pruning that of deleting", async () => {
    const made = await api.post("/v1/api-keys", { name: "narrow", scope: "write", capabilities: ["connection.write"] });
    const refused = await api.post("/v1/flows/apply", { text }, { key: made.body.key });
    expect([refused.status, refused.body.error.message]).toEqual([403, expect.stringContaining("source.write")]);
    expect((await api.post("/v1/flows/apply", { text })).status).toBe(200);
    const wide = ["connection.write", "source.write", "destination.write"];
    const some = await api.post("/v1/api-keys", { name: "wide", scope: "write", capabilities: wide });
    const less = { text: file("  source: { name: rights }\n"), prune: true };
    const kept = await api.post("/v1/flows/apply", less, { key: some.body.key });
    expect([kept.status, kept.body.error.message]).toEqual([403, expect.stringContaining("resources.delete")]);
    expect((await api.post("/v1/flows/apply", less)).body.changes.length).toBe(2);
  });
});

test("the value of a secret reaches its resource and no answer, row or entry beside it", async () => {
  const secrets = { TOKEN: "a-canary-of-the-test-1234" };
  const text = to(`${url}authType: BEARER_TOKEN\nauth: { token: { secretFrom: { env: TOKEN } } }`).replace(
    "name: d\n",
    "name: canary\n",
  );
  const answers = [
    await api.post("/v1/flows/plan", { text, secrets }),
    await api.post("/v1/flows/apply", { text, secrets }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  answers.push(await api.get("/v1/flows"), await api.get("/v1/flows/export"));
  for (const table of ["flow", "flow_resource", "audit_entry", "destination"])
    answers.push({
      ...answers[0],
      text: JSON.stringify((await api.pool.query(`select * from ${table}`)).rows),
    } as never);
  for (const { text: said } of answers) expect(said).not.toContain("a-canary-of");
  const again = await api.post("/v1/flows/plan", { text, secrets });
  expect(again.body.is_empty).toBe(true);
  const other = await api.post("/v1/flows/plan", { text, secrets: { TOKEN: "another-one-of-the-test-9876" } });
  expect(other.body.changes[0].fields).toMatchObject([{ path: "config.auth.token", before: "…1234", after: "…9876" }]);
});

test("whoever only reads is not told whether a value is the secret that is there", async () => {
  const spec = `${url}authType: BEARER_TOKEN\nauth: { token: { secretFrom: { env: TOKEN } } }\nheaders: { x-key: { secretFrom: { env: TOKEN } } }`;
  const text = to(spec).replace("name: d\n", "name: guessed\n");
  const secrets = { TOKEN: "the-right-one-of-the-test" };
  expect((await api.post("/v1/flows/apply", { text, secrets })).status).toBe(200);
  const key = await api.makeKey([api.teamId], "read");
  const told = async (value: string) => {
    const { body } = await api.post("/v1/flows/plan", { text, secrets: { TOKEN: value } }, { key });
    return body.changes.flatMap(({ fields }: { fields: { path: string }[] }) => fields.map(({ path }) => path));
  };
  expect(await told(secrets.TOKEN)).toEqual(await told("a-wrong-one-of-the-test"));
  expect(await told(secrets.TOKEN)).toEqual(["config.auth.token", "config.headers.x-key"]);
});

test("a team keeps no more flows than a list can hold", async () => {
  const key = await api.makeKey([await api.makeTeam("of many flows")]);
  const documents = (from: number) =>
    Array.from(
      { length: 200 },
      (_, n) => `apiVersion: switchyard.dev/v1\nkind: DeliveryFlow\nmetadata: { name: f${from + n} }\nspec: {}\n`,
    ).join("---\n");
  for (const from of [0, 200])
    expect((await api.post("/v1/flows/apply", { text: documents(from) }, { key })).status).toBe(200);
  const refused = await api.post("/v1/flows/apply", { text: documents(400) }, { key });
  expect([refused.status, refused.body.error.message]).toEqual([
    422,
    expect.stringContaining("the team has 600 flows"),
  ]);
  expect((await api.get("/v1/flows", { key })).body.data.length).toBe(400);
});
