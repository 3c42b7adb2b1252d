// The guard of an embedded Postgres: it stops the server when the process that started both is gone, however that ended. It
// learns of the end by its input, which closes then. Started as: node server/start/postgres-guard.ts PID
import { once } from "node:events";
import { findProcess, signalProcess, waitForExit } from "./process-table.ts";

/** The roles notice as well, and have this long to finish before their database goes. */
const ROLES_PATIENCE_MS = 5_000;
const FAST_SHUTDOWN_PATIENCE_MS = 20_000;

const pid = Number(process.argv[2]);
const postmaster = await findProcess(pid);
process.stdin.resume();
process.stdin.on("error", () => {});
await once(process.stdin, "close");
if (postmaster && !(await waitForExit(postmaster, ROLES_PATIENCE_MS))) {
  signalProcess(pid, "SIGINT");
  if (!(await waitForExit(postmaster, FAST_SHUTDOWN_PATIENCE_MS))) signalProcess(pid, "SIGQUIT");
}
