import { expect, test } from "vitest";
import {
  type DraftStore,
  keepDraft,
  keepPastedText,
  readDraft,
  readPastedText,
  standingOf,
} from "#components/transformations/draft.ts";
import { bodyText, headerText, lineText, readPasted } from "#components/transformations/request-text.ts";
import { parseJson } from "#server/json/parse.ts";

function storeOf(entries: Record<string, string> = {}): DraftStore & { entries: Map<string, string> } {
  const map = new Map(Object.entries(entries));
  return {
    entries: map,
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => void map.set(key, value),
    removeItem: (key) => void map.delete(key),
  };
}

test("a draft is kept by the id, so that a rename does not lose it, and is gone when it is dropped", () => {
  const store = storeOf();
  keepDraft(store, "trs_1", { code: "return request;", version: 3 });
  expect(readDraft(store, "trs_1")).toEqual({ code: "return request;", version: 3 });
  expect(readDraft(store, "trs_2")).toBeUndefined();
  keepDraft(store, "trs_1", undefined);
  keepPastedText(store, "trs_1", '{"a": 1}');
  expect(readPastedText(store, "trs_1")).toBe('{"a": 1}');
  keepPastedText(store, "trs_1", "");
  expect([...store.entries]).toEqual([]);
});

test("what is no draft, and a storage that is closed, are no draft", () => {
  for (const text of ["null", "{}", "[]", "nonsense", '{"code": 1, "version": 1}'])
    expect(readDraft(storeOf({ "switchyard.draft.trs_1": text }), "trs_1")).toBeUndefined();
  const closed = () => {
    throw new Error("The storage is closed.");
  };
  const store = { getItem: closed, setItem: closed, removeItem: closed };
  keepDraft(store, "trs_1", { code: "", version: 1 });
  expect(readDraft(store, "trs_1")).toBeUndefined();
});

test("a draft is changed, or behind a version that somebody else saved, or nothing at all", () => {
  const saved = { code: "new", version: 4 };
  expect(standingOf(undefined, saved)).toEqual({ kind: "same" });
  expect(standingOf({ code: "new", version: 3 }, saved)).toEqual({ kind: "same" });
  expect(standingOf({ code: "mine", version: 4 }, saved)).toEqual({ kind: "changed" });
  expect(standingOf({ code: "mine", version: 3 }, saved)).toEqual({ kind: "behind", from: 3, to: 4 });
});

test("a body is written with every digit, text as it is", () => {
  expect(bodyText(parseJson('{"a": 8202522731445525542, "b": 1e400}'))).toBe('{"a":8202522731445525542,"b":1e400}');
  expect([bodyText("plain"), bodyText(undefined), bodyText(null), bodyText([])]).toEqual(["plain", "", "", "[]"]);
  expect(headerText({ a: "1", b: "2" })).toBe("a: 1\nb: 2");
  const request = { headers: {}, query: { a: ["1", "2"] }, path: "/x", method: "PUT" };
  expect(lineText(request)).toBe('method: PUT\npath: /x\nquery: {"a":["1","2"]}');
});

test("what is pasted is a body, or a whole request where it has a body and nothing else than a request has", () => {
  expect(readPasted('{"id": 12345678901234567890}')).toMatchObject({
    kind: "request",
    request: { method: "POST", path: "/", headers: { "content-type": "application/json" } },
  });
  const { request } = readPasted('{"id": 12345678901234567890}') as { request: { body: unknown } };
  expect(JSON.stringify(request.body)).toBe('{"id":12345678901234567890}');
  expect(readPasted('{"body": {"a": 1}, "headers": {"x": "y"}, "method": "PUT"}')).toMatchObject({
    request: { body: { a: 1 }, headers: { x: "y" }, method: "PUT", path: "/" },
  });
  expect(readPasted('{"body": 1, "other": 2}')).toMatchObject({ request: { body: { body: 1, other: 2 } } });
});

test.each([
  ["", /Paste JSON/],
  ["{", /not JSON/],
  ['{"body": 1, "headers": {"x": 1}}', /headers/],
  ['{"body": 1, "query": []}', /query/],
  ['{"body": 1, "path": 2}', /path/],
])("pasting %j says what to write", (text, sentence) => {
  expect(readPasted(text)).toEqual({ kind: "problem", message: expect.stringMatching(sentence) });
});
