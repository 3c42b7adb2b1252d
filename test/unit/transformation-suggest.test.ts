import { expect, test } from "vitest";
import { isName, suggestAt } from "#components/transformations/suggest.ts";
import { parseJson } from "#server/json/parse.ts";

const request = parseJson(`{
  "query": {}, "body": { "id": "evt_1", "data": { "object": { "amount": 12345678901234567890, "paid": true, "lines": [ { "sku": "a-1", "qty": 2 } ] } }, "odd key": null },
  "headers": { "content-type": "application/json", "x-shop": "north" },
  "path": "/hook", "method": "POST", "created_at": "2026-05-29T00:00:00.000Z"
}`);
const known = { request, envNames: ["TOKEN", "BASE_URL"] };
const labelsAt = (before: string, after = "") =>
  suggestAt(before, before + after, known)?.options.map(({ label }) => label);

test("behind `request.` stands what a request has, with its kind and what to know", () => {
  const found = suggestAt("return request.", "return request.", known);
  expect(found).toMatchObject({ typed: 0, place: "member" });
  expect(found?.options).toEqual([
    { label: "body", kind: "obj", detail: "parsed JSON" },
    { label: "headers", kind: "obj", detail: "lower-case names" },
    { label: "query", kind: "obj", detail: "of the URL" },
    { label: "path", kind: "str", detail: '"/hook"' },
    { label: "method", kind: "str", detail: '"POST"' },
    { label: "created_at", kind: "str", detail: "when it came" },
  ]);
});

test("a path is followed through dots, brackets, questions and lists, with every digit of a number", () => {
  expect(labelsAt("request.body.da")).toEqual(["id", "data", "odd key"]);
  expect(suggestAt("x = request?.body['data'].object.", "", known)?.options).toEqual([
    { label: "amount", kind: "num", detail: "12345678901234567890" },
    { label: "paid", kind: "bool", detail: "true" },
    { label: "lines", kind: "list", detail: "1 item" },
  ]);
  expect(labelsAt("request.body.data.object.lines[0].")).toEqual(["sku", "qty"]);
  expect(labelsAt("request.body.data.object.lines.")).toContain("map");
  expect(labelsAt("request.path.")).toContain("toUpperCase");
});

test("keys are suggested inside the quotes of brackets", () => {
  expect(suggestAt('request.headers["x-', "", known)).toMatchObject({ typed: 2, place: "key" });
  expect(labelsAt("request.headers['")).toEqual(["content-type", "x-shop"]);
});

test("names are followed to where they come from", () => {
  const code = "const { object, odd: other } = request.body.data;\nconst lines = object.lines;\n";
  expect(labelsAt(`${code}object.`)).toEqual(["amount", "paid", "lines"]);
  expect(labelsAt(`${code}lines[0].`)).toEqual(["sku", "qty"]);
  expect(labelsAt(`${code}lines.map((line) => line.`)).toEqual(["sku", "qty"]);
  expect(labelsAt(`${code}other.`)).toBeUndefined();
  expect(labelsAt('addHandler("transform", (req, ctx) => { req.')).toContain("body");
  expect(labelsAt('addHandler("transform", (req, ctx) => { ctx.env.')).toEqual(["TOKEN", "BASE_URL"]);
});

test("context has the names of env and no value, console its levels", () => {
  expect(labelsAt("context.")).toEqual(["env"]);
  expect(suggestAt("context.env.", "", known)?.options).toEqual([
    { label: "TOKEN", kind: "str", detail: "secret" },
    { label: "BASE_URL", kind: "str", detail: "secret" },
  ]);
  expect(labelsAt("console.")).toEqual(["log", "info", "warn", "error", "debug"]);
});

test("of a place that nothing is known of nothing is suggested", () => {
  for (const before of [
    "",
    "1 + ",
    "unknown.",
    "request.body.nothing.",
    "request.body.id.length.",
    "foo().",
    "a.request.",
  ])
    expect(labelsAt(before), before).toBeUndefined();
  expect(labelsAt("req")).toContain("request");
});

test("names that turn in a circle, and code made to be slow, end at once", () => {
  expect(labelsAt("const a = b;\nconst b = a;\na.")).toBeUndefined();
  const started = performance.now();
  for (const piece of ["a.", "a[0]", "const {", "request?.", "'", '"a"]['])
    suggestAt(piece.repeat(60_000), piece.repeat(60_000), known);
  expect(performance.now() - started).toBeLessThan(2_000);
});

test("a key that is no name cannot stand behind a dot", () => {
  expect([isName("body"), isName("$a1"), isName("x-shop"), isName("1a"), isName("")]).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
