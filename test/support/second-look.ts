/** The part of vitest's JSON report that is counted. */
export interface Report {
  numPassedTests: number;
  numFailedTests: number;
  testResults: FileResult[];
}

export interface FileResult {
  /** The absolute path of the file. */
  name: string;
  status: string;
  assertionResults: { status: string; fullName: string }[];
}

/** More than this is no bad luck of one moment. */
const MAX_SECOND_LOOKS = 3;

/** A file that could not even be loaded has no tests to fail, so it counts as one failure itself. */
export const countFailed = ({ numFailedTests, testResults }: Report): number =>
  numFailedTests + testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0).length;

export const failedFiles = (report: Report): FileResult[] =>
  report.testResults.filter((file) => file.status === "failed");

/** Whether a failure may lie in the moment: few tests, and none of those that run by themselves in `unitFolder`. */
export const deservesSecondLook = (report: Report, unitFolder: string): boolean =>
  countFailed(report) > 0 &&
  countFailed(report) <= MAX_SECOND_LOOKS &&
  failedFiles(report).every((file) => !file.name.startsWith(unitFolder) && file.assertionResults.length > 0);

const failedNames = (report: Report): string[] =>
  failedFiles(report).flatMap((file) =>
    file.assertionResults.filter((test) => test.status === "failed").map((test) => test.fullName),
  );

/** What both looks say together, the tests that passed only at the second by name. `second` ran the files that failed. */
export function joinLooks(first: Report, second: Report): { report: Report; unsteady: string[] } {
  const again = new Map(second.testResults.map((file) => [file.name, file]));
  const testResults = first.testResults.map((file) => again.get(file.name) ?? file);
  const count = (wanted: string) =>
    testResults.flatMap(({ assertionResults }) => assertionResults).filter(({ status }) => status === wanted).length;
  const stillFailing = new Set(failedNames(second));
  return {
    report: { numPassedTests: count("passed"), numFailedTests: count("failed"), testResults },
    unsteady: failedNames(first).filter((name) => !stillFailing.has(name)),
  };
}
