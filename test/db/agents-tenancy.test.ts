// Every tool of agents, called by a key of another team with the ids of ours: it tells and changes nothing. A tool that is not
// called here fails the test.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TOOLS } from "#server/mcp/tools.ts";
import { countConfig, createApi, type TestApi } from "#test/support/api.ts";
import { KINDS_OF_FIELDS, plantTeam } from "#test/support/planted-team.ts";

let api: TestApi;
let otherKey: string;
let ids: Record<string, string>;
beforeAll(async () => {
  api = await createApi();
  otherKey = await api.makeKey([await api.makeTeam("theirs")]);
  ids = await plantTeam(api);
});
afterAll(() => api[Symbol.asyncDispose]());

const PROTOCOL = { accept: "application/json, text/event-stream", "content-type": "application/json" };
async function ask(name: string, input: object, key = api.key) {
  const message = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: input } };
  const { body, text } = await api.post("/mcp", message, { key, headers: PROTOCOL });
  return { isRefused: body.result?.isError === true, text, body };
}

const KINDS_BY_NAME: [RegExp, string][] = [
  [/bulk/, "bulk"],
  [/attempt/, "attempts"],
  [/transformation/, "transformations"],
  [/issue/, "issues"],
  [/connection/, "connections"],
  [/destination/, "destinations"],
  [/source/, "sources"],
  [/request/, "requests"],
  [/event/, "events"],
  [/flow/, "flows"],
];
/** Of `id` the tool's own name says it. */
const kindOf = (tool: string, field: string) =>
  KINDS_OF_FIELDS[field] ?? (/^ids?$/.test(field) ? KINDS_BY_NAME.find(([name]) => name.test(tool))?.[1] : undefined);

/** What is needed besides to be heard at all. */
const NEEDED: Record<string, unknown> = { from: "now-1h", granularity: "1h", query: "x", text: "", status: undefined };
const NAMED = [...TOOLS.values()].flatMap(({ name, input }) =>
  Object.keys(input.properties)
    .filter((field) => kindOf(name, field) !== undefined)
    .map((field) => [name, field] as const),
);
const inputFor = (name: string, field: string, id: string) => {
  const schema = TOOLS.get(name)?.input;
  const needed = (schema?.required ?? []).map((each) => [each, each === "fingerprint" ? "x" : NEEDED[each]]);
  const isList = JSON.stringify(schema?.properties[field]).includes('"array"') && field.endsWith("s");
  return { ...Object.fromEntries(needed.filter(([, value]) => value !== undefined)), [field]: isList ? [id] : id };
};
const ourIds = () => Object.values(ids).filter((id) => id !== ids.versions);
const UNSTEADY = /\d{4}-\d\d-\d\dT[\d:.]+Z|fingerprint[^,}]*|_[0-9A-Z]{26}/g;

describe("a tool that another team calls with our id", () => {
  test.each(NAMED)("%s, %s says as much as of an id that never was", async (name, field) => {
    const ourId = ids[kindOf(name, field) ?? ""] ?? "";
    expect(ourId).toMatch(/^[a-z]{2,4}_/);
    const before = await countConfig(api);
    const answers = [];
    for (const id of [ourId, ourId.replace(/_.*/, `_${"0".repeat(26)}`)]) {
      const { text } = await ask(name, inputFor(name, field, id), otherKey);
      answers.push(text.replaceAll(id, "the id").replaceAll(UNSTEADY, ""));
    }
    expect(answers[0]).toBe(answers[1]);
    expect(await countConfig(api)).toEqual(before);
  });

  test("of which those that read tell ourselves of it", async () => {
    let telling = 0;
    for (const [name, field] of NAMED.filter(([name]) => TOOLS.get(name)?.effect === "reads")) {
      const ourId = ids[kindOf(name, field) ?? ""] ?? "";
      if ((await ask(name, inputFor(name, field, ourId))).text.includes(ourId)) telling += 1;
    }
    expect(telling).toBeGreaterThan(8);
  });
});

test("a tool that takes no id tells another team nothing of ours, and every tool was called", async () => {
  const called = new Set(NAMED.map(([name]) => name));
  for (const [name, { effect, input }] of TOOLS) {
    const required = (input.required ?? []).map((each) => [each, NEEDED[each] ?? "x"]);
    const { text } = await ask(name, Object.fromEntries(required), otherKey);
    if (effect !== "changes")
      expect(
        ourIds().filter((id) => text.includes(id)),
        name,
      ).toEqual([]);
    called.add(name);
  }
  expect([...TOOLS.keys()].filter((name) => !called.has(name))).toEqual([]);
});
