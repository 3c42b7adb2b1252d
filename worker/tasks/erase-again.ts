import { eraseAgain } from "#server/events/erase.sql.ts";
import { task } from "#worker/task.ts";

export const eraseAgainTask = task("erase-again", ({ pool, now }, payload) => eraseAgain(pool, payload, now()));
