import { endTunnels } from "#server/tunnel/end-tunnels.ts";
import { task } from "#worker/task.ts";

export const endTunnelsTask = task("end-tunnels", ({ pool, now }) => endTunnels(pool, now()));
