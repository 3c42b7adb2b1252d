// `npm run test:security` runs what its map names: no file is named that proves nothing, none is forgotten, no case loses its proof unseen,
// and no file that did not run counts as passed.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CASES, NOT_PROVEN } from "#test/security/cases.ts";
import { countByHeading, exitCodeOf, linesOf } from "#test/security/count.ts";
import { FILES, HEADINGS, type Heading, pathOf } from "#test/security/headings.ts";
import { readOptions } from "#test/security/options.ts";

const ROOT = join(import.meta.dirname, "..", "..");

/** Names of files that are about what strangers, neighbours or receivers do to us. */
const NAMED_SO =
  /^(egress-|sandbox|verify-|provider-(rows|sns|asked|keys|log-in)|door-(fuzz|wire|shares|pressure|handshake|signatures)|web-(framing|forward|trpc|pages|origin)|rest-(fuzz|tenancy|shares|refusals)|canary-|strangers|masks|second-factor|passkeys)|-(hostile|shares)$/;

describe("the map", () => {
  test("names files that exist and that have tests", async () => {
    expect(HEADINGS.length).toBe(9);
    for (const file of FILES)
      expect(await readFile(join(ROOT, pathOf(file)), "utf8"), file).toMatch(/\btest(\.\w+)*\(/);
  });

  test("names every file that is named as one of its kind", async () => {
    const folders = ["unit", "db", "e2e", "security"];
    const names = await Promise.all(folders.map((folder) => readdir(join(ROOT, "test", folder))));
    const files = folders.flatMap((folder, at) =>
      (names[at] ?? []).filter((name) => name.endsWith(".test.ts")).map((name) => `${folder}/${name.slice(0, -8)}`),
    );
    const meant = files.filter((file) => file.startsWith("security/") || NAMED_SO.test(file.replace(/^\w+\//, "")));
    expect(meant.length).toBeGreaterThan(40);
    expect(meant.filter((file) => !FILES.includes(file))).toEqual([]);
  });

  test("has a fact under each heading, and files under each fact", () => {
    for (const { facts } of HEADINGS) {
      expect(Object.keys(facts).length).toBeGreaterThan(1);
      for (const [fact, files] of Object.entries(facts)) expect(files.length, fact).toBeGreaterThan(0);
    }
  });
});

/** What is taken out of the map has to be taken out here too. */
const COUNTS: Record<string, [cases: number, facts: number, files: number]> = {
  Egress: [22, 9, 17],
  Verification: [11, 6, 14],
  "Malformed HTTP": [15, 6, 16],
  "Destinations that misbehave": [10, 4, 9],
  "Transform sandbox": [12, 4, 9],
  "People, keys, teams": [27, 9, 41],
  Shares: [13, 5, 18],
  "One origin": [10, 5, 10],
  "Faults and invariants": [13, 4, 9],
};

describe("the cases of each heading", () => {
  test("are proven by words that stand in a file of that heading", async () => {
    for (const { name, facts } of HEADINGS) {
      const files = Object.values(facts).flat();
      for (const [says, file, words] of CASES[name] ?? []) {
        expect(files, `${name}: ${says}`).toContain(file);
        expect(await readFile(join(ROOT, pathOf(file)), "utf8"), `${name}: ${says}`).toContain(words);
      }
    }
  });

  test("do not become fewer, and neither do facts and files", () => {
    const names = HEADINGS.map(({ name }) => name);
    expect([Object.keys(CASES), Object.keys(COUNTS)]).toEqual([names, names]);
    expect(names).toEqual(expect.arrayContaining(Object.keys(NOT_PROVEN)));
    for (const { name, facts } of HEADINGS) {
      const [cases, factCount, files] = COUNTS[name] ?? [];
      const counts = [CASES[name]?.length, Object.keys(facts).length, new Set(Object.values(facts).flat()).size];
      expect([name, ...counts]).toEqual([name, cases, factCount, files]);
    }
  });
});

describe("the count", () => {
  const headings: Heading[] = [
    { name: "One", facts: { first: ["unit/a", "unit/b"] } },
    { name: "Two", facts: { second: ["unit/b"] } },
  ];
  const file = (name: string, statuses: string[], status = "passed") => ({
    name: `/project/test/unit/${name}.test.ts`,
    status,
    assertionResults: statuses.map((each, at) => ({ status: each, fullName: `${name}${at}` })),
  });
  const count = (...testResults: ReturnType<typeof file>[]) =>
    countByHeading(headings, { numPassedTests: 0, numFailedTests: 0, testResults }, "/project/");

  test("adds up the tests of each heading's files", () => {
    const counts = count(file("a", ["passed", "passed"]), file("b", ["passed"]));
    expect(counts.map(({ passed, files, problems }) => [passed, files, problems])).toEqual([
      [3, 2, []],
      [1, 1, []],
    ]);
    expect(linesOf(counts, 3, "again").at(-1)).toBe("3 passed, 0 failed. Once more the same: again");
  });

  test.each([
    ["a test that failed", [file("a", ["passed", "failed"], "failed"), file("b", ["passed"])], ["a1 (failed)"]],
    ["a test that was skipped", [file("a", ["skipped"]), file("b", ["passed"])], ["a0 (skipped)"]],
    ["a file without tests", [file("a", []), file("b", ["passed"])], ["ran no test"]],
    ["a file that did not run", [file("b", ["passed"])], ["did not run"]],
    ["a file that broke after its tests", [file("a", ["passed"], "failed"), file("b", ["passed"])], ["failed outside"]],
  ])("fails of %s", (_what, results, said) => {
    const [one, two] = count(...results);
    expect(one?.problems).toEqual(said.map((text) => expect.stringContaining(text)));
    expect(two?.problems).toEqual([]);
  });
});

test("a run ends well only where every test passed and vitest saw no error outside of them", () => {
  const right = [{ name: "One", facts: 1, files: 1, passed: 1, problems: [] }];
  const wrong = [{ name: "One", facts: 1, files: 1, passed: 0, problems: ["a0 (failed)"] }];
  expect([exitCodeOf(right, 0), exitCodeOf(right, 1), exitCodeOf(wrong, 0)]).toEqual([0, 1, 1]);
});

describe("the options", () => {
  test("give each run a seed, and take that of another", () => {
    expect(readOptions([], () => 0.5)).toMatchObject({ seed: 2 ** 30, cases: 10, headings: HEADINGS });
    expect(readOptions(["--seed", "7", "--heading", "Egress"], () => 0.5)).toMatchObject({
      seed: 7,
      headings: [HEADINGS[0]],
    });
  });

  test.each([
    ["--seed", "1e3x"],
    ["--cases", "0"],
    ["--seconds", "-1"],
    ["--heading", "None"],
  ])("refuse %s %s with a sentence", (...args) => {
    expect(() =>
      readOptions(
        args.map((arg) => arg.replace(/^-1$/, "0")),
        () => 0,
      ),
    ).toThrow(args[0]);
  });
});
