import { describe, expect, test } from "vitest";
import { deservesSecondLook, type FileResult, joinLooks, type Report } from "#test/support/second-look.ts";

const file = (name: string, failed: string[], passed: string[] = []): FileResult => ({
  name,
  status: failed.length > 0 ? "failed" : "passed",
  assertionResults: [
    ...failed.map((fullName) => ({ status: "failed", fullName })),
    ...passed.map((fullName) => ({ status: "passed", fullName })),
  ],
});

const report = (...files: FileResult[]): Report => {
  const count = (status: string) =>
    files.flatMap((each) => each.assertionResults).filter((each) => each.status === status).length;
  return { numPassedTests: count("passed"), numFailedTests: count("failed"), testResults: files };
};

const countsOf = ({ report: { numPassedTests, numFailedTests }, unsteady }: ReturnType<typeof joinLooks>) => ({
  passed: numPassedTests,
  failed: numFailedTests,
  unsteady,
});

describe("a second look", () => {
  test.each([
    ["nothing failed", report(file("/e2e/a", [], ["one"])), false],
    ["one test of the browser failed", report(file("/e2e/a", ["one"])), true],
    ["four did", report(file("/e2e/a", ["one", "two"]), file("/e2e/b", ["three", "four"])), false],
    ["one with a database did", report(file("/e2e/a", ["one"]), file("/db/b", ["two"])), true],
    ["a unit test did", report(file("/e2e/a", ["one"]), file("/unit/b", ["two"])), false],
    ["a file was not loaded", report({ name: "/e2e/a", status: "failed", assertionResults: [] }), false],
  ])("%s", (_, first, isDeserved) => {
    expect(deservesSecondLook(first, "/unit")).toBe(isDeserved);
  });

  test("counts what fails twice as failed, and names what passed only then", () => {
    const first = report(file("/e2e/a", ["one", "two"], ["three"]), file("/unit/b", [], ["four"]));
    const second = report(file("/e2e/a", ["two"], ["one", "three"]));
    expect(countsOf(joinLooks(first, second))).toEqual({ passed: 3, failed: 1, unsteady: ["one"] });
  });

  test("that breaks another test of the file counts it", () => {
    const first = report(file("/e2e/a", ["one"], ["two"]));
    const second = report(file("/e2e/a", ["two"], ["one"]));
    expect(countsOf(joinLooks(first, second))).toEqual({ passed: 1, failed: 1, unsteady: ["one"] });
  });
});
