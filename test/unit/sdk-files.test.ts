import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ALL_OPERATIONS } from "#server/api/operations/table.ts";
import { sdkFiles } from "#server/api/sdk-files.ts";
import { typeOf } from "#server/api/typescript-types.ts";
import { OPERATIONS } from "#server/sdk/operations.ts";

test("the SDK is as the table of operations is: else run `npm run sdk`", () => {
  for (const [path, text] of Object.entries(sdkFiles(ALL_OPERATIONS)))
    expect(readFileSync(path, "utf8"), path).toBe(text);
});

test("each operation stands in it with all its parameters, each at one place", () => {
  const rows = Object.values(OPERATIONS).flatMap((table) => Object.values(table));
  expect(rows.map(({ id }) => id)).toEqual(ALL_OPERATIONS.map(({ name }) => name));
  for (const [index, { pathParameters, queryParameters, bodyParameters }] of rows.entries()) {
    const { input, name } = ALL_OPERATIONS[index] ?? { name: "", input: { shape: {} } };
    const placed = [...pathParameters, ...queryParameters, ...bodyParameters];
    expect(placed.toSorted(), name).toEqual(Object.keys(input.shape).toSorted());
  }
  expect(OPERATIONS.sources.list).toMatchObject({ answer: "page", method: "GET", path: "/v1/sources" });
  expect(OPERATIONS.events.rawBody.answer).toBe("bytes");
  expect(OPERATIONS.events.list.jsonParameters).toEqual(["body"]);
});

describe("a type", () => {
  test.each([
    [{ type: "string" }, "string"],
    [{ type: ["string", "null"] }, "string | null"],
    [{ enum: ["a", 'b"'] }, '"a" | "b\\""'],
    [{ const: null }, "null"],
    [{ type: "array", items: { type: "integer" } }, "number[]"],
    [{ type: "array", items: { anyOf: [{ type: "string" }, { type: "null" }] } }, "Array<string | null>"],
    [{ type: "array", prefixItems: [{ type: "string" }, { type: "number" }] }, "[string, number]"],
    [{ type: "object", additionalProperties: { type: "boolean" } }, "Record<string, boolean>"],
    [{ type: "object", properties: {}, additionalProperties: false }, "Record<string, never>"],
    [{ $ref: "#/components/schemas/Source" }, "Source"],
    [{ anyOf: [{}, { type: "null" }] }, "unknown"],
    [
      { type: "object", properties: { $gt: {}, "a-b": { type: "string" } }, required: ["$gt"] },
      '{\n  $gt: unknown;\n  "a-b"?: string | undefined;\n}',
    ],
  ])("of %j is %s", (schema, type) => {
    expect(typeOf(schema)).toBe(type);
  });

  test("is refused where no contract has had its like, and a comment cannot end early", () => {
    expect(() => typeOf({ type: "stream" })).toThrow("No type is known");
    const schema = { type: "object", properties: { a: { type: "string", description: "no */ end" } } };
    expect(typeOf(schema)).toContain("/** no *\\/ end */");
  });
});
