import { removeDemoRows } from "#server/demo/remove-demo.ts";
import { task } from "#worker/task.ts";

export const removeDemoTask = task("remove-demo", ({ pool, now }, payload) => removeDemoRows({ pool, now }, payload));
