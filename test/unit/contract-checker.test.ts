// The contract run notices what it is there to notice: each kind of wrong answer, planted into a small document.
import { describe, expect, test } from "vitest";
import { type Answer, makeChecks } from "#test/contract/check-answer.ts";
import { type OpenApi, operationsOf } from "#test/contract/document.ts";
import { makePool } from "#test/contract/pool.ts";
import { makeRandom } from "#test/contract/random.ts";
import { callOf, curlOf, type SentCall } from "#test/contract/sent-call.ts";
import { shrunkCall } from "#test/contract/shrunk-call.ts";
import { rawJson, spoiledValue, toJson } from "#test/contract/spoiled-value.ts";
import { validValue } from "#test/contract/valid-value.ts";

const error = {
  type: "object",
  properties: { error: { type: "object", properties: { message: { type: "string" } }, required: ["message"] } },
  required: ["error"],
};
const body = {
  type: "object",
  properties: { name: { type: "string", maxLength: 5 }, count: { type: "integer", minimum: 1 } },
  required: ["name"],
  additionalProperties: false,
};
const thing = { type: "object", properties: { id: { type: "string" } }, required: ["id"], additionalProperties: false };
const headers = { "x-request-id": {} };
const json = (schema: object) => ({ headers, content: { "application/json": { schema } } });
const document = {
  paths: {
    "/v1/things/{id}": {
      put: {
        operationId: "things.put",
        description: "Needs the capability `data.write`.",
        parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
        requestBody: { required: true, content: { "application/json": { schema: body } } },
        responses: { 200: json({ $ref: "#/components/schemas/Thing" }), 422: json(error), 500: json(error) },
      },
    },
  },
  components: { schemas: { Thing: thing }, responses: {}, parameters: {} },
} as unknown as OpenApi;

const THEIRS = "src_01M8DJB467S7V9CZ43VGG9SEWS";
const secrets = {
  canaries: ["cAnArY"],
  marks: { ours: "m-ours", theirs: "m-theirs" },
  ids: { ours: new Set<string>(), theirs: new Set([THEIRS]) },
};
const check = makeChecks(document, secrets);
const [put] = operationsOf(document);
if (!put) throw new Error("The document has no operation.");
const sent = (value: unknown = { name: "a" }): SentCall =>
  callOf("ours", put, { path: { id: "thg_1" }, query: {}, body: value }, "sy_key");
const answer = (status: number, value: unknown, more: Partial<Answer> = {}): Answer => ({
  ...{ status, text: typeof value === "string" ? value : JSON.stringify(value), tookMs: 1 },
  headers: { "content-type": "application/json", "x-request-id": "1" },
  ...more,
});
const refused = (message: string, issues: object[] = [{ path: "name", message: "Use less." }]) =>
  answer(422, { error: { message, issues } });

test("an answer as documented is right, whether it is a success or a refusal", () => {
  expect(check(sent(), answer(200, { id: "thg_1" }))).toEqual([]);
  expect(check(sent({}), refused("name: Give a name."))).toEqual([]);
});

describe("noticed is", () => {
  test.each([
    ["a failure", answer(500, { error: { message: "It failed." } }), "It failed with 500."],
    ["a status that is not listed", answer(418, { error: { message: "A teapot." } }), "does not list 418"],
    ["a field too many", answer(200, { id: "thg_1", secret: 1 }), "not as documented"],
    ["a field too few", answer(200, {}), "not as documented"],
    ["what is no JSON", answer(200, "<html>"), "not JSON"],
    ["another kind of content", answer(200, { id: "x" }, { headers: { "x-request-id": "1" } }), "It is undefined."],
    [
      "a header that is missing",
      answer(200, { id: "x" }, { headers: { "content-type": "application/json" } }),
      "x-request-id is missing",
    ],
    ["a refusal that names no field", refused("No.", []), "names no field"],
    [
      "a refusal that names a field that nobody sent",
      refused("No.", [{ path: "other", message: "No." }]),
      "names the field other",
    ],
    ["a refusal without a sentence", refused("", [{ path: "name", message: "Use less." }]), "has no sentence"],
    ["a stack", refused("Error\n    at run (file:///srv/app/verb.ts:7:3)"), "our insides"],
    ["a statement", refused("select * from event where id is wrong"), "our insides"],
    ["a secret", answer(200, { id: "cAnArY-1" }), "a secret that was given"],
    ["another team's name", answer(200, { id: "m-theirs-1" }), "name of another team"],
    ["another team's id", answer(200, { id: THEIRS }), `holds ${THEIRS}`],
    ["an answer after long", answer(200, { id: "x" }, { tookMs: 60_000 }), "It took 60000 ms."],
  ])("%s", (_what, given, sentence) => {
    expect(check(sent(), given).join(" ")).toContain(sentence);
  });

  test.each([
    [{ name: "longer" }],
    [{ name: "a", other: 1 }],
    [{ name: "a", count: 0 }],
    [{ name: "a", count: "x" }],
    [{}],
  ])("a body that was taken though it is forbidden: %j", (value) => {
    expect(check(sent(value), answer(200, { id: "x" })).join(" ")).toContain("that the document forbids");
  });

  test("no digits in the place of a number, which the document allows in words", () => {
    expect(check(sent({ name: "a", count: "12" }), answer(200, { id: "x" }))).toEqual([]);
  });
});

test("a value that is made fits its schema, and one of its spoiled copies does not", () => {
  const random = makeRandom(1);
  const making = { document, random, pool: makePool(new Set()), mark: "m", canary: "c" };
  const values = Array.from({ length: 50 }, () => validValue(making, body, "", "things"));
  const isTaken = (value: unknown) => check(sent(value), answer(200, { id: "x" })).length === 0;
  expect(values.filter((value) => !isTaken(value))).toEqual([]);
  const spoiled = values.map((value) => spoiledValue(document, random, value, body));
  expect(spoiled.filter((value) => !isTaken(value)).length).toBeGreaterThan(25);
});

test("the same seed makes the same values, and another does not", () => {
  const made = (seed: number) => {
    const making = { document, random: makeRandom(seed), pool: makePool(new Set()), mark: "m", canary: "c" };
    return Array.from({ length: 20 }, () => validValue(making, body, "", "things"));
  };
  expect(made(7)).toEqual(made(7));
  expect(made(7)).not.toEqual(made(8));
});

test("a failing call is made smaller as long as it fails, and printed for a shell", async () => {
  const failing = sent({ name: "it's", count: 3, other: { deep: [1, 2] } });
  const again = async (call: SentCall) => {
    const isBad = "name" in (call.json as object);
    return {
      sent: call,
      answer: answer(isBad ? 500 : 200, { id: "x" }),
      sentences: isBad ? ["It failed with 500."] : [],
    };
  };
  const { sent: least } = await shrunkCall(await again(failing), again);
  expect(least.json).toEqual({ name: "it's" });
  expect(curlOf(least, "http://h")).toContain(`'{"name":"it'\\''s"}'`);
  expect(curlOf(least, "http://h")).not.toContain("sy_key");
});

test("JSON that no program holds is written as it stands", () => {
  expect(toJson({ a: rawJson("1e400"), b: [rawJson('{"a":1}')], c: "x" })).toBe('{"a":1e400,"b":[{"a":1}],"c":"x"}');
});
