import type { Task } from "graphile-worker";
import { type JobName, type JobPayload, jobs } from "#server/jobs.ts";
import type { WorkerApp } from "./app.ts";

export type MakeTask = (app: WorkerApp) => Task;

/** A task is a name and a call: the payload is checked against the table in server/jobs.ts before `run` sees it. */
export const task =
  <N extends JobName>(name: N, run: (app: WorkerApp, payload: JobPayload<N>) => Promise<unknown>): MakeTask =>
  (app) =>
  async (payload) => {
    await run(app, jobs[name].payload.parse(payload ?? {}) as JobPayload<N>);
  };
