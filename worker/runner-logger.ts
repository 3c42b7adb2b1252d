// The log of graphile-worker, within ours.
import { Logger } from "graphile-worker";
import { isDatabaseAway } from "#server/errors/database-away.ts";
import type { Log } from "#server/process/log.ts";
import { makeSeldom } from "#server/shares/seldom.ts";

/**
 * Drops the lines at level info, one for each job: a lane's `delivery.attempted` at level debug tells of each attempt. Of a message it keeps
 * the first line: behind it graphile-worker quotes the stack of the error, which is a map of the machine.
 */
export function makeRunnerLogger(log: Log): Logger {
  const away = makeSeldom();
  return new Logger(() => (level, text, meta) => {
    const message = text.split("\n", 1)[0]?.replace(/:$/, "") ?? "";
    // graphile-worker tries again by itself, and logs each time.
    if (level === "error" && isDatabaseAway(meta?.error)) {
      const times = away(performance.now());
      if (times !== null) log.warn({ times }, message);
    } else if (level === "error") log.error({ err: meta?.error }, message);
    else if (level === "warning" && !message.includes("maxPoolSize")) log.warn(message);
  });
}
