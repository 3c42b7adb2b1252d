import { expect, test } from "vitest";
import { keepLog } from "#test/support/logged.ts";
import { makeRunnerLogger } from "#worker/runner-logger.ts";

/** As graphile-worker says that a task failed. */
const failure = (error: Error) =>
  [
    `Failed task 4 (watch-issues, 2.52ms, attempt 3 of 25) with error '${error.message}':\n  ${error.stack}`,
    { error },
  ] as const;

test("a failed task is logged without its stack, whether the database was away or the bug is ours", () => {
  const { log, lines } = keepLog("warn");
  const logger = makeRunnerLogger(log);
  logger.error(...failure(Object.assign(new Error("sorry, too many clients already"), { code: "53300" })));
  logger.error(...failure(new TypeError("a bug")));
  expect(lines.map(({ level, msg }) => [level, msg])).toEqual([
    ["warn", "Failed task 4 (watch-issues, 2.52ms, attempt 3 of 25) with error 'sorry, too many clients already'"],
    ["error", "Failed task 4 (watch-issues, 2.52ms, attempt 3 of 25) with error 'a bug'"],
  ]);
  expect(lines[1]?.err).toMatchObject({ type: "TypeError", message: "a bug" });
  expect(JSON.stringify(lines)).not.toContain(import.meta.dirname);
});
