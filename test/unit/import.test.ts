import { expect, test } from "vitest";
import { type Remark, readExportFile } from "#server/import/export-file.ts";
import { readClause, typesFilter } from "#server/import/filter-clauses.ts";
import { goDurationMs, rateOver } from "#server/import/limits.ts";
import { SYSTEMS, type System } from "#server/import/recognise.ts";
import type { Json } from "#server/json/value.ts";
import { connection, declared, endpoint, hookdeckEnd, hookdeckSource, read } from "#test/support/import-exports.ts";

const told = (problems: readonly { line: number | null; path: string; message: string }[]) =>
  problems.map(({ line, path, message }) => `${line} ${path}: ${message}`);

test.each<[string, unknown, string]>([
  ["text that is no JSON", '{"models": [1,}', "1 : This is no JSON: a value should stand at column 15."],
  ["a text that ends early", '{"models": [', "1 : This is no JSON: it ends before it is whole at column 13."],
  ["an empty file", "", "1 : This is no JSON: it ends before it is whole at column 1."],
  [
    "a name that stands twice",
    '{"models": [\n{"id": "src_1",\n"id": "src_2"}]}',
    "3 models[0].id: This name stands twice in its object: remove one of the two.",
  ],
  [
    "__proto__",
    '{"models": [{"id": "src_1", "name": "a", "__proto__": {"x": 1}}]}',
    "1 models[0].__proto__: Leave out the key __proto__: it cannot be stored.",
  ],
  [
    "a wrong kind of value",
    { models: [hookdeckSource({ name: 7 })] },
    "5 models[0].name: Here stands a number: give a text, as the API answers.",
  ],
  [
    "a list in place of an object",
    { models: [hookdeckSource({ config: { auth_type: ["HMAC"] } })] },
    "8 models[0].config.auth_type: Here stands a list: give a text, as the API answers.",
  ],
  [
    "something unknown",
    { models: [{ id: "evt_1" }] },
    "3 models[0]: This is no source, destination, connection or transformation: give answers of these lists.",
  ],
  [
    "a number alone",
    "7",
    "1 : This is no source, destination, connection or transformation: give answers of these lists.",
  ],
  ["nothing to import", { models: [] }, "null : There is nothing in these files that can be imported."],
  [
    "an older version of the API",
    { models: [hookdeckSource({ verification: { type: "hmac" } })] },
    "8 models[0].verification: This is of an older version of the API: export by https://api.hookdeck.com/2025-07-01.",
  ],
])("%s is refused with its line and field", (_what, value, sentence) => {
  expect(told(read("hookdeck", value).problems)).toContain(sentence);
});

test("a file too deep, too long or with too many values is refused before it is read", () => {
  const refusal = (text: string) => {
    const problems: Remark[] = [];
    expect(readExportFile("file.json", text, problems, { chars: 200, values: 20, depth: 8 })).toBe(null);
    return problems[0]?.message;
  };
  expect(refusal(`${"[".repeat(10)}${"]".repeat(10)}`)).toContain("nests deeper than 8");
  expect(refusal(`["${"x".repeat(200)}"]`)).toBe("The file has 204 characters: part it, at most 200 are read.");
  expect(refusal(`[${"1,".repeat(30)}1]`)).toContain("more than 20 values");
  expect(told(read("hookdeck", "[".repeat(100_000)).problems)[0]).toContain("it ends before it is whole");
  const url = `https://a.example/${"x".repeat(4_000)}`;
  const wide = { data: Array.from({ length: 130 }, (_, index) => endpoint({ id: `ep_${index}`, url })) };
  expect(told(read("svix", wide).problems)).toEqual([expect.stringContaining("import in parts")]);
});

const SAMPLES: Record<System, unknown> = {
  hookdeck: { models: [connection({ full_name: "in -> out" })] },
  svix: { data: [endpoint()], iterator: null, done: true },
  convoy: {
    data: { content: [{ uid: "1", name: "e", url: "https://a.example", advanced_signatures: true, project_id: "p" }] },
  },
  outpost: [{ id: "des_1", type: "webhook", topics: ["*"], config: { url: "https://a.example" }, credentials: {} }],
  fasthook: { data: [{ ...hookdeckEnd({ auth_type: "FASTHOOK_SIGNATURE", auth: {} }) }] },
};
test.each(SYSTEMS.flatMap((asked) => SYSTEMS.map((given) => [asked, given] as const)))(
  "asked for %s, a file of %s is taken for what it is",
  (asked, given) => {
    const { problems } = read(asked, SAMPLES[given]);
    if (asked === given) expect(problems).toEqual([]);
    else
      expect(problems[0]?.message).toMatch(
        new RegExp(`^This looks like an export of .*: use switchyard import ${given}\\.$`),
      );
  },
);

test("secrets stand in no text, and what the file does not show comes from the environment or is told", () => {
  const shown = read("hookdeck", { models: [connection()] });
  expect(shown.flow.secrets).toEqual({ HOOKDECK_OUT_SECRET: "secret-token" });
  expect(shown.flow.text + JSON.stringify(shown.notes)).not.toContain("secret-token");
  for (const token of [null, "****", "tok_…f3a9", "[REDACTED]"]) {
    const value = { models: [connection({ destination: hookdeckEnd({ auth: { token } }) })] };
    const masked = read("hookdeck", value);
    expect(masked.notes).toMatchObject([
      { kind: "secret", message: expect.stringContaining("set HOOKDECK_OUT_SECRET") },
    ]);
    expect(declared(masked, "name")).toContainEqual({ name: "out", url: "https://a.example", disabled: true });
    expect(read("hookdeck", value, { HOOKDECK_OUT_SECRET: "given" })).toMatchObject({
      notes: [],
      flow: { secrets: { HOOKDECK_OUT_SECRET: "given" } },
    });
  }
});

test("a source whose proof cannot be carried over comes disabled, never open", () => {
  for (const config of [
    { auth_type: "HMAC", auth: { algorithm: "md5", header_key: "x", webhook_secret_key: "k" } },
    { auth_type: "HMAC", auth: { header_key: "x" } },
    { auth_type: "NEW_SCHEME", auth: { key: "k" } },
    { auth: { webhook_secret_key: "k" } },
  ])
    expect(declared(read("hookdeck", { models: [hookdeckSource({ config })] }), "name")).toEqual([
      { name: "in", disabled: true },
    ]);
});

test("a part of another kind is refused, so that no proof and no filter is overlooked", () => {
  const kinds = (system: System, value: unknown) => read(system, value).problems.map(({ path }) => path);
  expect(kinds("hookdeck", { models: [hookdeckSource({ config: "none" })] })).toEqual(["models[0].config"]);
  const source = { uid: "1", name: "in", type: "http", verifier: ["hmac"] };
  expect(kinds("convoy", { sources: [source] })).toEqual(["sources[0].verifier"]);
  const end = { id: "des_1", type: "webhook", topics: ["*"], config: { url: "https://a.example" }, filter: "data" };
  expect(kinds("outpost", [end])).toEqual(["[0].filter"]);
  const untyped = read("convoy", { sources: [{ ...source, verifier: { hmac: { secret: "s" } } }] });
  expect(declared(untyped, "name")).toEqual([{ name: "in", disabled: true }]);
});

test("a filter that is lost disables its connection, and rules of the wrong order do", () => {
  const rules = (...list: object[]) => read("hookdeck", { models: [connection({ rules: list })] });
  const filter = { type: "filter", body: { a: { $near: 1 } } };
  expect(declared(rules(filter), "ref")).toEqual([{ ref: "out", connection: { name: "c", disabled: true } }]);
  const two = rules(
    { type: "filter", body: { a: 1 } },
    { type: "filter", body: { b: 12345678901234567890n.toString() }, path: "/x" },
  );
  expect(declared(two, "ref")[0].filter).toEqual({
    body: { $and: [{ a: 1 }, { b: "12345678901234567890" }] },
    path: "/x",
  });
  expect(declared(rules({ type: "transform", transformation_id: "trs_none" }), "ref")[0].connection.disabled).toBe(
    true,
  );
});

test("numbers of a filter keep their digits", () => {
  const text = JSON.stringify({ models: [connection({ rules: [{ type: "filter", body: { id: 1 } }] })] });
  expect(read("hookdeck", text.replace('"id":1}', '"id":9007199254740993}')).flow.text).toContain(
    '{"id":9007199254740993}',
  );
});

test("several of one name are told apart, the same way each time", () => {
  const models = ["1", "2"].map((id) =>
    connection({ id: `web_${id}`, source: hookdeckSource({ id: `src_${id}`, name: "Prod (EU)" }), name: "main" }),
  );
  const [first, again] = [read("hookdeck", { models }), read("hookdeck", { models })];
  expect(first.flow.text).toBe(again.flow.text);
  expect(declared(first, "name").map(({ name }) => name)).toEqual(["out", "Prod-EU-src_1", "Prod-EU-src_2"]);
  expect(declared(first, "ref").map((each) => each.connection.name)).toEqual([
    "Prod-EU-src_1-main",
    "Prod-EU-src_2-main",
  ]);
});

test("a setting that nobody knows is told of, with its place", () => {
  const { notes } = read("hookdeck", { models: [connection({ destination: hookdeckEnd({ mirror: { url: "x" } }) })] });
  expect(told(notes)).toEqual([
    "22 models[0].destination.config.mirror: There is no such setting of a destination here: it is left out.",
  ]);
});

test("so is one of an authentication that is carried over", () => {
  const destination = hookdeckEnd({ auth: { token: "secret-token", audience: "x" } });
  const source = { uid: "1", name: "in", type: "http" };
  const hmac = { header: "x-s", hash: "SHA256", secret: "s", encoding: "hex", tolerance: 30 };
  expect(read("hookdeck", { models: [connection({ destination })] }).notes.map(({ path }) => path)).toEqual([
    "models[0].destination.config.auth.audience",
  ]);
  expect(
    read("convoy", { sources: [{ ...source, verifier: { type: "hmac", hmac } }] }).notes.map(({ path }) => path),
  ).toEqual(["sources[0].verifier.hmac.tolerance"]);
});

test("events of one customer go to no endpoint of another", () => {
  const end = (uid: string, owner_id: string) => ({
    uid,
    name: uid,
    url: "https://a.example",
    owner_id,
    secrets: [{ value: "s" }],
  });
  const subscription = (uid: string) => ({ uid: `s-${uid}`, name: `s-${uid}`, endpoint_id: uid, filter_config: {} });
  const convoy = { endpoints: [end("a", "acme"), end("b", "")], subscriptions: [subscription("a"), subscription("b")] };
  const names = (system: System, value: unknown) =>
    declared(read(system, value), "name")
      .filter(({ type }) => type === "PUBLISH")
      .map(({ name }) => name);
  expect(names("convoy", convoy)).toEqual(["acme", "b"]);
  expect(names("svix", { data: [endpoint()] })).toEqual(["file"]);
});

test("a page that is not the last says so", () => {
  const pages = [
    { data: [endpoint()], done: false },
    { data: [endpoint()], pagination: { next: "x" } },
  ];
  for (const page of pages)
    expect(read("svix", page).notes.map(({ message }) => message)).toContain(
      "This is one page of several: add the files of the others.",
    );
});

test.each<[Json, Json]>([
  [{ a: { $in: "x" } }, { a: { $contains: "x" } }],
  [{ a: { $nin: "x" } }, { a: { $not: { $contains: "x" } } }],
  [{ a: { $in: ["x"] } }, { a: { $in: ["x"] } }],
  [{ $or: [{ "a.b": 1 }, { "a.b.$exists": true }] }, { $or: [{ a: { b: 1 } }, { a: { b: { $exist: true } } }] }],
  [
    { "a.b": 1, "a.c": 2, "list.$.id": 3 },
    { a: { b: 1, c: 2 }, list: { id: 3 } },
  ],
  [
    { a: 1, "a.b": 2 },
    { a: 1, $and: [{ a: { b: 2 } }] },
  ],
])("the clause %j is %j here", (clause, expected) => {
  expect(readClause(clause, { isDotted: true })).toEqual({ clause: expected, unknown: [] });
});

test("types of events become a filter, whatever their number", () => {
  expect([typesFilter([]), typesFilter(["a", "*"]), typesFilter(["a"])]).toEqual([null, null, { eventType: "a" }]);
  const many = Array.from({ length: 101 }, (_, index) => `t${index}`);
  expect(typesFilter(many)).toEqual({ event: { type: { $in: many } } });
});

test("lengths of time and rates are read as Go and these systems write them", () => {
  expect(["1m0s", "1h30m", "1.5s", "250ms", "5", "-1s"].map(goDurationMs)).toEqual([
    60_000,
    5_400_000,
    1_500,
    250,
    null,
    null,
  ]);
  expect([rateOver(10, 1), rateOver(300, 60), rateOver(100, 30), rateOver(10, 86_400), rateOver(0, 1)]).toEqual([
    { rate: "10/second", isExact: true },
    { rate: "300/minute", isExact: true },
    { rate: "200/minute", isExact: false },
    { rate: "1/hour", isExact: false },
    null,
  ]);
});
