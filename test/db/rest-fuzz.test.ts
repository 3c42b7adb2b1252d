// No input of a caller makes the API fail: whatever each operation is sent, its answer is a well-formed 2xx or 4xx.
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Operation } from "#server/api/operation.ts";
import { pathParameters } from "#server/api/operation.ts";
import { ALL_OPERATIONS } from "#server/api/operations/table.ts";
import { createApi, type TestApi } from "#test/support/api.ts";

const CALLS_PER_OPERATION = 25;

let api: TestApi;
let ids: string[];
beforeAll(async () => {
  api = await createApi();
  const transformation = await api.post("/v1/transformations", { name: "t", code: "return request", env: { A: "1" } });
  const rules = [{ type: "transform", transformation_id: transformation.body.id }];
  const source = { name: "s" };
  const destination = { name: "d", config: { url: "https://receiver.example" } };
  const { body } = await api.post("/v1/connections", { name: "c", source, destination, rules });
  ids = [body.id, body.source_id, body.destination_id, transformation.body.id];
});
afterAll(() => api[Symbol.asyncDispose]());

const NASTY = [
  ...[
    "",
    " ",
    "0",
    "-1",
    "1",
    "3000000000",
    "-3000000000",
    "9223372036854775808",
    "1e400",
    "NaN",
    "0x10",
    "1.5",
    "null",
  ],
  ...[
    "true",
    "%",
    "'",
    '"',
    "\\",
    "\\u0000",
    "\u0000",
    "\ud800",
    "\u202e",
    "🙂",
    "a".repeat(300),
    ",".repeat(600),
    "src_",
    "*",
  ],
  ...[
    "2026-02-31",
    "0000-01-01",
    "9999-12-31T23:59:59Z",
    "now-999999w",
    "1d",
    "1m",
    "source_id",
    "asc",
    "[]",
    "{}",
    "__proto__",
  ],
  ...[
    '{"a":',
    '{"a":"\\u0000"}',
    '{"a":"\\ud800"}',
    "[".repeat(1_500),
    `${'{"a":'.repeat(99)}1${"}".repeat(99)}`,
    '{"a":1e400}',
  ],
];
const nastyText = () => fc.oneof(fc.constantFrom(...NASTY, ...ids), fc.string({ unit: "binary", maxLength: 20 }));
const KEYS = [
  "name",
  "config",
  "auth",
  "auth_type",
  "url",
  "headers",
  "env",
  "code",
  "type",
  "rules",
  "retry",
  "secret",
  "start",
];
const nastyJson = () =>
  fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      nastyText(),
      fc.constantFrom(null, true, 0, -1, 1.5, 3e9, -3e9, 2 ** 53, 1e308, 5e-324),
      fc.dictionary(fc.oneof(fc.constantFrom(...KEYS), nastyText()), tie("value"), { maxKeys: 5 }),
      fc.array(tie("value"), { maxLength: 4 }),
    ),
  })).value;

interface Input {
  path: string[];
  query: [string, string][];
  body: Record<string, unknown>;
}
const inputsOf = (operation: Operation): fc.Arbitrary<Input> => {
  const names = Object.keys(operation.input.shape);
  const named =
    names.length > 0 ? fc.constantFrom(...names, "date_range[start]", "date_range[end]", "x[]") : fc.constant("x");
  return fc.record({
    path: fc.array(fc.oneof(fc.constantFrom(...ids), nastyText()), { minLength: 2, maxLength: 2 }),
    query: fc.array(fc.tuple(named, nastyText()), { maxLength: 3 }),
    body: fc.dictionary(named, nastyJson(), { maxKeys: 4 }),
  });
};

/** `encodeURIComponent` for any text: a lone surrogate goes as the bytes that stand for it. */
const encoded = (text: string) => encodeURIComponent(text.toWellFormed()) || "%00";

test.each(ALL_OPERATIONS.map((operation) => [`${operation.method} ${operation.path}`, operation] as const))(
  "%s",
  async (_name, operation) => {
    await fc.assert(
      fc.asyncProperty(inputsOf(operation), async ({ path, query, body }) => {
        const at = pathParameters(operation.path).reduce(
          (url, name, index) => url.replace(`:${name}`, encoded(path[index] ?? "")),
          operation.path as string,
        );
        const search = query.map(([name, value]) => `${name}=${encoded(value)}`).join("&");
        const isGet = operation.method === "GET";
        const answer = await api.call(
          operation.method,
          `/v1${at}${isGet && search ? `?${search}` : ""}`,
          isGet ? undefined : body,
        );
        expect(answer.status, `${answer.text} ${api.logged.at(-1)}`).toBeLessThan(500);
        if (answer.status >= 400) {
          expect(answer.body.error.message).toMatch(/\w/);
          expect(answer.text.length).toBeLessThan(10_000);
        }
      }),
      { numRuns: CALLS_PER_OPERATION, endOnFailure: true },
    );
  },
);
