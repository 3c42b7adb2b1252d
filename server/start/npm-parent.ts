// The npm that started this process. npm passes SIGTERM on to its shell, which ends without telling us, and a killed npm
// tells nothing at all.
import { findProcess, isAlive, type ProcessIdentity } from "./process-table.ts";

const LOOK_EVERY_MS = 500;

const isNpm = (command: string) => /(^|[\s/])npm(-cli\.js)?(\s|$)/.test(command);

/** The npm that runs this script: our parent, or the parent of the shell in between. */
async function findNpm(): Promise<ProcessIdentity | undefined> {
  const parent = await findProcess(process.ppid);
  if (parent === undefined || isNpm(parent.command)) return parent;
  const grandparent = await findProcess(parent.parentPid);
  return grandparent && isNpm(grandparent.command) ? grandparent : undefined;
}

/** Calls `onEnd` once when this process was started by `npm start` and that npm has ended before it. */
export async function watchNpm(onEnd: () => void): Promise<void> {
  const npm = await findNpm();
  if (npm === undefined) return;
  const timer = setInterval(async () => {
    if (await isAlive(npm)) return;
    clearInterval(timer);
    onEnd();
  }, LOOK_EVERY_MS);
  timer.unref();
}
