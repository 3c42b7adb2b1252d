// Texts of YAML as values: what is wrong is told at its place, and what would cost too much is not read.
import { expect, test } from "vitest";
import { problemAt } from "#server/flows/declared.ts";
import { readYaml } from "#server/flows/read-yaml.ts";
import { readYamlValues } from "#server/flows/yaml-values.ts";

const LIMITS = { documents: 3, values: 1_000, depth: 10, chars: 10_000 };
const read = (text: string) => readYamlValues(text, LIMITS);
const valuesOf = (text: string) => read(text).documents.map(({ json }) => json);

test("documents are read with their own text and the place of each value", () => {
  const { documents, problems } = read("# first\na: {b: [1, x]}\n---\nc: no\n");
  expect(problems).toEqual([]);
  expect(documents.map(({ json, text }) => [json, text])).toEqual([
    ['{"a":{"b":[1,"x"]}}', "# first\na: {b: [1, x]}\n"],
    ['{"c":"no"}', "c: no\n"],
  ]);
  expect(documents[0]?.places.get("a.b[1]")).toEqual([2, 12]);
  expect(documents[1]?.places.get("c")).toEqual([4, 1]);
});

test("numbers keep their digits, and texts stay texts", () => {
  expect(valuesOf("[12345678901234567890, 1e400, 0.1000000000000000055, 10.0]")).toEqual([
    "[12345678901234567890,1e400,0.1000000000000000055,10]",
  ]);
  expect(valuesOf("[yes, off, 1_000, 2026-01-01, '1', ~, true]")).toEqual([
    '["yes","off","1_000","2026-01-01","1",null,true]',
  ]);
});

test("an alias repeats what its anchor names", () => {
  expect(valuesOf("a: &policy {count: 3}\nb: *policy")).toEqual(['{"a":{"count":3},"b":{"count":3}}']);
});

const billion = [
  "a: &a [1,1,1,1,1,1,1,1,1,1]",
  ..."bcdefgh".split("").map((name, index) => {
    const before = "abcdefg"[index];
    return `${name}: &${name} [${Array(10).fill(`*${before}`).join(",")}]`;
  }),
].join("\n");

const TOO_LONG = "The file is too long with all that aliases repeat and all names around a value: part it.";

test.each([
  ["a key twice", "a: 1\nb: 2\na: 3", 3, "The key a stands here twice: leave one of the two out."],
  ["the key of all prototypes", "a:\n  __proto__: {b: 1}", 2, "Leave out the key __proto__: it cannot be stored."],
  ["a tab", "a:\n\t- b", 2, "Indent with blanks: YAML knows no tabs there."],
  [
    "a number of another base",
    "a: 0x1f",
    1,
    "Write the number 0x1f in decimal digits, such as 12 or 0.5, or in quotes where it is a text.",
  ],
  [
    "no number",
    "a: .nan",
    1,
    "Write the number .nan in decimal digits, such as 12 or 0.5, or in quotes where it is a text.",
  ],
  ["a tag", "a: !!binary aGk=", 1, "Leave the tag out: values are texts, numbers, true, false, null, lists and maps."],
  ["an alias of nothing", "a: *none", 1, "There is no anchor &none before this alias."],
  ["an alias of itself", "a: &a [*a]", 1, "Nest at most 10 levels deep."],
  ["a list as a key", "? [a]\n: 1", 1, "A key is a text: write lists and maps as values."],
  ["depth", `a: ${"[".repeat(30)}${"]".repeat(30)}`, 1, "Nest at most 10 levels deep."],
  ["depth that no stack holds", "- ".repeat(50_000), 1, "This is nested too deeply: nest less."],
  ["a billion laughs", billion, 3, "The file has more than 1000 values, with those that aliases repeat: part it."],
  ["a text that aliases repeat", `a: &a ${"x".repeat(2_000)}\nb: [*a, *a, *a, *a, *a]`, 2, TOO_LONG],
  ["a name around many values", `${"k".repeat(500)}: [${"1,".repeat(50)}]`, 1, TOO_LONG],
  [
    "a character that cannot be stored",
    'a: 1\nb: "x\\0"',
    2,
    "Leave out the character U+0000: the database cannot hold it.",
  ],
  ["half of a character", 'a: 1\nb: "x\\ud800"', 2, "Leave out the unpaired surrogate: it is not valid Unicode."],
  ["a key that cannot be stored", 'a:\n  "x\\0": 1', 2, "Leave out the character U+0000: the database cannot hold it."],
  ["a text that does not end", "a: 'b", 1, "Missing closing 'quote."],
])("%s is refused at its line", (_what, text, line, message) => {
  const { documents, problems } = read(text);
  expect(documents).toEqual([]);
  expect(problems[0]).toMatchObject({ line, message });
});

test("too many documents are refused, however empty", () => {
  expect(read("---\n".repeat(5)).problems[0]?.message).toBe("These are 5 documents: send at most 3 at a time.");
});

test("a key as long as a file costs no time where something in it is wrong", () => {
  const flow = { name: "f", text: "", places: new Map<string, [number, number]>([["spec", [4, 1]]]) };
  const startedMs = performance.now();
  const { line } = problemAt(flow, `spec.${"[".repeat(400_000)}.x`, "It is wrong.");
  expect(line).toBe(4);
  // Walked up step by step it took more than ten seconds.
  expect(performance.now() - startedMs).toBeLessThan(2_000);
});

test("one thread reads small texts one after the other; none is kept that has read a large one or was given up", async () => {
  let started = 0;
  const count = () => started++;
  const read = async (text: string, signal?: AbortSignal) => (await readYaml(text, signal)).documents.length;
  // Another file of tests in this process may have left a thread.
  await read(`a: 1 # ${"x".repeat(70_000)}`);
  process.on("worker", count);
  try {
    for (let n = 0; n < 3; n++) expect(await read(`a: ${n}`)).toBe(1);
    expect(started).toBe(1);
    const caller = new AbortController();
    const givenUp = read("a: 1", caller.signal);
    caller.abort();
    await expect(givenUp).rejects.toThrow();
    expect(await read("a: 1\n---\nb: 1")).toBe(2);
    expect(started).toBe(2);
    expect(await read(`a: 1 # ${"x".repeat(70_000)}`)).toBe(1);
    expect(started).toBe(2);
    expect(await read("a: 1")).toBe(1);
    expect(started).toBe(3);
  } finally {
    process.off("worker", count);
  }
});
