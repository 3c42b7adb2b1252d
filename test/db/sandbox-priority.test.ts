// The threads of the sandbox go behind the thread that routes, sends and beats: read from /proc, so on Linux alone.
import { readdirSync, readFileSync } from "node:fs";
import { getPriority } from "node:os";
import { expect, test } from "vitest";
import { makeSandbox } from "#server/sandbox/pool.ts";

/** The nice value of each thread of this process, by its id: field 19 of proc_pid_stat(5). */
function niceOfThreads(): Map<string, number> {
  const read = (id: string) => {
    const fields = readFileSync(`/proc/self/task/${id}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return Number(fields[16]);
  };
  return new Map(readdirSync("/proc/self/task").map((id) => [id, read(id)]));
}

test.runIf(process.platform === "linux")(
  "a thread that runs user code is nicer than the one that started it",
  async () => {
    const before = niceOfThreads();
    const own = getPriority();
    const sandbox = makeSandbox();
    try {
      const request = { method: "POST", path: "/", query: {}, headers: {}, created_at: "2026-01-01T00:00:00.000Z" };
      const result = await sandbox.run({ teamId: "tm_a", code: "return request;", env: {}, request });
      expect(result).toMatchObject({ kind: "returned" });
      const started = [...niceOfThreads()].filter(([id]) => !before.has(id)).map(([, nice]) => nice);
      expect(Math.max(...started)).toBeGreaterThan(own);
      expect(getPriority()).toBe(own);
    } finally {
      await sandbox.close();
    }
  },
);
