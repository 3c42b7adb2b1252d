import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { jobs } from "#server/jobs.ts";
import { taskList } from "#worker/task-list.ts";

const TASKS = join(import.meta.dirname, "..", "..", "worker", "tasks");
const jobNames = Object.keys(jobs).sort();

test("every job is worked by exactly one runner", () => {
  expect(
    Object.values(taskList)
      .flatMap((tasks) => Object.keys(tasks))
      .sort(),
  ).toEqual(jobNames);
});

test("every job has the task file of its name, and no task file is without a job", async () => {
  expect((await readdir(TASKS)).sort()).toEqual(jobNames.map((name) => `${name}.ts`).sort());
});
